"""ms-swift and LLaMA-Factory read every row of an export, in full, at the times that the export says they believe."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from pipeline.export.format import FormatOptions
from pipeline.export.registry import format_of
from pipeline.export.times import BELIEVED_SECONDS, names_seconds
from tests.consumers.example_set import Example
from tests.consumers.interpreters import NEEDS_CONSUMERS, answer
from tests.pipeline.export.exporting import exported, lines

pytestmark = [pytest.mark.consumers, pytest.mark.process, pytest.mark.video, pytest.mark.slow(30), NEEDS_CONSUMERS]
PROGRAMS = {"ms-swift": ("ms_swift", "swift"), "llama-factory": ("llama_factory", "llamafactory-cli")}
"""The interpreter and the program of each format."""
_LIMITS = ("--max_length", "--cutoff_len")
_ROUNDED = 0.051
"""Qwen3-VL writes tenths of seconds."""


@pytest.mark.parametrize(
    ("to", "media", "times"),
    [
        ("ms-swift", "frames", False),
        ("ms-swift", "video", False),
        ("llama-factory", "frames", False),
        ("llama-factory", "video", False),
        ("llama-factory", "frames", True),
    ],
)
def test_the_printed_command_loads_every_row(
    to: str, media: str, times: bool, example: Example, models: dict[str, Path], tmp_path: Path
) -> None:
    """As many rows as were written, none cut off, both answers whole, and frames at the times that are believed.

    The longest rows show 32 frames of 448 px. Every byte of a text is a token here, so that no tokenizer makes more.
    """
    out = tmp_path / "an export"
    account = exported(example, out, to=to, media=media, format={"times": times})
    written = lines(out / "train.jsonl")
    (tmp_path / "run").mkdir()
    said = answer(*PROGRAMS[to], account.command, tmp_path / "run", models)
    words = shlex.split(account.command.strip("()"))
    [limit] = [int(words[words.index(flag) + 1]) for flag in _LIMITS if flag in words]
    target = format_of(to, out, media, FormatOptions(times=times))
    for kind, encoded in said.items():
        assert len(encoded) == len(written) == account.rows["train"]
        assert max(side["tokens"] for row in encoded for side in row.values()) <= limit
        for row, seen in zip(written, encoded, strict=True):
            _check_texts(row, seen)
            seconds = _seconds(row["pair_id"], example)
            if times:
                stamps = re.findall(r"([\d.]+) s:", seen["chosen"]["text"])
                assert [float(stamp) for stamp in stamps] == pytest.approx(seconds, abs=_ROUNDED)
            elif not _is_visual(row):
                _check_times(kind, seen["chosen"], target.believed_seconds(seconds) or (), seconds)


def _check_texts(row: dict[str, Any], seen: dict[str, Any]) -> None:
    """Both sides say what was written, and each is trained on its own answer."""
    for side in ("chosen", "rejected"):
        asked, said = _said(row, side)
        assert asked in seen[side]["text"]
        assert seen[side]["answer"].startswith(f"{said}<|im_end|>")
    if _is_visual(row):
        assert seen["chosen"]["brightness"] != seen["rejected"]["brightness"]


def _said(row: dict[str, Any], side: str) -> tuple[str, str]:
    """The question, without what is shown before it, and the answer."""
    if "conversations" in row:
        asked, said = row["conversations"][0]["value"], row[side]["value"]
    else:
        asked, said = (message["content"] for message in row["messages" if side == "chosen" else "rejected_messages"])
    return asked.rpartition(">")[2], said


def _is_visual(row: dict[str, Any]) -> bool:
    """Whether the row rejects what is shown, and not an answer."""
    return row.get("messages") is not None and row["messages"] == row["rejected_messages"]


def _seconds(pair_id: str, example: Example) -> list[float]:
    """When the frames that the pair shows are shown."""
    clips = {clip.clip_id: clip for clip in example.clips}
    clip = clips[example.pair(pair_id).clip_id]
    return [frame.pts_seconds - clip.start_seconds for frame in clip.frames]


def _check_times(kind: str, seen: dict[str, Any], believed: Sequence[float], seconds: Sequence[float]) -> None:
    """The processor's times are those that we expect; if the text speaks of seconds, they are the true ones.

    Two frames share a place: Qwen2.5-VL is told how far apart places are, Qwen3-VL the mean time of each.
    """
    twos = [slice(first, first + 2) for first in range(0, len(believed), 2)]
    [[places, _, _]] = seen["grids"]
    assert places == len(twos)
    if kind == "qwen2_5_vl":
        [apart] = seen["seconds_per_grid"]
        given = [place * apart for place in range(places)]
        expected, true = ([times[two][0] for two in twos] for times in (believed, seconds))
    else:
        given = [float(stamp) for stamp in re.findall(r"<([\d.]+) seconds>", seen["text"])]
        expected, true = ([mean(times[two]) for two in twos] for times in (believed, seconds))
    assert given == pytest.approx(expected, abs=_ROUNDED)
    if names_seconds([seen["text"].replace(" seconds>", ">")]):
        assert given == pytest.approx(true, abs=BELIEVED_SECONDS + _ROUNDED)
