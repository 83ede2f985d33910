"""The folder of human verdicts: one Parquet file for each reviewer, written whole or not at all."""

import fcntl
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from pipeline.dataset.finished_set import FinishedSet
from pipeline.storage.location import Location, filesystem_error
from schemas.arrow import from_table, to_table
from schemas.errors import DatasetError, OutputError, UserError
from schemas.human_verdict import HumanVerdict
from schemas.problems import one_line

T = TypeVar("T")

FOLDER = "reviews"
_REVIEWER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SUFFIX = ".parquet"


def checked_reviewer(name: str) -> str:
    """The name of a reviewer, which names a file. UserError if it cannot."""
    if not _REVIEWER.fullmatch(name):
        raise UserError(
            f"--reviewer {name!r} cannot name a file: give up to 64 letters, digits, dots, dashes and underscores, "
            "beginning with a letter or digit"
        )
    return name


class ReviewFolder:
    """The human verdicts of a set, in `reviews/` of the set or in a folder of their own."""

    def __init__(self, location: Location) -> None:
        self.location = location

    @classmethod
    def of(cls, opened: FinishedSet, address: str | None = None) -> "ReviewFolder":
        """The folder at `address`, or that of the set."""
        return cls(opened.location / FOLDER if address is None else Location.parse(address))

    def reviewers(self) -> list[str]:
        """Everyone who said something, by name. DatasetError if the folder cannot be listed."""
        try:
            names = [entry.path.rpartition("/")[2] for entry in self.location.entries()]
        except OSError as error:
            raise DatasetError(f"reviews {self.location} cannot be listed: {filesystem_error(error)}") from error
        found = (name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))
        return sorted(name for name in found if _REVIEWER.fullmatch(name))

    def read(self, reviewer: str) -> dict[str, HumanVerdict]:
        """The verdicts of one reviewer by pair id; none if there is no file. DatasetError if it is damaged."""
        place = self._place(reviewer)
        try:
            table = pq.read_table(io.BytesIO(place.read_bytes()))
            return {verdict.pair_id: verdict for verdict in from_table(HumanVerdict, table)}
        except FileNotFoundError:
            return {}
        except (OSError, pa.ArrowException, ValidationError) as error:
            hint = "move it away to begin anew"
            raise DatasetError(f"{place} holds no human verdicts: {one_line(error)}; {hint}") from error

    def all_verdicts(self) -> list[HumanVerdict]:
        """What everyone says, by reviewer and pair."""
        return [verdict for name in self.reviewers() for _, verdict in sorted(self.read(name).items())]

    def change(
        self, reviewer: str, change: Callable[[dict[str, HumanVerdict]], T]
    ) -> tuple[dict[str, HumanVerdict], T]:
        """Read what one reviewer says, let it be changed, and write it; returns it with what `change` returns.

        On a disk no other program changes it in between. An object store has no locks. OutputError, with where it may
        go instead, if it cannot be written.
        """
        try:
            with self._locked(reviewer):
                kept = self.read(reviewer)
                result = change(kept)
                self._write(reviewer, kept.values())
                return kept, result
        except OSError as error:
            raise OutputError(
                f"verdicts cannot be written to {self.location}: {filesystem_error(error)}; start again with --reviews "
                "FOLDER, a folder or address that can be written"
            ) from error

    @contextmanager
    def _locked(self, reviewer: str) -> Iterator[None]:
        """Hold the lock of a reviewer's file, after waiting for whoever has it; a program that ends has none."""
        if not self.location.is_local:
            yield
            return
        folder = Path(self.location.path)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f".{reviewer}.lock").open("a") as lock:
            with suppress(OSError):  # a shared disk that does not support locks
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, reviewer: str, verdicts: Iterable[HumanVerdict]) -> None:
        rows = sorted(verdicts, key=lambda verdict: verdict.pair_id)
        buffer = io.BytesIO()
        pq.write_table(to_table(HumanVerdict, rows), buffer, compression="zstd")
        self._place(reviewer).write_bytes(buffer.getvalue())

    def _place(self, reviewer: str) -> Location:
        return self.location / f"{reviewer}{_SUFFIX}"
