"""What became of every pair in an export: `export.json` and `left_out.jsonl`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import model_validator

from pipeline.export.left_out import REASONS, LeftOutReason
from schemas.counted import counted
from schemas.record import Record


class UnmadeRows(Record):
    """Rows that were not made of questions that have others."""

    kind: str
    """What they would have asked for."""
    reason: LeftOutReason
    count: int


class ExportAccount(Record):
    """What an export holds, and what it left out: pairs = exported + left out."""

    format: str
    """The name of the format."""
    media: str
    """Frames or video."""
    source: str
    """The set that was exported."""
    source_fingerprint: str
    """Its fingerprint."""
    options: dict[str, str]
    """What was asked for beside that, by name of the option."""
    pairs: int
    """Pairs of the set."""
    exported: int
    """Pairs that are in a row."""
    left_out: dict[LeftOutReason, int]
    """Pairs that are in none, by reason; `left_out.jsonl` names each."""
    rows: dict[str, int]
    """Rows of each split."""
    kinds: dict[str, int]
    """Rows by what they ask for."""
    unmade: tuple[UnmadeRows, ...]
    """Rows that were not made of questions that have others."""
    visuals: int
    """Clips as they are shown; each is stored once."""
    negatives: int
    """Visual negatives of the exported questions that are in a row."""
    negatives_left_out: dict[LeftOutReason, int]
    """Those that are in none, by reason."""
    times: str
    """When the consumer believes that each frame is shown."""
    longest_tokens: int
    """No sequence of a row has more tokens, whatever the tokenizer."""
    command: str
    """Trains on the export."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.pairs != self.exported + sum(self.left_out.values()):
            gone = sum(self.left_out.values())
            raise ValueError(f"{self.pairs} pairs are not {self.exported} exported and {gone} left out")
        return self

    def lines(self) -> Iterator[str]:
        """The account for people."""
        rows = ", ".join(f"{split} {count}" for split, count in self.rows.items()) or "none"
        yield f"{counted(self.exported, 'pair')} of {self.pairs} in rows: {rows}; {counted(self.visuals, 'visual')}"
        if len(self.kinds) > 1:
            yield "rows by kind: " + ", ".join(f"{kind} {count}" for kind, count in self.kinds.items())
        yield from _reasons(self.left_out, "pair")
        for unmade in self.unmade:
            yield f"{counted(unmade.count, f'{unmade.kind} question')} left out: {REASONS[unmade.reason]}"
        yield from _reasons(self.negatives_left_out, "visual negative")
        yield self.times


def _reasons(counts: Mapping[LeftOutReason, int], noun: str) -> Iterator[str]:
    for reason, count in Counter(counts).most_common():
        yield f"{counted(count, noun)} left out: {REASONS[reason]}"
