"""Specs become pixels: only what a spec names changes.

The clip has 16 frames of random pixels, 96 x 64, over 8 s; a red thing moves to the right along y = 0.5.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from schemas.box import Box
from schemas.clip import Frame, Segment, UnitClip
from schemas.shown import AS_STORED, EditKind, Shown
from schemas.visual_negative import Shift, VisualKind, VisualNegative
from stages.drawing.painting import Pixels
from stages.drawing.rectangles import Rect, bordered
from stages.visuals import negatives
from stages.visuals.negatives import control_visual, negative_visual, preferred_visual
from stages.visuals.source import VisualSource
from stages.visuals.visual import Visual, decoded_jpeg
from tests.scenes import line, link, scene, track
from tests.stages.claims.groups import unit_clip

HEIGHT, WIDTH, FRAMES = 64, 96, 16
MOTION = line((0.2, 0.5), (0.6, 0.5), (0, 8), size=0.2)


def picture(frame: Frame) -> Pixels:
    """A stored frame as pixels: here every frame is stored as PNG, which loses nothing."""
    return decoded_jpeg(frame, "clip")


def decode(frames: Sequence[Frame]) -> Visual:
    """All stored frames."""
    return Visual(np.stack([picture(f) for f in frames]), np.array([f.pts_seconds for f in frames]))


def pixels(frames: Sequence[Frame]) -> list[Pixels]:
    """Stored frames, decoded."""
    return [picture(f) for f in frames]


def frame(rng: np.random.Generator, seconds: float) -> Frame:
    """A frame of random pixels."""
    pixels = rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    return Frame(pts_seconds=seconds, jpeg=cv2.imencode(".png", pixels)[1].tobytes())


def clip(name: str = "clip", seed: int = 0) -> UnitClip:
    """The clip, with a segment of its first and one of its last second."""
    rng = np.random.default_rng(seed)
    times = [0.25 + 0.5 * i for i in range(FRAMES)]
    boxes = [dict(zip(("x0", "y0", "x1", "y1"), MOTION(t), strict=True)) for t in times]
    red = track("r", MOTION, [(0, 8)], name="red")
    red = red.model_copy(update={"boxes": tuple(Box(frame_index=i, **box) for i, box in enumerate(boxes))})
    spans = {"early": (0.0, 1.0), "late": (7.0, 8.0)}
    segments = tuple(
        Segment(
            segment_id=key,
            start_seconds=start,
            end_seconds=end,
            frames=tuple(frame(rng, start + (i + 0.5) / 8) for i in range(8)),
        )
        for key, (start, end) in spans.items()
    )
    frames = tuple(frame(rng, t) for t in times)
    made = unit_clip(scene(red, seconds=8.0), name)
    return made.model_copy(update={"frames": frames, "segments": segments})


CLIP, OTHER = clip(), clip("other", seed=1)
MIRRORED, REVERSED = Shown.whole(EditKind.MIRRORED, CLIP), Shown.whole(EditKind.REVERSED, CLIP)
WAYS = pytest.mark.parametrize("shown", [AS_STORED, MIRRORED, REVERSED], ids=lambda shown: shown.name)


def source(shown: Shown = AS_STORED) -> VisualSource:
    """The clip under an edit."""
    return VisualSource(CLIP, shown, pixels)


def spec(kind: VisualKind, **fields: object) -> VisualNegative:
    """A visual negative of a kind."""
    return VisualNegative.model_validate({"level": kind.level, "kind": kind, "seed": 3, **fields})


def full(shown: Shown = AS_STORED) -> Visual:
    """The pair's own visual."""
    return source(shown).full()


