"""A detector that reads the truth of a rendered world, and is as wrong as it is told to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor

import numpy as np

from pipeline.demo.truth.scene import truth_of
from pipeline.demo.truth.visible import StretchInView, stretches_in_view
from pipeline.demo.world.world import World
from schemas.clip import Frame
from schemas.corners import Corners
from schemas.scene import OBJECT, WRITING, Scene
from stages.linking.looked import LookedAt, SearchedFor
from stages.linking.naming import NamedLinking, lay_names_over
from stages.models.detections import Detection, FrameDetections
from stages.models.detector_settings import Certainty
from stages.payloads import ClipHeader, DecodedClip
from stages.seeding import rng_for

LEAST_SIDE = 0.01
"""Boxes with a shorter side, in frame sides, are too small to be found."""
CERTAINTY = Certainty()
ANALYSIS_FPS = 10.0


@dataclass(frozen=True)
class Noise:
    """How a detector errs."""

    missed: float = 0.0
    """Share of the boxes that it misses."""
    false: float = 0.0
    """Wrong boxes for each frame and thing of the world."""
    jitter: float = 0.0
    """Standard deviation of each edge, in box sides."""
    spread: float = 0.0
    """Standard deviation of the scores."""


PERFECT = Noise()
NOISY = Noise(missed=0.1, false=0.05, jitter=0.03, spread=0.12)
"""The scores of true boxes, around 0.65, and of wrong ones, from 0.2 to 0.65, overlap."""


@dataclass(frozen=True)
class Run:
    """A stretch in which a thing is in view without interruption."""

    thing: str
    noun: str
    first: int
    """Number of its first video frame."""
    boxes: tuple[Corners, ...]
    """Its box on each video frame."""

    def at(self, frame: int) -> Corners | None:
        """Its box on a video frame."""
        return self.boxes[frame - self.first] if 0 <= frame - self.first < len(self.boxes) else None


@dataclass(frozen=True)
class Filmed:
    """A rendered world as a detector is shown it."""

    world: World
    one_noun: bool = False
    """Whether all things have one noun, "thing", or each that of its shape."""

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Every unbroken stretch in view of every thing, where it is large enough to be found."""
        return tuple(run for one in stretches_in_view(self.world) for run in _runs(one, self.world, self.one_noun))

    @cached_property
    def clip(self) -> DecodedClip:
        """The times of its sampled and analysis frames, without pixels."""
        world = self.world
        end = world.frame_count / world.fps
        header = ClipHeader("c0", "0" * 64, "h264", world.width, world.height, 0, 0.0, end, None, end)
        analysis = [floor((i + 0.5) / ANALYSIS_FPS * world.fps) / world.fps for i in range(floor(end * ANALYSIS_FPS))]
        sampled = [floor((i + 0.5) / 32 * world.frame_count) / world.fps for i in range(32)]
        return DecodedClip(header, _frames(sampled), _frames(analysis))

    @cached_property
    def pictures(self) -> Scene:
        """The true cuts and fades, and no tracks."""
        nothing = {"tracks": (), "links": (), "events": (), "tracked": (), "searched": (), "readings": ()}
        return truth_of(self.world).model_copy(update=nothing)

    @cached_property
    def moving(self) -> Scene:
        """As `pictures`, with the true tracks of all things, without their names."""
        truth = truth_of(self.world)
        tracks = tuple(t.model_copy(update={"label": OBJECT}) for t in truth.tracks if t.label != WRITING)
        ids = {track.track_id for track in tracks}
        return self.pictures.model_copy(
            update={
                "tracks": tracks,
                "links": tuple(link for link in truth.links if {link.track_a, link.track_b} <= ids),
                "events": tuple(event for event in truth.events if set(event.track_ids) <= ids),
                "tracked": truth.tracked,
            }
        )

    @property
    def nouns(self) -> tuple[str, ...]:
        """What its things are called."""
        return tuple(sorted({run.noun for run in self.runs}))

    @property
    def wanted(self) -> SearchedFor:
        """Its nouns, with the default thresholds."""
        return SearchedFor("scripted", dict.fromkeys(self.nouns, CERTAINTY))

    def looked(self, moments: Sequence[float], noise: Noise) -> LookedAt:
        """What the detector finds in the frames shown at these moments."""
        frames = [floor(moment * self.world.fps + 1e-6) for moment in moments]
        times = tuple(dict.fromkeys(min(frame, self.world.frame_count - 1) / self.world.fps for frame in frames))
        return LookedAt(times, tuple(self._found(round(moment * self.world.fps), noise) for moment in times))

    def named(self, noise: Noise, scene: Scene | None = None, config: NamedLinking | None = None) -> Scene:
        """The scene (that without tracks, if none is given) with what the detector has found laid over it."""
        moments = [frame.pts_seconds for frame in self.clip.analysis[::3]]
        return lay_names_over(
            scene or self.pictures,
            self.clip,
            self.looked(moments, noise),
            lambda further: self.looked(further, noise),
            self.wanted,
            config or NamedLinking(),
        )

    def _found(self, frame: int, noise: Noise) -> FrameDetections:
        rng = rng_for(0, f"frame {frame}", self.world.name)
        found = []
        for run in self.runs:
            missed, edges, score, false = rng.random(), rng.normal(size=4), rng.normal(), rng.random()
            place, false_score = rng.uniform(0, 0.8, 2), rng.uniform(0.2, 0.65)
            box = run.at(frame)
            if box is not None and missed >= noise.missed:
                true_score = 0.9 if not noise.spread else float(np.clip(0.65 + noise.spread * score, 0.25, 0.97))
                found.append(Detection(run.noun, true_score, true_score, _shaken(box, edges * noise.jitter)))
            if false < noise.false:
                x, y = place
                found.append(Detection(run.noun, float(false_score), float(false_score), (x, y, x + 0.15, y + 0.15)))
        return tuple(sorted(found, key=lambda one: (-one.score, one.box_xyxy_norm)))


def _runs(one: StretchInView, world: World, one_noun: bool) -> list[Run]:
    runs: list[tuple[int, list[Corners]]] = []
    for part in one.parts:
        x0, y0, x1, y1 = part.box
        box = (x0 / world.width, y0 / world.height, x1 / world.width, y1 / world.height)
        if min(box[2] - box[0], box[3] - box[1]) < LEAST_SIDE:
            continue
        if not runs or runs[-1][0] + len(runs[-1][1]) != part.index:
            runs.append((part.index, []))
        runs[-1][1].append(box)
    noun = "thing" if one_noun else one.thing.shape.value
    return [Run(one.thing.thing_id, noun, first, tuple(boxes)) for first, boxes in runs]


def _shaken(box: Corners, shifts: np.ndarray) -> Corners:
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    moved = np.clip(np.array(box) + shifts * (width, height, width, height), 0, 1)
    return (float(moved[0]), float(moved[1]), float(moved[2]), float(moved[3]))


def _frames(times: Sequence[float]) -> tuple[Frame, ...]:
    return tuple(Frame(pts_seconds=moment, jpeg=b"\xff\xd8\xff\xd9") for moment in sorted(set(times)))
