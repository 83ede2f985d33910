"""ms-swift: messages with a video, and beside them the messages and the video that are rejected."""

import shlex
from collections.abc import Iterator, Sequence

from pipeline.export.format import Finished
from pipeline.export.formats.shown_as_video import ShownAsVideo, refuse_marks
from pipeline.export.question import ExportQuestion, Medium, StoredVisual
from pipeline.export.row import ExportRow
from pipeline.export.times import speaks_of_seconds
from pipeline.export.token_bound import length_limit
from pipeline.export.two_a_second import ANY_RATE
from schemas.pair import Pair
from schemas.visual_negative import VisualLevel, VisualNegative


class MsSwift(ShownAsVideo):
    """JSON Lines. Each row says all of both sides: of rows that have a rejected answer and rows that have a rejected
    video, ms-swift fills what they lack with nulls, and quietly trains on another row instead of one with a null.
    """

    name = "ms-swift"
    consumer = "ms-swift"
    uses_negatives = True

    def rows(self, question: ExportQuestion) -> Iterator[ExportRow]:
        """One row for each pair, and one for each visual negative."""
        refuse_marks(question.pairs)
        for pair in question.pairs:
            yield self._row(pair, pair.rejected, question.visual, question.visual)
        for spec in self.used_negatives(question):
            made = question.make_negative(spec)
            yield self._row(question.first, question.first.chosen, made.preferred, made.corrupted)

    def used_negatives(self, question: ExportQuestion) -> Sequence[VisualNegative]:
        """The best of each level; a stretch or a frame alone is believed at other times than a text may speak of."""
        best = super().used_negatives(question)
        if self.chosen.times or not speaks_of_seconds(question.pairs):
            return best
        return [negative for negative in best if negative.level is VisualLevel.INSTANCE]

    def command(self, finished: Finished) -> str:
        """ms-swift's own command, run in the folder: it looks for the frames of a list nowhere else."""
        every_frame = f"FPS={ANY_RATE} " if self.medium is Medium.VIDEO else ""
        return (
            f"(cd {shlex.quote(str(self.out))} && {every_frame}swift rlhf --rlhf_type dpo "
            f"--model Qwen/Qwen2.5-VL-7B-Instruct --dataset {finished.trained}.jsonl "
            f'--max_length {length_limit(finished.longest_tokens)} --output_dir "$OLDPWD/policy")'
        )

    def _row(self, pair: Pair, rejected: str, shown: StoredVisual, instead: StoredVisual) -> ExportRow:
        """One row: the chosen answer to what is shown, and what is rejected of what is shown instead."""
        values: dict[str, object] = {"pair_id": pair.pair_id, "group_id": pair.group_id}
        for side, visual, answer in (("", shown, pair.chosen), ("rejected_", instead, rejected)):
            asked = {"role": "user", "content": self.marked(visual, pair.question)}
            values[f"{side}messages"] = [asked, {"role": "assistant", "content": answer}]
            values[f"{side}{self.column}"] = self.files(visual)
        sides = ((shown, pair.chosen), (instead, rejected))
        tokens = max(self.tokens_of(visual, pair.question, said) for visual, said in sides)
        return ExportRow(pair.split, (pair.pair_id,), values, tokens, max(shown.count, instead.count))
