"""A model looks for nouns in a rendered clip, and the file is read where something appears."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from pipeline.demo.render import render_set
from pipeline.demo.world.world import DrawnPlace, DrawnThing, Keyframe, Shape, Shot, Stay, Surface, World
from schemas.annotations import Annotations
from schemas.colour import ColourName
from schemas.errors import RecipeError
from schemas.scene import Scene
from stages.decode import DecodeVideo
from stages.ground import Ground, GroundTools
from stages.linking.frames import frames_at
from stages.models.detections import Detection, FrameDetections
from stages.payloads import DecodedVideo, GroundedVideo, VideoFile
from stages.seeding import rng_for
from stages.stage import read_here

APPEARS, GOES, FPS = 1.04, 2.4, 25
GROUND = Ground(detector="grounding_dino", nouns=("ball",))


@dataclass
class RedDetector:
    """Finds what is red, and calls it a ball."""

    shown: list[tuple[int, ...]] = field(default_factory=list)
    """The shapes of the frames of each call."""

    def detect(
        self, frames_NHWC: NDArray[np.uint8], phrases: Sequence[str], least_scores: Sequence[float]
    ) -> list[FrameDetections]:
        """One detection in each frame with red in it."""
        assert "ball" in phrases
        assert len(phrases) == len(least_scores)
        self.shown.append(frames_NHWC.shape)
        return [_red(frame.astype(int)) for frame in frames_NHWC]


def _red(frame_HWC: NDArray[np.int_]) -> FrameDetections:
    rows, columns = np.nonzero((frame_HWC[..., 0] > 130) & (frame_HWC[..., 1:].max(-1) < 90))
    if len(rows) < 9:
        return ()
    height, width = frame_HWC.shape[:2]
    corners = (columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height)
    return (Detection("ball", 0.9, 0.9, tuple(map(float, corners))),)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> VideoFile:
    """Three seconds in which a red ball stands in the middle for a while."""
    keys = (Keyframe(seconds=APPEARS, x=0.5, y=0.5, size=0.2), Keyframe(seconds=GOES, x=0.5, y=0.5, size=0.2))
    ball = DrawnThing(thing_id="t0", shape=Shape.BALL, colour=ColourName.RED, stays=(Stay(keys=keys),))
    place = DrawnPlace(surface=Surface.PLASTER, seed=1, luma=0.4)
    world = World(
        name="ball",
        scenario="appears",
        seed=1,
        width=256,
        height=144,
        fps=FPS,
        duration_seconds=3.0,
        shots=(Shot(start_seconds=0.0, place=place),),
        things=(ball,),
    )
    folder = tmp_path_factory.mktemp("part")
    render_set([world], folder, processes=1)
    return VideoFile(folder / "videos" / "ball.mp4", "0" * 64)


@pytest.fixture(scope="module")
def decoded(file: VideoFile) -> DecodedVideo:
    """Its clip, with the file."""
    [video] = DecodeVideo().clips_of(file)
    assert isinstance(video, DecodedVideo)
    return DecodedVideo.with_file(file, video)


def _scene(decoded: DecodedVideo, model: RedDetector) -> Scene:
    [video] = GROUND.process(decoded, GroundTools(read_here, model), rng_for(0, "ground", "c0"))
    assert isinstance(video, GroundedVideo)
    return Scene.model_validate(video.clips[0].scene.model_dump())


@pytest.mark.video
@pytest.mark.process
def test_every_third_analysis_frame_is_looked_at_and_further_ones_where_something_appears(
    file: VideoFile, decoded: DecodedVideo
) -> None:
    """Then at most eight further frames, two or four at each end; frames of a file are scaled, and given once."""
    model = RedDetector()
    scene = _scene(decoded, model)
    first, *further = model.shown
    assert first[0] == len(decoded.clips[0].analysis[::3])
    assert 4 <= sum(shape[0] for shape in further) <= 8
    [search] = [search for search in scene.searched if search.noun == "ball"]
    assert (search.source, len(search.frames)) == ("grounding_dino", sum(shape[0] for shape in model.shown))
    assert frames_at(file.path, [1.0, 1.001], 72).frames_NHWC.shape == (1, 72, 128, 3)


@pytest.mark.video
@pytest.mark.process
def test_the_ball_is_a_track_with_its_times_and_candidates(decoded: DecodedVideo) -> None:
    """It comes and goes within 0.1 s of when it does; its candidates are the track's; others were searched for."""
    scene = _scene(decoded, RedDetector())
    [ball] = [track for track in scene.tracks if track.label == "ball"]
    assert ball.source == "grounding_dino"
    assert abs(ball.first_seconds - APPEARS) <= 0.1
    assert abs(ball.last_seconds - GOES) <= 0.1
    middle = ball.boxes[len(ball.boxes) // 2]
    assert middle.centre == pytest.approx((0.5, 0.5), abs=0.02)
    for search in scene.searched:
        owners = {candidate.track_id for frame in search.frames for candidate in frame.candidates}
        assert owners == ({ball.track_id} if search.noun == "ball" else set())
        assert any(not frame.candidates for frame in search.frames)


def test_nothing_to_look_for_is_one_line_and_annotations_give_more() -> None:
    """Without nouns the detector is refused; the nouns of a manifest are added, unless pixels alone are looked at."""
    with pytest.raises(RecipeError, match="grounding_dino has nothing to look for"):
        Ground(detector="grounding_dino").check()
    noted = Annotations.model_validate({"objects": [{"id": "d", "noun": "Dog"}], "absent": ["cat", "c.t"]})
    assert Ground(detector="grounding_dino", nouns=("ball",)).looking_for([noted]).nouns == ("ball", "cat", "dog")
    assert Ground().looking_for([noted]).nouns == ()
    with pytest.raises(ValidationError, match="cannot be looked for"):
        Ground(nouns=("Dog.",))
