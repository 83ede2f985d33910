"""LLaVA-Hound's trainer, and RRPO's with the differing words marked: a prompt with a chosen and a rejected answer."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.export.format import ExportFormat, Finished, FormatOptions
from pipeline.export.formats.shown_as_video import refuse_marks
from pipeline.export.question import ExportQuestion, Medium
from pipeline.export.row import ExportRow
from pipeline.export.row_sink import JsonArray, JsonLines, RowSink
from pipeline.export.token_bound import length_limit, text_tokens
from schemas.pair import Pair
from schemas.text_span import TextSpan

_HOUND_FRAMES, _HOUND_FRAME_TOKENS = 8, 257
"""LanguageBind's video tower sees 8 frames, evenly chosen."""
_RRPO_FRAME_TOKENS = 14 * 15
"""LLaVA-Video makes a grid of 14 by 14 tokens of a frame, with a line break after each row."""


class LlavaHound(ExportFormat):
    """One file of JSON Lines for each split; with `masked` one JSON array, which RRPO's trainer reads."""

    name = "llava-hound"
    consumer = "LLaVA-Hound and RRPO"
    media = (Medium.FRAMES, Medium.VIDEO)
    options = frozenset({"masked"})
    folder_per_visual = True

    @classmethod
    def media_for(cls, chosen: FormatOptions) -> tuple[Medium, ...]:
        """LLaVA-Hound's trainer reads folders of frames, its forks videos; RRPO's trainer reads videos."""
        return (Medium.VIDEO,) if chosen.masked else cls.media

    @property
    def num_frames(self) -> int | None:
        """LLaVA-Hound's tower sees 8 frames of a clip: these are written, so that nothing else is seen."""
        return None if self.chosen.masked else _HOUND_FRAMES

    def rows(self, question: ExportQuestion) -> Iterator[ExportRow]:
        """One row for each pair."""
        refuse_marks(question.pairs)
        visual = question.visual
        place = visual.video or visual.frames[0].rpartition("/")[0]
        for pair in question.pairs:
            yield self.pair_row(question, pair, _masked(pair, place) if self.chosen.masked else _plain(pair, place))

    def tokens(self, question: ExportQuestion, *texts: str) -> int:
        """The most tokens of the towers' own frames and the texts."""
        count = question.visual.count
        shown = count * _RRPO_FRAME_TOKENS if self.chosen.masked else _HOUND_FRAMES * _HOUND_FRAME_TOKENS
        return shown + text_tokens(*texts)

    def times_said(self) -> str:
        """Neither trainer tells its model times."""
        return f"{'RRPO' if self.chosen.masked else 'LLaVA-Hound'} shows frames in their order, without times"

    def sink(self, folder: Path) -> RowSink:
        """One file for each split."""
        return JsonArray(folder) if self.chosen.masked else JsonLines(folder)

    def command(self, finished: Finished) -> str:
        """The trainers' own commands, with the settings of their scripts that matter for the data."""
        out, limit, split = shlex.quote(str(self.out)), length_limit(finished.longest_tokens), finished.trained
        if self.chosen.masked:
            return (
                f"torchrun --nproc_per_node=4 train_llavavideo.py --data_path {out}/{split}.json --video_folder {out} "
                f"--model_max_length {limit} --frames_upbound {finished.most_frames} --force_sample True "
                "--model_name_or_path lmms-lab/LLaVA-Video-7B-Qwen2 --version qwen_1_5 --lora_enable True --lora_r 128 "
                "--lora_alpha 256 --loss_alpha 0.01 --loss_beta 0.1 --output_dir policy  # the rest as in "
                "scripts/llavavideo/run.sh of RRPO"
            )
        return (
            f"torchrun --nproc_per_node=8 dpo_scripts/run_dpo.py --data_path {out}/{split}.jsonl --video_folder {out} "
            f"--training_modal video --model_max_length {limit} --model_name_or_path ShareGPTVideo/LLaVA-Hound-SFT "
            "--version v1 --dpo_alpha 1.0 --beta 0.1 --gamma 0 --output_dir policy  # the rest as in "
            "dpo_scripts/train_dpo.sh of LLaVA-Hound"
        )


def _plain(pair: Pair, place: str) -> dict[str, Any]:
    return {
        "id": pair.pair_id,
        "video": place,
        "prompt": f"<video>\n{pair.question}",
        "answer": pair.chosen,
        "chosen": pair.chosen,
        "rejected": pair.rejected,
    }


def _masked(pair: Pair, place: str) -> dict[str, Any]:
    """RRPO's documentation calls the video `video`, its code `media_path`."""
    return {
        "sample_id": pair.pair_id,
        "src": pair.source or "vidpref",
        "video": place,
        "media_path": place,
        "question": f"<image>\n{pair.question}",
        "answer": pair.chosen,
        "pred": pair.rejected,
        "answer_masked": masked(pair.chosen, pair.chosen_spans),
        "pred_masked": masked(pair.rejected, pair.rejected_spans),
    }


def masked(text: str, spans: Sequence[TextSpan]) -> str:
    """The text with tags around the spans, each tag beside a blank as RRPO's trainer takes it out again.

    A blank before a span is doubled, with the tag between the two; at the start of a word the tag stands alone.
    """
    made, end = "", 0
    for span in spans:
        before = text[end : span.start]
        made += before + ("<MASK> " if before.endswith(" ") else "<MASK>") + span.of(text) + " </MASK>"
        end = span.end
    return made + text[end:]
