"""A picture is recognised as a frame of a known video."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.demo.render import render
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.truth.annotations import annotations_of
from pipeline.demo.truth.scene import truth_of
from pipeline.scripted.known_clip import KnownClip
from pipeline.scripted.recognise import FrameIndex
from stages.decode import decode_frames

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[KnownClip]:
    """Two rendered clips, cut short: a thing moves in each."""
    found = []
    for world in demo_worlds(1, 11)[9:11]:
        short = world.model_copy(update={"duration_seconds": 3.0})
        path = tmp_path_factory.mktemp("known") / f"{world.name}.mp4"
        render(short, path)
        found.append(KnownClip(world.name, path, annotations_of(truth_of(short))))
    return found


@pytest.fixture(scope="module")
def index(clips: list[KnownClip]) -> FrameIndex:
    """Of both clips."""
    return FrameIndex(clips)


def _jpeg(frame_HWC: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".jpg", frame_HWC[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def _frames(clip: KnownClip) -> tuple[NDArray[np.uint8], tuple[float, ...]]:
    decoded = decode_frames(clip.path, num_frames=6)
    return decoded.frames_NHWC, decoded.pts_seconds


def test_a_frame_is_known_by_its_pixels(index: FrameIndex, clips: list[KnownClip]) -> None:
    """Of which clip and moment it is, mirrored or not, at another size; the time that is said is taken if it fits."""
    for clip in clips:
        frames_NHWC, seconds = _frames(clip)
        for frame_HWC, second in zip(frames_NHWC, seconds, strict=True):
            smaller = np.asarray(cv2.resize(frame_HWC, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA), np.uint8)
            seen = index.recognise(_jpeg(smaller), second)
            assert seen is not None
            assert (seen.clip.name, seen.seconds, seen.is_mirrored, seen.altered_SS) == (clip.name, second, False, None)
            mirrored = index.recognise(_jpeg(frame_HWC[:, ::-1]), None)
            assert mirrored is not None
            assert (mirrored.clip.name, mirrored.is_mirrored) == (clip.name, True)


def test_pictures_of_nothing_are_not_recognised(index: FrameIndex) -> None:
    """Black, noise, and bytes that are no picture."""
    noise = np.random.default_rng(0).integers(0, 255, (128, 192, 3), np.uint8)
    for picture in (_jpeg(np.zeros((96, 128, 3), np.uint8)), _jpeg(noise), b"no picture"):
        assert index.recognise(picture, 1.0) is None


def test_a_painted_place_is_noticed(index: FrameIndex, clips: list[KnownClip]) -> None:
    """A grey rectangle over a thing hides the thing, and hides nothing elsewhere."""
    clip = clips[0]
    frames_NHWC, seconds = _frames(clip)
    height, width = frames_NHWC.shape[1:3]
    thing, number, place = next(
        (thing, number, place)
        for thing in clip.things
        for number, second in enumerate(seconds)
        for place in [clip.place(thing, second)]
        if place is not None and place.area > 0.01
    )
    painted = frames_NHWC[number].copy()
    rows, columns = (
        slice(int(a * side), int(b * side))
        for a, b, side in ((place.y0, place.y1, height), (place.x0, place.x1, width))
    )
    painted[rows, columns] = 255 - painted[rows, columns]
    seen = index.recognise(_jpeg(painted), seconds[number])
    assert seen is not None, thing.phrase
    assert seen.hides(place)
    assert not seen.hides(place.mirrored()) or abs(place.x - 0.5) < 0.2


def test_a_part_of_a_frame_is_known_by_the_thing_that_it_shows(index: FrameIndex, clips: list[KnownClip]) -> None:
    """What the box of a thing cuts out shows that thing, and what its opposite cuts out, or noise, does not."""
    thing, frame_HWC, second, place = next(
        (thing, frame_HWC, second, place)
        for clip in clips
        for frame_HWC, second in zip(*_frames(clip), strict=True)
        for thing in clip.things
        for place in [clip.place(thing, second)]
        if place is not None and place.area > 0.01
    )
    height, width = frame_HWC.shape[:2]
    part = frame_HWC[int(place.y0 * height) : int(place.y1 * height), int(place.x0 * width) : int(place.x1 * width)]
    assert index.shows_part(_jpeg(part), second, thing.noun)
    assert not index.shows_part(_jpeg(255 - part), second, thing.noun)
    assert not index.shows_part(_jpeg(part), second, "guitar")
    assert not index.shows_part(b"no picture", second, thing.noun)