def area(box: Rect, x: float = 0.0, y: float = 0.0) -> np.ndarray:
    """The pixels of a box with its border, moved by shares of the frame, as a mask."""
    inside_HW = np.zeros((HEIGHT, WIDTH), dtype=np.bool_)
    x0, y0, x1, y1 = bordered(box)
    top, left = int(np.floor(y0 * HEIGHT)) + round(y * HEIGHT), int(np.floor(x0 * WIDTH)) + round(x * WIDTH)
    height = int(np.ceil(y1 * HEIGHT)) - int(np.floor(y0 * HEIGHT))
    width = int(np.ceil(x1 * WIDTH)) - int(np.floor(x0 * WIDTH))
    inside_HW[top : top + height, left : left + width] = True
    return inside_HW


@WAYS
def test_an_edit_changes_no_pixel(shown: Shown) -> None:
    """Edited twice, a clip is as before; edited once, its columns or frames are in the opposite order."""
    once = source(shown).full()
    twice = source(Shown(edits=shown.edits * 2)).full()
    assert np.array_equal(twice.frames_NHWC, full().frames_NHWC)
    assert twice.pts_seconds == pytest.approx(full().pts_seconds)
    turned = {
        AS_STORED: full().frames_NHWC,
        MIRRORED: full().frames_NHWC[:, :, ::-1],
        REVERSED: full().frames_NHWC[::-1],
    }
    assert np.array_equal(once.frames_NHWC, turned[shown])


def test_a_reversed_clip_shows_its_last_frame_first_at_its_own_time() -> None:
    """The last frame, 0.25 s before the end, is shown 0.25 s after the start."""
    assert full(REVERSED).pts_seconds[0] == pytest.approx(0.25)


def test_reversed_and_shuffled_change_the_order_alone() -> None:
    """Every frame is there once, at the times of the others; shuffling moves runs of two frames as one."""
    backwards = negative_visual(spec(VisualKind.REVERSED), full(), source())
    assert np.array_equal(backwards.frames_NHWC, full().frames_NHWC[::-1])
    shuffled = negative_visual(spec(VisualKind.SHUFFLED), full(), source())
    order = [2 * run + i for run in negatives.shuffled_order(3) for i in range(2)]
    assert np.array_equal(shuffled.frames_NHWC, full().frames_NHWC[order])
    assert order != sorted(order)
    assert np.array_equal(shuffled.pts_seconds, full().pts_seconds)


@pytest.mark.parametrize("count", [5, 8, 12, 15])
def test_a_shuffled_video_of_any_number_of_frames_shows_what_was_proven(count: int) -> None:
    """At the time of each frame it shows the frame nearest to what the clip, shuffled in time, shows then."""
    whole = full()
    fewer = Visual(whole.frames_NHWC[:count], (np.arange(count) + 0.5) * 8.0 / count)
    shown = negative_visual(spec(VisualKind.SHUFFLED), fewer, source())
    runs = negatives.shuffled_order(3)
    for frame_HWC, pts in zip(shown.frames_NHWC, fewer.pts_seconds, strict=True):
        proven = runs[int(pts)] + pts % 1.0  # eight runs of one second
        nearest = np.abs(fewer.pts_seconds - proven).argmin()
        found = [i for i, one in enumerate(fewer.frames_NHWC) if np.array_equal(one, frame_HWC)]
        assert abs(fewer.pts_seconds[found[0]] - proven) <= abs(fewer.pts_seconds[nearest] - proven) + 1e-9


def test_black_is_black_and_noise_is_seeded() -> None:
    """All frames are 0; noise is the same for the same seed, another for another, and nothing of the clip."""
    assert not negative_visual(spec(VisualKind.BLACK), full(), source()).frames_NHWC.any()
    one, same = (negative_visual(spec(VisualKind.NOISE), full(), source()).frames_NHWC for _ in range(2))
    other = negative_visual(spec(VisualKind.NOISE, seed=4), full(), source()).frames_NHWC
    assert np.array_equal(one, same)
    assert np.mean(one == other) < 0.01 > np.mean(one == full().frames_NHWC)


