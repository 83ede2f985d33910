"""Pictures of odd sizes: strips, sizes that change midway, and pixels that are not square."""

import gc
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from schemas.drop import Drop, DropReason
from schemas.interval import Interval
from stages.cut import Place, SegmentOrder, cut_frames
from stages.decode import DecodeVideo, decode_frames
from stages.payloads import DecodedClip, DecodedVideo, VideoFile
from stages.stage import read_here
from stages.video.open_video import open_video
from stages.video.pixels import PixelMaker, fitted, scaled_size
from tests.odd_videos import BLUE, Counted, decoded, dropped, joined, number_of, write
from tests.shared import NEEDS_SHARED, shared


def clips(path: Path) -> tuple[DecodedClip, ...]:
    (video,) = decoded(path)
    assert isinstance(video, DecodedVideo)
    return video.clips


def size_of(jpeg: bytes) -> tuple[int, int]:
    height, width = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[:2]
    return width, height


def two_sizes(folder: Path, suffix: str, count: int = 60) -> Path:
    """Pictures of 128 x 96 and then of 128 x 200, joined by bytes."""
    wide = write(folder / f"wide{suffix}", Counted(count))
    tall = write(folder / f"tall{suffix}", Counted(60, colour=BLUE, height=200))
    return joined(folder / f"two{suffix}", wide, tall)


@pytest.mark.video
@pytest.mark.parametrize("suffix", [".h264", ".ts"])
def test_a_clip_ends_where_the_size_changes(suffix: str, tmp_path: Path) -> None:
    """Two clips that touch, each with its 32 frames, all of the clip's own size and from its own half."""
    first, second = clips(two_sizes(tmp_path, suffix))
    assert (first.header.width, first.header.height) == (128, 96)
    assert (second.header.width, second.header.height) == (128, 200)
    assert first.header.end_seconds == second.header.start_seconds == first.header.start_seconds + 2.4
    for clip in (first, second):
        assert len(clip.frames) == 32
        shown = {size_of(frame.jpeg) for frame in (*clip.frames, *clip.analysis)}
        assert shown == {(clip.header.width, clip.header.height)}
        times = [frame.pts_seconds for frame in (*clip.frames, *clip.analysis)]
        assert clip.header.start_seconds <= min(times)
        assert max(times) < clip.header.end_seconds


@pytest.mark.video
@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_a_clip_ends_where_the_shape_of_pixels_changes(codec: str, tmp_path: Path) -> None:
    """A broadcast that goes from 4 : 3 to 16 : 9 in one frame size: 128 and then 171 pixels wide, at frame 60."""
    narrow = write(tmp_path / "narrow.ts", Counted(60, codec, pixel_aspect=Fraction(1)))
    wide = write(tmp_path / "wide.ts", Counted(60, codec, pixel_aspect=Fraction(4, 3)))
    first, second = clips(joined(tmp_path / "both.ts", narrow, wide))
    assert [clip.header.width for clip in (first, second)] == [128, 171]
    assert first.header.end_seconds - first.header.start_seconds == pytest.approx(2.4)
    assert second.header.end_seconds - second.header.start_seconds == pytest.approx(2.4)


@pytest.mark.video
def test_a_piece_that_is_too_short_is_a_drop_of_its_own(tmp_path: Path) -> None:
    """0.8 s before the size changes: the rest is a clip, and what came before is counted."""
    video, drop = decoded(two_sizes(tmp_path, ".ts", count=20))
    assert isinstance(video, DecodedVideo)
    assert isinstance(drop, Drop)
    assert [clip.header.height for clip in video.clips] == [200]
    assert (drop.reason, drop.measured, drop.limit) == (DropReason.TOO_SHORT, pytest.approx(0.8), 2.0)


@pytest.mark.video
def test_long_pieces_are_cut_and_what_is_over_the_most_is_counted(tmp_path: Path) -> None:
    """Windows of 1 s cut each piece of 2.4 s; of 2 clips that stay, the rest is at least 2 + 3 more."""
    stage = DecodeVideo(max_clip_seconds=1.0, max_clips=2, min_duration_seconds=0.2, min_frames=2)
    video, drop = stage.process(VideoFile(two_sizes(tmp_path, ".ts"), "ab" * 32), read_here, np.random.default_rng(0))
    assert isinstance(video, DecodedVideo)
    assert isinstance(drop, Drop)
    assert [clip.header.height for clip in video.clips] == [96, 96]
    assert drop.reason is DropReason.OVER_MAX_CLIPS
    assert drop.measured is not None
    assert drop.measured >= 2 + 3


@pytest.mark.video
def test_segments_keep_their_own_size(tmp_path: Path) -> None:
    """Frames cut from both sides of the change have the size of their side."""
    path = two_sizes(tmp_path, ".h264")
    places = (
        Place("ab-000", Interval(start_seconds=0.0, end_seconds=2.4)),
        Place("ab-001", Interval(start_seconds=2.4, end_seconds=4.8)),
    )
    cut = cut_frames(SegmentOrder(VideoFile(path, "ab" * 32), places, 8, 448, 90))
    assert [{size_of(frame.jpeg) for frame in cut[place].frames} for place in places] == [{(128, 96)}, {(128, 200)}]


