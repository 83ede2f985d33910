"""The account of an import: seen = imported + left out, for each kind of item."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from pydantic import model_validator
from rich import box
from rich.table import Table

from pipeline.importers.gather import Gathered, Said
from pipeline.importers.left_out import ImportKind, ImportReason, LeftOut
from schemas.record import Record


class ImportLine(Record):
    """What became of all items of one kind."""

    kind: ImportKind
    """The kind."""
    seen: int
    """How many the files hold."""
    imported: int
    """How many are in the manifest."""
    uncertain: int
    """How many of those that are imported are marked as uncertain, so that nothing is asked of them."""
    left_out: dict[ImportReason, int]
    """How many are not in the manifest, by reason."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.seen != self.imported + sum(self.left_out.values()):
            raise ValueError(f"{self.kind.value}: {self.seen} seen, {self.imported} imported, {self.left_out} left out")
        return self


class ImportReport(Record):
    """The account of one import."""

    source: str
    """Name of the source."""
    manifest: str
    """Where the manifest is."""
    lines: tuple[ImportLine, ...]
    """One for each kind of item that was seen."""


@dataclass
class ImportTally:
    """Counts what is seen, imported and left out."""

    seen: Counter[ImportKind] = field(default_factory=Counter)
    imported: Counter[ImportKind] = field(default_factory=Counter)
    uncertain: Counter[ImportKind] = field(default_factory=Counter)
    left_out: list[LeftOut] = field(default_factory=list)

    def see(self, gathered: Gathered) -> None:
        """Count a video and all that is said of it."""
        self.seen[ImportKind.VIDEO] += 1
        self.seen.update(said.kind for said in gathered.said)

    def keep_video(self) -> None:
        """Count a video as imported."""
        self.imported[ImportKind.VIDEO] += 1

    def keep(self, said: Said, *, certain: bool) -> None:
        """Count one thing that is said of a video as imported."""
        self.imported[said.kind] += 1
        self.uncertain[said.kind] += not certain

    def leave_out_video(self, gathered: Gathered, reason: ImportReason, detail: str | None = None) -> None:
        """Count a video, and all that is said of it, as left out."""
        first = gathered.said[0]
        self._leave_out(gathered, first, ImportKind.VIDEO, reason, detail)
        for said in gathered.said:
            self._leave_out(gathered, said, said.kind, reason, None)

    def leave_out(self, gathered: Gathered, said: Said, reason: ImportReason, detail: str | None) -> None:
        """Count one thing that is said of a video as left out."""
        self._leave_out(gathered, said, said.kind, reason, detail)

    def _leave_out(
        self, gathered: Gathered, said: Said, kind: ImportKind, reason: ImportReason, detail: str | None
    ) -> None:
        self.left_out.append(
            LeftOut(file=said.file, line=said.line, video=gathered.video.id, kind=kind, reason=reason, detail=detail)
        )

    def lines(self) -> tuple[ImportLine, ...]:
        """The account. Raises pydantic's ValidationError if it does not add up."""
        return tuple(
            ImportLine(
                kind=kind,
                seen=self.seen[kind],
                imported=self.imported[kind],
                uncertain=self.uncertain[kind],
                left_out=dict(Counter(left.reason for left in self.left_out if left.kind is kind).most_common()),
            )
            for kind in ImportKind
            if self.seen[kind]
        )


def report_table(report: ImportReport) -> Table:
    """One row for each kind of item: seen = imported + left out, with the reasons."""
    table = Table(title="What became of everything", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    has_uncertain = any(line.uncertain for line in report.lines)
    for name in ("item", "seen", "imported", *(["uncertain"] if has_uncertain else []), "left out", "reasons"):
        table.add_column(name, justify="left" if name in {"item", "reasons"} else "right")
    for line in report.lines:
        reasons = [f"{count} {reason.value}" for reason, count in line.left_out.items()]
        uncertain = [line.uncertain] if has_uncertain else []
        numbers = (line.seen, line.imported, *uncertain, sum(line.left_out.values()))
        table.add_row(line.kind.value, *map(str, numbers), "\n".join(reasons), end_section=True)
    return table
