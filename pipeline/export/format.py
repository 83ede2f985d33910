"""What a consumer needs: the base of all formats."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pipeline.export.question import ExportQuestion, Medium
from pipeline.export.row import ExportRow, Unmade
from pipeline.export.row_sink import JsonLines, RowSink
from pipeline.export.token_bound import text_tokens, visual_tokens
from schemas.pair import Pair
from schemas.video import Split
from schemas.visual_negative import VisualLevel, VisualNegative


@dataclass(frozen=True)
class FormatOptions:
    """What the user asks of one format; a format refuses what it does not know."""

    times: bool = False
    """Whether the time of each frame is written before it."""
    masked: bool = False
    """Whether the differing words are marked as RRPO does."""
    none_of_these: bool = False
    """Whether some questions offer "none of these"."""
    trainer: str | None = None
    """Whose row format is written, of the formats that have several."""
    seed: int = 0
    """Seed of whatever is drawn."""


@dataclass(frozen=True)
class Finished:
    """What is known once all rows are written."""

    rows: Mapping[Split, int]
    """Number of rows of each split that has any."""
    longest_tokens: int
    """The most tokens that any row can have, and at least 1."""
    most_frames: int
    """The most frames of a visual."""
    source: str
    """The set that was exported."""

    @property
    def trained(self) -> Split:
        """The split to train on: train, if it has rows."""
        return Split.TRAIN if Split.TRAIN in self.rows else min(self.rows)

    @property
    def watched(self) -> Split:
        """The split to evaluate on while training: validation, if it has rows."""
        return Split.VALIDATION if Split.VALIDATION in self.rows else self.trained


class ExportFormat(ABC):
    """A consumer's format. A new one is a subclass in `formats/`, and its place in `registry.py`."""

    name: ClassVar[str]
    """What `--to` calls it."""
    consumer: ClassVar[str]
    """What people call the consumer."""
    media: ClassVar[tuple[Medium, ...]]
    """The media that it reads, the default first."""
    options: ClassVar[frozenset[str]] = frozenset()
    """The fields of `FormatOptions` that it knows, beside `seed`."""
    trainers: ClassVar[tuple[str, ...]] = ()
    """What `trainer` may be, the default first."""
    uses_negatives: ClassVar[bool] = False
    """Whether its rows hold visual negatives; else they are left out and counted."""
    folder_per_visual: ClassVar[bool] = False
    """Whether the frames of each visual must lie in a folder of their own."""

    def __init__(self, out: Path, medium: Medium, chosen: FormatOptions) -> None:
        """Keep where the export will lie when it is finished, its medium and the options."""
        self.out, self.medium, self.chosen = out, medium, chosen

    @classmethod
    def media_for(cls, chosen: FormatOptions) -> tuple[Medium, ...]:  # noqa: ARG003 formats override it
        """The media that it reads with these options, the default first."""
        return cls.media

    @property
    def num_frames(self) -> int | None:
        """How many frames of a visual are written unless the user says so; None: all."""
        return None

    @property
    def folder_per_split(self) -> bool:
        """Whether the media of each split must lie in a folder of its name."""
        return False

    @abstractmethod
    def rows(self, question: ExportQuestion) -> Iterator[ExportRow | Unmade]:
        """The rows of a question. LeftOutError if it cannot be said in this format."""

    @abstractmethod
    def times_said(self) -> str:
        """One sentence: when the consumer believes that each frame is shown."""

    @abstractmethod
    def command(self, finished: Finished) -> str:
        """The shell command that trains on the export, with a length limit that holds its longest row."""

    def believed_seconds(self, seconds: Sequence[float]) -> Sequence[float] | None:  # noqa: ARG002 formats override it
        """When the consumer believes that each frame is shown, if they are shown at these seconds (as in
        `StoredVisual.seconds`); None if it knows no times.
        """
        return None

    def used_negatives(self, question: ExportQuestion) -> Sequence[VisualNegative]:
        """The visual negatives that the rows of a question hold, if the format uses them: the best of each level."""
        first: dict[VisualLevel, VisualNegative] = {}
        for negative in question.first.visual_negatives:
            first.setdefault(negative.level, negative)
        return tuple(first.values())

    def sink(self, folder: Path) -> RowSink:
        """Where the rows go: one file of JSON Lines for each split."""
        return JsonLines(folder)

    def finish(self, folder: Path, finished: Finished) -> None:  # noqa: B027 most formats need nothing more
        """Write what else the consumer needs into the folder, such as a card or rewards."""

    def tokens(self, question: ExportQuestion, *texts: str) -> int:
        """The most tokens of a sequence that shows the question's visual and holds these texts."""
        return visual_tokens(question.visual, self.medium) + text_tokens(*texts)

    def pair_row(self, question: ExportQuestion, pair: Pair, values: Mapping[str, Any]) -> ExportRow:
        """A row that holds one pair."""
        longer = max(pair.chosen, pair.rejected, key=text_tokens)
        tokens = self.tokens(question, pair.question, longer)
        return ExportRow(question.split, (pair.pair_id,), values, tokens, question.visual.count)