@pytest.mark.video
def test_frames_of_another_size_are_fitted_not_squeezed(tmp_path: Path) -> None:
    """A taller picture in an array of one size keeps its proportions, between black borders."""
    frames_NHWC = decode_frames(two_sizes(tmp_path, ".h264"), at_seconds=[0.0, 3.0]).frames_NHWC
    assert frames_NHWC.shape == (2, 96, 128, 3)
    # 128 x 200 within 128 x 96 is 61 wide
    columns = np.flatnonzero(frames_NHWC[1, 48].max(axis=1) > 40)
    assert columns[-1] - columns[0] + 1 == pytest.approx(61, abs=2)


def test_fitting_leaves_a_picture_of_the_size_alone() -> None:
    """The same memory comes back; a smaller one of the same proportions fills the size."""
    pixels = np.full((4, 8, 3), 9, np.uint8)
    assert fitted(pixels, (8, 4)) is pixels
    assert (fitted(pixels, (16, 8)) == 9).all()


@pytest.mark.video
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts", ".mpg"])
@pytest.mark.parametrize(("aspect", "size"), [(Fraction(3, 2), (192, 96)), (Fraction(2, 3), (128, 144))])
def test_pixels_that_are_not_square_are_stretched(
    suffix: str, aspect: Fraction, size: tuple[int, int], tmp_path: Path
) -> None:
    """Frames and header have the width and height that players show: the side that is too short is stretched."""
    codec = "libx264" if suffix != ".mpg" else "mpeg2video"
    if codec == "mpeg2video":  # it states the aspect of the whole picture: 4:3 or 16:9
        aspect, size = (Fraction(4, 3), (171, 96)) if aspect > 1 else (Fraction(1), (128, 96))
    path = write(tmp_path / f"clip{suffix}", Counted(60, codec, pixel_aspect=aspect))
    (clip,) = clips(path)
    assert (clip.header.width, clip.header.height) == size
    assert {size_of(frame.jpeg) for frame in (*clip.frames, *clip.analysis)} == {size}
    (eleventh,) = decode_frames(path, at_seconds=[clip.header.start_seconds + 0.441]).frames_NHWC
    assert eleventh.shape[1::-1] == size
    assert number_of(cv2.resize(eleventh, (128, 96))) == 11


@pytest.mark.video
def test_frames_are_freed_as_they_are_used(tmp_path: Path) -> None:
    """Large pictures must not wait for the garbage collector: of 50 frames made upright, at most 4 are alive."""
    path = write(tmp_path / "clip.mp4", Counted())
    gc.collect()
    gc.disable()
    try:
        with open_video(path) as video:
            maker = PixelMaker(48)
            for _, frame in video.frames(range(50)):
                maker.upright(frame, video.display(frame))
            alive = sum(type(thing) is VideoFrame and thing.width == 128 for thing in gc.get_objects())
    finally:
        gc.enable()
    assert 1 <= alive <= 4


@pytest.mark.parametrize(
    ("native", "scaled"),
    [
        ((1920, 1080), (427, 240)),
        ((960, 240), (960, 240)),
        ((16, 1600), (16, 1600)),
        # 4 * 240 * 240 pixels: sides of 240 * sqrt(4 / 20) = 107.3 and 20 times that
        ((32_760, 1638), (2147, 107)),
        ((1, 32_767), (1, 32_767)),
        ((16, 32_767), (11, 21_722)),
    ],
)
def test_scaled_sizes(native: tuple[int, int], scaled: tuple[int, int]) -> None:
    """Up to 4 : 1 the short side is 240; longer strips have no more pixels than one of 4 : 1."""
    assert scaled_size(*native, 240) == scaled


@pytest.mark.video
@pytest.mark.parametrize(("width", "height"), [(32_766, 16), (16, 32_766)])
def test_sides_up_to_32767_are_decoded(width: int, height: int, tmp_path: Path) -> None:
    """The longest strips become clips of few pixels a frame."""
    path = write(
        tmp_path / "strip.avi", Counted(10, "mjpeg", 5, b_frames=0, width=width, height=height, pixel_format="yuvj420p")
    )
    (clip,) = clips(path)
    assert (clip.header.width, clip.header.height) == (width, height)
    shown_width, shown_height = size_of(clip.analysis[0].jpeg)
    assert shown_width * shown_height <= 4 * 240 * 240 * 1.1


@pytest.mark.video
def test_a_picture_of_few_pixels_is_a_drop(tmp_path: Path) -> None:
    """8 pixels of 16 across: nothing can be found in it."""
    drop = dropped(write(tmp_path / "thin.mkv", Counted(60, "ffv1", b_frames=0, width=128, height=8)))
    assert (drop.reason, drop.measured, drop.limit) == (DropReason.TOO_SMALL, 8, 16)


@NEEDS_SHARED
@pytest.mark.parametrize(("name", "size"), [("tall_16x1600.mp4", (16, 1600)), ("wide_1600x16.mp4", (1600, 16))])
def test_case_of_a_strip(name: str, size: tuple[int, int]) -> None:
    """Each strip becomes one clip, its frames in native size."""
    (clip,) = clips(shared("cases", "strips", name))
    assert (clip.header.width, clip.header.height) == size
    assert size_of(clip.analysis[0].jpeg) == size
