"""The reference's scores on disk, named by content: it scores each group once, not every epoch.

Axes: K answer, T answer token, D hidden size. An entry is one visual with one question and its K answers. Two things
guard it: its name, the hash of everything that may change its numbers, and one file that says whose cache this is.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch
import transformers
from peft.tuners.tuners_utils import BaseTunerLayer
from peft.utils import ModulesToSaveWrapper
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from schemas.errors import OutputError, RecipeError
from schemas.problems import one_line
from schemas.record import Record
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily
from stages.models.video_llm.score import Scores
from trainer.atomic_file import write_whole

IDENTITY_FILE = "reference.json"
_SHA256 = "vidpref_sha256"
"""Metadata of an entry: the hash of its name and content, so that neither damage nor a wrong place passes for it."""


class ReferenceIdentity(Record):
    """The properties that all entries of one cache share."""

    family: str
    """Architecture, by transformers' name."""
    checkpoint: str
    """SHA-256 of weights, processor configuration and version of transformers: `ModelFamily.identity`."""
    transformers: str
    """Version of transformers: scores differ between versions."""
    dtype: str
    """Type of the computation."""
    start: str | None = None
    """SHA-256 of the adapter that is on, if the training goes on from one."""

    @classmethod
    def of(cls, family: ModelFamily, dtype: torch.dtype, start: str | None = None) -> Self:
        """The identity of the model that `family` loads in `dtype`, with the adapter `start`."""
        return cls(
            family=family.name,
            checkpoint=family.identity,
            transformers=transformers.__version__,
            dtype=str(dtype).removeprefix("torch."),
            start=start,
        )


@dataclass(frozen=True)
class ReferenceCache:
    """A folder of entries made by one reference. Several processes may share it."""

    folder: Path
    identity: ReferenceIdentity

    @classmethod
    def open(cls, folder: Path, identity: ReferenceIdentity) -> "ReferenceCache":
        """The cache in `folder`, created if there is none.

        Raises:
            OutputError: another reference filled it, or it cannot be read or written.
        """
        file = folder / IDENTITY_FILE
        with _disk_error_explained(file):
            if not file.exists():
                write_whole(file, identity.model_dump_json(indent=1).encode())
            found = file.read_text()
        _refuse_other(file, _parsed(file, found), identity)
        return cls(folder, identity)

    def get(self, encoded: EncodedGroup, hidden_of: Collection[int] = ()) -> Scores | None:
        """The entry, on the CPU; None if there is none, or none with these hidden states.

        Args:
            encoded: the group.
            hidden_of: answers whose hidden states are needed; those of the others are NaN.

        Raises:
            OutputError: the entry is damaged, or was made from something else.
        """
        file = self.path(encoded)
        if not file.exists():
            return None
        tensors = _read(file)
        if any(f"hidden{k}" not in tensors for k in hidden_of):
            return None
        return _scores(file, tensors, encoded.answer_lengths, hidden_of)

    def put(self, encoded: EncodedGroup, scores: Scores, hidden_of: Collection[int] = ()) -> Scores:
        """Write an entry atomically, replacing an older one; returns what `get` will return.

        Raises:
            ValueError: the scores belong to other answers, or lack hidden states.
            OutputError: the entry cannot be written.
        """
        if scores.lengths_K.tolist() != list(encoded.answer_lengths):
            raise ValueError(f"{scores.lengths_K.tolist()} scored tokens of answers of {encoded.answer_lengths}")
        file, tensors = self.path(encoded), dict(_tensors(scores, hidden_of))
        with _disk_error_explained(file):
            write_whole(file, save(tensors, {_SHA256: _hash(file.name, tensors)}))
        return _scores(file, tensors, encoded.answer_lengths, hidden_of)

    def path(self, encoded: EncodedGroup) -> Path:
        """The file of a group's entry: its name is the SHA-256 of the reference, the frames and all token ids."""
        ids = (encoded.prompt_ids_P, *encoded.answer_ids)
        parts = (self.identity.model_dump_json(), encoded.vision_key, *map(_ids_hash, ids))
        name = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return self.folder / name[:2] / f"{name}.safetensors"


