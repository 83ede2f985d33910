"""Grounding keeps what was decoded and adds a scene."""

from typing import NoReturn

import cv2

from schemas.clip import Frame, UnitClip
from schemas.drop import Drop, DropReason, ItemType
from stages.ground import Ground, GroundTools
from stages.payloads import ClipHeader, DecodedClip, DecodedVideo, GroundedVideo
from stages.seeding import rng_for
from stages.stage import read_here
from stages.video.unusable import UnusableVideo
from tests.stages.motion.films import HEIGHT, WIDTH, seen, world


def _decoded() -> DecodedVideo:
    """Two seconds of a still world, starting at 3 s."""
    jpeg = cv2.imencode(".jpg", seen(world(1), 0, 0)[..., ::-1])[1].tobytes()
    frames = tuple(Frame(pts_seconds=3 + i / 10, jpeg=jpeg) for i in range(20))
    header = ClipHeader("c0", "0" * 64, "h264", WIDTH, HEIGHT, 0, 3.0, 5.0, None, 2.0)
    return DecodedVideo("0" * 64, (DecodedClip(header, frames[::5], frames),))


def _grounded() -> GroundedVideo:
    (video,) = Ground().process(_decoded(), GroundTools(read_here), rng_for(0, "ground", "c0"))
    assert isinstance(video, GroundedVideo)
    return video


def test_a_clip_keeps_its_header_and_sampled_frames_and_gains_its_scene() -> None:
    """The scene has the clip's own container times, and one measure for each of its two seconds."""
    (clip,) = _grounded().clips
    assert isinstance(clip, UnitClip)
    assert (clip.clip_id, clip.width, clip.height) == ("c0", WIDTH, HEIGHT)
    assert clip.frames == _decoded().clips[0].frames
    assert (clip.scene.start_seconds, clip.scene.end_seconds) == (3.0, 5.0)
    assert [(one.pts_seconds, one.shift_x) for one in clip.scene.measures] == [(3.0, 0.0), (4.0, 0.0)]
    assert clip.scene.tracks == ()


def test_grounding_twice_gives_equal_clips() -> None:
    """Nothing is random and nothing is remembered."""
    assert _grounded() == _grounded()


def test_a_video_whose_pixels_cannot_be_read_is_dropped_here() -> None:
    """What the reader finds unusable, such as a native crash, is the video's drop at this stage."""

    def crashes(*_: object, **__: object) -> NoReturn:
        raise UnusableVideo(DropReason.CHILD_CRASHED)

    (drop,) = Ground().process(_decoded(), GroundTools(crashes), rng_for(0, "ground", "c0"))
    assert isinstance(drop, Drop)
    assert (drop.stage, drop.reason, drop.item_type) == ("ground", DropReason.CHILD_CRASHED, ItemType.VIDEO)