@WAYS
def test_a_random_mask_covers_cells_alone_and_all_of_the_object(shown: Shown) -> None:
    """Masked pixels are 0, all others are unchanged. The object is masked on every frame, and so are about half of the
    other pixels.
    """
    whole = full(shown)
    masked = negative_visual(spec(VisualKind.RANDOM_MASK, track_id="r"), whole, source(shown)).frames_NHWC
    kept_NHW = (masked == whole.frames_NHWC).all(axis=3)
    assert not masked[~kept_NHW].any()
    assert 0.25 < kept_NHW.mean() < 0.6
    for place, kept_HW in enumerate(kept_NHW):
        index = FRAMES - 1 - place if shown is REVERSED else place
        box = source(shown).box("r", index)
        assert box is not None
        assert kept_HW[area(box)].mean() < 0.02  # a random pixel may be black


@pytest.mark.parametrize("shown", [AS_STORED, MIRRORED], ids=lambda shown: shown.name)
@pytest.mark.parametrize("kind", [VisualKind.MOVED, VisualKind.INPAINTED, VisualKind.FILLED])
def test_an_area_is_all_that_changes_and_the_control_changes_as_much_elsewhere(kind: VisualKind, shown: Shown) -> None:
    """On the static video only the object's area differs from the keyframe; if it is moved, also the area that it is
    moved to, which shows the object. The control does the same 0.3 lower.
    """
    move = {"shift_x": 0.0, "shift_y": -0.35} if kind is VisualKind.MOVED else {}
    aside = -0.28 if shown is MIRRORED else 0.28  # to where there is room for both areas
    control = Shift(shift_x=aside if kind is VisualKind.MOVED else 0.0, shift_y=0.3)
    one = spec(kind, preferred_frame_index=1, track_id="r", control=control, **move)
    keyframe = full(shown).frames_NHWC[1]
    box = source(shown).box("r", 1)
    assert box is not None
    assert np.array_equal(preferred_visual(one, full(shown), source(shown)).frames_NHWC, np.stack([keyframe] * FRAMES))
    changed = negative_visual(one, full(shown), source(shown)).frames_NHWC
    checked = control_visual(one, full(shown), source(shown))
    assert checked is not None
    for made, x, y in ((changed, 0.0, 0.0), (checked.frames_NHWC, control.shift_x, control.shift_y)):
        named_HW = area(box, x, y)
        if kind is VisualKind.MOVED:
            there_HW = area(box, x, y - 0.35)
            assert np.array_equal(made[0][there_HW], keyframe[named_HW])
            named_HW = named_HW | there_HW
        assert (made == made[0]).all()
        differs_HW = (made[0] != keyframe).any(axis=2)
        assert not (differs_HW & ~named_HW).any()
        assert differs_HW[named_HW].mean() > 0.95


def test_a_filled_area_has_one_colour() -> None:
    """Every pixel of the area has the mean of the others."""
    one = spec(VisualKind.FILLED, preferred_frame_index=1, track_id="r", control=Shift(shift_x=0, shift_y=0.3))
    inside_HW = area(MOTION(0.75))
    shown_HWC, mean = negative_visual(one, full(), source()).frames_NHWC[0], full().frames_NHWC[1][~inside_HW].mean(0)
    assert (shown_HWC[inside_HW] == np.round(mean)).all()


