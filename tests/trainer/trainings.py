"""Tiny trainings for tests: a set of a few drawn clips with a visual negative at every level, a tiny checkpoint."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.dataset.finished_set import FinishedSet
from schemas.clip import Clip, Segment
from schemas.pair import Pair, RejectedKind
from schemas.policy import TrainSummary
from schemas.video import Split
from schemas.visual_negative import Shift, VisualKind, VisualNegative
from tests.finished import store, write_set
from tests.trainer.checkpoints import checkpoint
from trainer.data.joined_sets import GivenSet
from trainer.loop.session import TrainRequest
from trainer.loop.train import train
from trainer.recipe import TrainRecipe

SHIFT = Shift(shift_x=0.3, shift_y=0.0)
NEGATIVES = (
    VisualNegative(level=VisualKind.REVERSED.level, kind=VisualKind.REVERSED),
    VisualNegative(
        level=VisualKind.OTHER_SEGMENT.level,
        kind=VisualKind.OTHER_SEGMENT,
        preferred_segment_id="s0",
        segment_id="s1",
    ),
    VisualNegative(
        level=VisualKind.FILLED.level, kind=VisualKind.FILLED, preferred_frame_index=2, track_id="t0", control=SHIFT
    ),
)


def write_training_set(
    path: Path,
    videos: int = 4,
    change: Callable[[Pair], Pair] | None = None,
    change_clip: Callable[[Clip], Clip] = lambda clip: clip,
) -> Path:
    """A set whose videos are all in the training split; pairs and clips are changed before they are stored."""
    whole = write_set(path, videos)
    change = change or (lambda pair: pair)
    pairs = [change(_trained_on(pair)) for video in whole.finalised.videos for pair in video.pairs()]
    shutil.rmtree(path)
    store(
        path,
        pairs,
        [change_clip(_with_quiet_segment(clip)) for clip in whole.clips],
        [],
        questions=len({pair.group_id for pair in pairs}),
    )
    return path


def _trained_on(pair: Pair) -> Pair:
    """The pair with negatives; a set this small has no absent entity, so some wrong answers are marked irrelevant."""
    kind = RejectedKind.IRRELEVANT if pair.rejected.endswith("up.") else RejectedKind.RELEVANT
    return pair.model_copy(update={"visual_negatives": NEGATIVES, "split": Split.TRAIN, "rejected_kind": kind})


def _with_quiet_segment(clip: Clip) -> Clip:
    """The clip with a second segment: its last frame, which shows nothing, eight times."""
    frames = tuple(clip.frames[-1] for _ in range(8))
    quiet = Segment(segment_id="s1", start_seconds=9.1, end_seconds=10.0, frames=frames)
    return clip.model_copy(update={"segments": (*clip.segments, quiet)})


@functools.cache
def training_set() -> Path:
    """The set of this test session; it must not be changed."""
    folder = Path(tempfile.mkdtemp(prefix="vidpref-training-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return write_training_set(folder / "ds")


TINY: dict[str, Any] = {
    "data": {"held_out_share": 0, "num_frames": 4},
    "run": {"precision": "float32", "pairs_per_step": 6},
    "engine": {"device": "cpu", "checkpointing": False},
}
"""Settings that make a training small."""


def recipe(**sections: dict[str, Any]) -> TrainRecipe:
    """A tiny recipe with some keys of its sections replaced."""
    names = {*TINY, *sections}
    return TrainRecipe.model_validate({name: TINY.get(name, {}) | sections.get(name, {}) for name in names})


def request(out: Path, asked: TrainRecipe, family: str = "qwen2_5_vl", **fields: Any) -> TrainRequest:
    """A training of a tiny model on the session's set."""
    out.mkdir(parents=True, exist_ok=True)
    data = GivenSet(str(training_set()), FinishedSet.open(str(training_set())))
    made = TrainRequest("test", asked, str(checkpoint(family)), (data,), out)
    return replace(made, **fields)


def run(out: Path, asked: TrainRecipe, **fields: Any) -> tuple[TrainSummary, list[str]]:
    """Train; returns the printed lines too."""
    said: list[str] = []
    return train(request(out, asked, **fields), said.append), said
