"""What a training starts from: a model, or the adapter that an earlier training wrote, on the model that it names."""

from dataclasses import dataclass

from schemas.errors import ModelError
from schemas.policy import StartAdapter
from trainer.policy.saved_adapter import SavedAdapter
from trainer.policy.trained import trained_of


@dataclass(frozen=True)
class StartingPoint:
    """The value of --model, taken apart."""

    model: str
    """Folder or hub id of whole weights."""
    adapter: SavedAdapter | None = None
    """The adapter that the training goes on from, and that its reference keeps."""

    @classmethod
    def of(cls, given: str) -> "StartingPoint":
        """The starting point that --model names. ModelError if an adapter names no base or is not finished."""
        adapter = SavedAdapter.at(given, "--model")
        trained_of(given, "--model")
        if adapter is None:
            return cls(given)
        if adapter.base is None:
            raise ModelError(f"--model {given}: its adapter names no base model; merge it and give the merged folder")
        return cls(adapter.base, adapter)

    @property
    def record(self) -> StartAdapter | None:
        """The adapter as policy.json names it."""
        return StartAdapter(path=str(self.adapter.folder), sha256=self.adapter.sha256) if self.adapter else None
