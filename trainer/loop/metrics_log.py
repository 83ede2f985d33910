"""The numbers of a run as JSON lines. Each line is flushed to the disk; a kill neither loses nor doubles one."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import OutputError
from trainer.atomic_file import write_whole

Value = float | int | str | bool | None
STEP = "step"
METRICS = "metrics.jsonl"
"""The file, in the --out of a training."""


@dataclass(frozen=True)
class MetricsLog:
    """One file, to which one process appends at a time."""

    path: Path

    @classmethod
    def resume(cls, path: Path, step: int) -> "MetricsLog":
        """Open the log of a run that resumes after `step`: lines of later steps are removed, for step 0 all of them.

        They will be written again, so a run that was killed leaves the same log as one that was not. An incomplete
        last line is removed too.

        Raises:
            OutputError: a line before the last is not a record of a step.
        """
        log = cls(path)
        if path.exists():
            kept = [line for line, record in log._lines() if step and _step_of(record) <= step]
            write_whole(path, b"".join(kept))
        return log

    def append(self, step: int, numbers: Mapping[str, Value]) -> None:
        """Add one line.

        Raises:
            ValueError: a number that JSON does not have: NaN or infinity.
        """
        line = json.dumps({STEP: step, **numbers}, allow_nan=False) + "\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as stream:
            stream.write(line.encode())
            stream.flush()
            os.fsync(stream.fileno())

    def read(self) -> list[dict[str, Value]]:
        """All records, without an incomplete last line. OutputError as in `resume`."""
        return [record for _, record in self._lines()] if self.path.exists() else []

    def _lines(self) -> Iterator[tuple[bytes, dict[str, Value]]]:
        """Complete lines with their records."""
        lines = self.path.read_bytes().splitlines(keepends=True)
        for number, line in enumerate(lines, 1):
            record = _record(line)
            if record is not None:
                yield line, record
            elif number < len(lines):
                raise OutputError(
                    f"{self.path}, line {number}, is not a record of a step; delete the line and run again"
                )


def _record(line: bytes) -> dict[str, Value] | None:
    """The record on a line; None if the line is incomplete or is not a record."""
    try:
        record = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get(STEP), int) else None


def _step_of(record: Mapping[str, Value]) -> int:
    return int(record[STEP] or 0)
