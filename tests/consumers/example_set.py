"""A small set with all that an export must carry over: splits, twins, visual negatives, texts that speak of seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from schemas.clip import Clip, Frame
from schemas.pair import Pair
from schemas.video import Split
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from tests.finished import Whole, store, write_set
from tests.planted_sets import planted_set

LARGE, TIMED, PLAIN, HELD_OUT = range(4)
"""The clips: 32 frames of 448 px, four a second; two a second, from 0; as `write_set` makes it; for validation. The
questions about the first two speak of seconds. To these come two clips with a mirrored twin each.
"""
_PIXELS = 448
_OTHER_FRAME = VisualNegative(
    level=VisualLevel.PERCEPTIVE, kind=VisualKind.OTHER_FRAME, preferred_frame_index=4, frame_index=0
)


@dataclass(frozen=True)
class Example(Whole):
    """The set and its pairs."""

    pairs: tuple[Pair, ...]

    def pair(self, pair_id: str) -> Pair:
        """The pair of that id."""
        return next(pair for pair in self.pairs if pair.pair_id == pair_id)


def example_set(folder: Path) -> Example:
    """Write the set below a folder."""
    made = write_set(folder / "drawn", videos=4)
    clips = list(made.clips)
    clips[LARGE] = _with_frames(clips[LARGE], [_noise(seed) for seed in range(32)], seconds_apart=0.25)
    clips[TIMED] = _with_frames(clips[TIMED], [frame.jpeg for frame in clips[TIMED].frames], seconds_apart=0.5)
    about = {clip.video_id: number for number, clip in enumerate(clips)}
    pairs = [_asked(pair, about[pair.video_id]) for video in made.finalised.videos for pair in video.pairs()]
    twins, more = planted_set(folder / "planted", videos=2)
    with_twins = [Clip.model_validate(row) for part in twins.tables("clips") for row in part.to_pylist()]
    pairs += more
    clips += with_twins
    groups = len({pair.group_id for pair in pairs})
    manifest = store(folder / "set", pairs, clips, [], questions=groups)
    return Example(folder / "set", made.finalised, tuple(clips), manifest, tuple(pairs))


def _asked(pair: Pair, number: int) -> Pair:
    changed: dict[str, object] = {}
    if number in (LARGE, TIMED):
        changed["question"] = f"After two seconds: {pair.question}"
    if number == PLAIN:
        changed["visual_negatives"] = (*pair.visual_negatives, _OTHER_FRAME)
    if number == HELD_OUT:
        changed["split"] = Split.VALIDATION
    return pair.model_copy(update=changed)


def _with_frames(clip: Clip, jpegs: Sequence[bytes], seconds_apart: float) -> Clip:
    frames = tuple(Frame(pts_seconds=seconds_apart * number, jpeg=jpeg) for number, jpeg in enumerate(jpegs))
    return clip.model_copy(update={"frames": frames})


def _noise(seed: int) -> bytes:
    blocks = np.random.default_rng(seed).integers(0, 256, (14, 14, 3), dtype=np.uint8)
    picture = cv2.resize(blocks, (_PIXELS, _PIXELS), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", picture)[1].tobytes()