def refuse_changed_head(model: nn.Module) -> None:
    """Hidden states are kept to go through lm_head later: it must be the reference's own and stay so.

    Args:
        model: bare or under peft, as it is trained.

    Raises:
        RecipeError: lm_head carries an adapter or is trained.
    """
    named = [(name, module) for name, module in model.named_modules() if name.split(".")[-1] == "lm_head"]
    for name, module in named:
        adapted = isinstance(module, BaseTunerLayer | ModulesToSaveWrapper)
        if adapted or any(parameter.requires_grad for parameter in module.parameters()):
            raise RecipeError(
                f"{name} {'carries an adapter' if adapted else 'is trained'}, but the KL to the reference is computed "
                "through it; it must stay as it is: try --set loss.vista.tokens=0 and --set loss.anchor_kl=0"
            )


def _tensors(scores: Scores, hidden_of: Collection[int]) -> Iterator[tuple[str, Tensor]]:
    """The tensors of an entry: the T_k log-probabilities of answer k, and its (T_k, D) hidden states if needed."""
    at_least = torch.promote_types(scores.logprobs_KT.dtype, torch.float32)
    for k, mask_T in enumerate(scores.mask_KT):
        yield f"logprobs{k}", scores.logprobs_KT[k][mask_T].detach().to("cpu", at_least).contiguous()
        if k in hidden_of:
            if scores.hidden_KTD is None:
                raise ValueError(f"hidden states of answers {sorted(hidden_of)} are needed, but none were made")
            yield f"hidden{k}", scores.hidden_KTD[k][mask_T].detach().cpu().contiguous()


def _scores(file: Path, tensors: Mapping[str, Tensor], lengths: tuple[int, ...], hidden_of: Collection[int]) -> Scores:
    """The scores of an entry, padded as `score` pads them."""
    logprobs = [tensors.get(f"logprobs{k}", torch.empty(0)) for k in range(len(lengths))]
    if tuple(map(len, logprobs)) != lengths:
        raise _damaged(file, f"{tuple(map(len, logprobs))} tokens, not {lengths}")
    mask_KT = torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]
    padded_KT = pad_sequence(logprobs, batch_first=True)
    if not hidden_of:
        return Scores(padded_KT, mask_KT)
    example_TD = tensors[f"hidden{min(hidden_of)}"]
    unknown = [example_TD.new_full((length, example_TD.shape[-1]), float("nan")) for length in lengths]
    hidden = [tensors[f"hidden{k}"] if k in hidden_of else unknown[k] for k in range(len(lengths))]
    return Scores(padded_KT, mask_KT, pad_sequence(hidden, batch_first=True))


def _read(file: Path) -> dict[str, Tensor]:
    try:
        with safe_open(file, "pt") as stream:
            metadata = stream.metadata() or {}
            tensors = {name: stream.get_tensor(name) for name in stream.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError) as error:
        raise _damaged(file, one_line(error)) from error
    if metadata.get(_SHA256) != _hash(file.name, tensors):
        raise _damaged(file, "its name or its content has changed")
    return tensors


def _parsed(file: Path, text: str) -> ReferenceIdentity:
    try:
        return ReferenceIdentity.model_validate_json(text)
    except ValidationError as error:
        raise _damaged(file, f"it holds no {ReferenceIdentity.__name__}") from error


def _refuse_other(file: Path, found: ReferenceIdentity, wanted: ReferenceIdentity) -> None:
    """Raise OutputError with every difference."""
    held, asked = (json.loads(record.model_dump_json()) for record in (found, wanted))
    different = [f"{name} {held[name]!r}, now {asked[name]!r}" for name in asked if held[name] != asked[name]]
    if different:
        raise OutputError(
            f"{file} belongs to another reference: {'; '.join(different)}; delete {file.parent} and run again"
        )


def _damaged(file: Path, what: str) -> OutputError:
    return OutputError(f"{file} of the reference cache is damaged ({what}); delete it and run again")


@contextmanager
def _disk_error_explained(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{file}: {error.strerror or error}; free some space or give another --out") from error


def _ids_hash(ids: Tensor) -> str:
    return hashlib.sha256(ids.detach().cpu().to(torch.int64).numpy().tobytes()).hexdigest()


def _hash(file_name: str, tensors: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256(file_name.encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
