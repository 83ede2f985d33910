"""Where a loop keeps what it makes: questions, rounds, its state, its report, and the link to its best policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.rounds.state import LoopState
from schemas.errors import DatasetError, OutputError
from trainer.atomic_file import write_whole

_SET = "dataset.json"


@dataclass(frozen=True)
class RoundFolder:
    """What one round makes."""

    path: Path

    @property
    def ds(self) -> Path:
        """Its set."""
        return self.path / "ds"

    @property
    def policy(self) -> Path:
        """Its policy."""
        return self.path / "policy"

    @property
    def report(self) -> Path:
        """What is reported of it, and kept for later rounds."""
        return self.path / "report"


@dataclass(frozen=True)
class LoopFolder:
    """The --out of a loop."""

    path: Path

    @property
    def questions(self) -> Path:
        """The set whose questions are asked in every round, if the loop has built it."""
        return self.path / "questions"

    @property
    def probe(self) -> Path:
        """The rendered clips on which the judge is compared with proofs."""
        return self.path / "probe"

    @property
    def policy(self) -> Path:
        """A link to the best policy."""
        return self.path / "policy"

    def round(self, number: int) -> RoundFolder:
        """The folder of a round."""
        return RoundFolder(self.path / f"round-{number:02d}")

    def state(self) -> LoopState:
        """What is known of its rounds. OutputError if that is damaged."""
        if not self._state.is_file():
            return LoopState()
        try:
            return LoopState.model_validate_json(self._state.read_bytes())
        except (ValidationError, OSError) as error:
            raise OutputError(
                f"--out {self.path}: {self._state.name} is damaged; delete the folder or choose another --out"
            ) from error

    def keep(self, state: LoopState) -> None:
        """Write what is known of its rounds, whole or not at all."""
        write_whole(self._state, state.model_dump_json(indent=1).encode())

    def point_policy_at(self, target: Path) -> None:
        """Let `policy` name a folder; others see the old link or the new one. Relative, so that the loop can move."""
        inside = target.is_relative_to(self.path)
        named = target.relative_to(self.path) if inside else target.absolute()
        if self.policy.is_symlink() and self.policy.readlink() == named:
            return
        fresh = self.path / ".policy.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(named, target_is_directory=True)
        fresh.replace(self.policy)

    @property
    def _state(self) -> Path:
        return self.path / "rounds.json"


def rounds_with_sets(path: str) -> Iterator[int]:
    """The rounds of a loop that have a set, in order; nothing if the path is no loop on a local disk."""
    folder = LoopFolder(Path(path))
    for one in sorted(folder.path.glob("round-*")):
        number = one.name.removeprefix("round-")
        if number.isdecimal() and (folder.round(int(number)).ds / _SET).is_file():
            yield int(number)


def set_of_round(path: str, number: int | None) -> str:
    """The set of a round of a loop, by default of its last one; a path that is no loop stands for itself.

    DatasetError for a round that the loop does not have.
    """
    rounds = list(rounds_with_sets(path))
    if not rounds and number is None:
        return path
    if not rounds:
        raise DatasetError(f"{path} is no loop of rounds, or none of its sets is finished: leave --round out")
    if number is not None and number not in rounds:
        raise DatasetError(f"{path} has no set of round {number}; it has those of {', '.join(map(str, rounds))}")
    return str(LoopFolder(Path(path)).round(rounds[-1] if number is None else number).ds)
