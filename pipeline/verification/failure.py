"""One thing that is wrong with a finished set."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SetFailure:
    """A problem and the item that has it; as text it is one line."""

    item: str
    """A table, a shard, `SHARD row NUMBER`, `clip ID`, `pair ID`, `group ID`, `video ID`, `account` or
    `dataset.json`.
    """
    problem: str

    def __str__(self) -> str:
        return f"{self.item}: {self.problem}"