def test_segments_and_frames_are_those_that_are_named() -> None:
    """The early segment against the late one, frame 2 against frame 9, and another clip, each as it is stored.

    What a borrowed clip is compared with is the pair's own visual.
    """
    between = spec(VisualKind.OTHER_SEGMENT, preferred_segment_id="early", segment_id="late")
    early, late = (decode(segment.frames).frames_NHWC for segment in CLIP.segments)
    assert np.array_equal(preferred_visual(between, full(), source()).frames_NHWC, early)
    assert np.array_equal(negative_visual(between, full(), source()).frames_NHWC, late)
    backwards = source(REVERSED)
    shown = preferred_visual(between, full(REVERSED), backwards)
    assert np.array_equal(shown.frames_NHWC, early[::-1])
    assert shown.pts_seconds[0] == pytest.approx(8.0 - CLIP.segments[0].frames[-1].pts_seconds)
    another = spec(VisualKind.OTHER_FRAME, preferred_frame_index=2, frame_index=9)
    assert (preferred_visual(another, full(), source()).frames_NHWC == full().frames_NHWC[2]).all()
    assert (negative_visual(another, full(), source()).frames_NHWC == full().frames_NHWC[9]).all()
    foreign = spec(VisualKind.OTHER_VIDEO, other_clip_id="other")
    assert np.array_equal(
        negative_visual(foreign, full(), source(), OTHER).frames_NHWC, decode(OTHER.frames).frames_NHWC
    )
    part = spec(VisualKind.FOREIGN_SEGMENT, preferred_segment_id="early", segment_id="late", other_clip_id="other")
    assert np.array_equal(
        negative_visual(part, full(), source(), OTHER).frames_NHWC, decode(OTHER.segments[1].frames).frames_NHWC
    )
    assert np.array_equal(preferred_visual(foreign, full(), source()).frames_NHWC, full().frames_NHWC)


def test_a_missing_or_wrong_partner_is_refused() -> None:
    """A negative that borrows a clip needs that clip, not another one and not none."""
    foreign = spec(VisualKind.OTHER_VIDEO, other_clip_id="other")
    for other in (None, CLIP):
        with pytest.raises(ValueError, match="needs clip other, got"):
            negative_visual(foreign, full(), source(), other)


def test_two_linked_tracks_are_one_object() -> None:
    """Links form a chain: a with b and b with c are one object; d is another one."""
    links = [link("a", "b", same=True), link("b", "c", same=True), link("c", "d", same=False)]
    made = scene(*(track(name, MOTION, [(i, i + 0.5)]) for i, name in enumerate("abcd")), links=links)
    assert negatives.one_object(made, "c") == ("a", "b", "c")


@pytest.mark.parametrize(
    ("pixels", "times", "said"),
    [
        (np.zeros((2, 4, 4, 3), np.float32), [0.0, 1.0], "uint8"),
        (np.zeros((2, 4, 4), np.uint8), [0.0, 1.0], "shape"),
        (np.zeros((0, 4, 4, 3), np.uint8), [], "N >= 1"),
        (np.zeros((2, 4, 4, 3), np.uint8), [0.0], "as many times"),
        (np.zeros((2, 4, 4, 3), np.uint8), [1.0, 0.0], "must not decrease"),
    ],
)
def test_a_visual_refuses_pixels_and_times_that_do_not_fit(pixels: Pixels, times: list[float], said: str) -> None:
    """Frames must be uint8 RGB, at least one, each with a time that is not before the one of the frame before."""
    with pytest.raises(ValueError, match=said):
        Visual(pixels, np.array(times))


@pytest.mark.parametrize("jpeg", [b"", b"no picture", b"\xff\xd8\xff"])
def test_a_frame_that_cannot_be_read_is_refused_by_name(jpeg: bytes) -> None:
    """An empty, a foreign and a torn frame are refused with the owner and the time of the frame."""
    with pytest.raises(ValueError, match=r"^clip c: the frame at 1\.250 s is not a readable JPEG$"):
        decoded_jpeg(Frame(pts_seconds=1.25, jpeg=jpeg), "clip c")


def test_a_decoded_frame_is_red_green_blue() -> None:
    """OpenCV stores blue first: a frame written as (blue 200, green 100, red 0) reads as red 0, green 100, blue 200."""
    png = cv2.imencode(".png", np.full((2, 2, 3), (200, 100, 0), np.uint8))[1].tobytes()
    assert decoded_jpeg(Frame(pts_seconds=0.0, jpeg=png), "clip").tolist() == [[[0, 100, 200]] * 2] * 2


def test_every_kind_has_a_maker() -> None:
    """No kind of visual negative is left without a function that makes its frames."""
    assert negatives._MAKERS.keys() == set(VisualKind)
