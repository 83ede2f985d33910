"""Questions with a right answer that a program can tell, for trainers with verifiable rewards: proofs are rewards."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.export.format import ExportFormat, Finished, FormatOptions
from pipeline.export.formats.question_rows import TRAINERS, TrlQuestions
from pipeline.export.formats.shown_as_video import refuse_marks
from pipeline.export.left_out import LeftOutError, LeftOutReason
from pipeline.export.question import ExportQuestion, Medium
from pipeline.export.rewards.file import rewards_py
from pipeline.export.row import ExportRow, Unmade
from pipeline.export.row_sink import RowSink
from pipeline.export.times import refuse_times
from pipeline.export.token_bound import length_limit
from pipeline.export.verifiable.boxes import box
from pipeline.export.verifiable.choices import choice
from pipeline.export.verifiable.intervals import interval
from pipeline.export.verifiable.question import VerifiableQuestion
from schemas.pair import Grounds


class Questions(ExportFormat):
    """Every proven group as a multiple-choice question, and intervals and boxes where claims hold them."""

    name = "questions"
    consumer = "trainers with verifiable rewards"
    media = (Medium.FRAMES, Medium.VIDEO)
    options = frozenset({"times", "none_of_these", "trainer"})
    trainers = tuple(TRAINERS)

    def __init__(self, out: Path, medium: Medium, chosen: FormatOptions) -> None:
        """Choose the rows of the trainer that is asked for."""
        super().__init__(out, medium, chosen)
        self._rows = TRAINERS[chosen.trainer or self.trainers[0]](out, medium, chosen)
        self._asked: set[tuple[str, str]] = set()
        """Visuals with the questions about intervals and boxes that were asked of them."""

    @classmethod
    def media_for(cls, chosen: FormatOptions) -> tuple[Medium, ...]:
        """What the trainer reads."""
        return TRAINERS.get(chosen.trainer or cls.trainers[0], TrlQuestions).media

    @property
    def folder_per_split(self) -> bool:
        """As the trainer reads it."""
        return self._rows.folder_per_split

    def rows(self, question: ExportQuestion) -> Iterator[ExportRow | Unmade]:
        """The choice, and an interval and a box where they are known and not asked yet of what is shown."""
        if any(pair.grounds is not Grounds.PROVEN for pair in question.pairs):
            raise LeftOutError(LeftOutReason.NOT_PROVEN)
        refuse_marks(question.pairs)
        seed = self.chosen.seed
        yield self._row(question, choice(question.pairs, seed, none_of_these=self.chosen.none_of_these))
        for more in (interval(question, seed), box(question, self.medium)):
            if more is None or (question.visual.visual_id, more.truth) in self._asked:
                continue
            self._asked.add((question.visual.visual_id, more.truth))
            try:
                if more.speaks_of_seconds:
                    refuse_times(question.visual.seconds, self)
                yield self._row(question, more)
            except LeftOutError as error:
                yield Unmade(more.kind.value, error.reason)

    def _row(self, question: ExportQuestion, asked: VerifiableQuestion) -> ExportRow:
        first, pair_ids = question.first, tuple(pair.pair_id for pair in question.pairs)
        values = self._rows.values(question, asked, f"{first.group_id}-{asked.kind.value}")
        tokens = self._rows.tokens(question, asked.text)
        return ExportRow(question.split, pair_ids, values, tokens, question.visual.count, kind=asked.kind.value)

    def believed_seconds(self, seconds: Sequence[float]) -> Sequence[float] | None:
        """As the trainer believes."""
        return self._rows.believed_seconds(seconds)

    def times_said(self) -> str:
        """As the trainer believes."""
        return self._rows.times_said()

    def sink(self, folder: Path) -> RowSink:
        """Where the trainer reads rows."""
        return self._rows.sink(folder)

    def finish(self, folder: Path, finished: Finished) -> None:  # noqa: ARG002 rewards do not depend on the rows
        """Write rewards.py in the trainer's own signature."""
        (folder / "rewards.py").write_text(rewards_py(self._rows.rewards), encoding="utf-8")

    def command(self, finished: Finished) -> str:
        """The trainer's own command."""
        return self._rows.command(finished, length_limit(finished.longest_tokens))
