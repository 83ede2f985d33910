"""What a source says becomes annotations, or is left out for a reason."""

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.importers.boxes import stretches
from pipeline.importers.fit import Fitting
from pipeline.importers.item import (
    Found,
    FoundBox,
    FoundCaption,
    FoundEvent,
    FoundQuestion,
    FrameNumber,
    NamedVideo,
)
from pipeline.importers.left_out import ImportReason, Unfit
from pipeline.importers.look import Looked
from schemas.annotations import AnnotatedBox

SHOWN = Looked(
    width=200, height=100, times_F=np.arange(20) / 10 + 1.0, end_seconds=3.0, prints_N=np.array([], np.uint64)
)
"""Twenty frames from 1.0 s to 2.9 s."""


def fitting(looked: Looked | None = SHOWN, loose: float = 0.0, certain: bool = True, **video: object) -> Fitting:
    """A video that nothing has been said of."""
    return Fitting(NamedVideo("v", "v", **video), looked, loose, certain)  # type: ignore[arg-type]


def box(corners: tuple[float, float, float, float] = (20, 10, 60, 40), **other: object) -> FoundBox:
    """The box of a dog in the third frame, 1.2 s, unless said otherwise."""
    known = {"thing": "1", "noun": "Dog", "moment": FrameNumber(2), "corners": corners, **other}
    return FoundBox(**known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (FoundQuestion(" ", "yes"), ImportReason.EMPTY),
        (FoundQuestion("Is it?", " \n"), ImportReason.EMPTY),
        (FoundQuestion("Is it?", None), ImportReason.NO_ANSWER),
        (FoundQuestion("what  is it?", "A Dog"), ImportReason.DUPLICATE),
        (FoundQuestion("What is it?", "a cat"), ImportReason.OTHER_ANSWER),
        (FoundCaption("\t"), ImportReason.EMPTY),
        (FoundCaption("A dog runs."), ImportReason.DUPLICATE),
        (FoundEvent("", 1.0, 2.0), ImportReason.EMPTY),
        (FoundEvent("it runs", None, 2.0), ImportReason.NO_TIME),
        (FoundEvent("it runs", 2.0, 2.0), ImportReason.ENDS_BEFORE_START),
        (FoundEvent("it runs", 2.5, 1.5), ImportReason.ENDS_BEFORE_START),
        (FoundEvent("it runs", 3.0, 4.0), ImportReason.AFTER_THE_END),
        (FoundEvent("it runs", 0.0, 1.0), ImportReason.AFTER_THE_END),
        (FoundEvent("it runs", FrameNumber(4), FrameNumber(20)), ImportReason.AFTER_THE_END),
        (FoundEvent("it sits", 1.0, 2.0), ImportReason.DUPLICATE),
        (box((20, 10, 20, 40)), ImportReason.NO_AREA),
        (box((20, 10, 60, 9)), ImportReason.NO_AREA),
        (box(noun=None), ImportReason.NO_NOUN),
        (box(noun="cup/glass"), ImportReason.SEVERAL_NOUNS),
        (box(moment=None), ImportReason.NO_TIME),
        (box(moment=0.5), ImportReason.AFTER_THE_END),
        (box(moment=FrameNumber(-1)), ImportReason.AFTER_THE_END),
        (box((180, 10, 220, 40)), ImportReason.OUTSIDE_FRAME),
        (box((-90, 10, -1, 40), frame_size=(200, 100)), ImportReason.OUTSIDE_FRAME),
        (box(frame_size=(100, 100)), ImportReason.OTHER_FRAME_SIZE),
        (box(thing="0"), ImportReason.DUPLICATE),
    ],
)
def test_what_cannot_be_used_is_left_out_for_a_reason(found: Found, reason: ImportReason) -> None:
    """And changes nothing of what was said before."""
    fit = fitting()
    for before in (
        FoundQuestion("What is it?", "a dog"),
        FoundCaption("A dog runs."),
        FoundEvent("it sits", 1.0, 2.0),
        box(thing="0"),
    ):
        assert fit.take(before)
    known = fit.annotations(())
    with pytest.raises(Unfit) as unfit:
        fit.take(found)
    assert unfit.value.reason is reason
    assert fit.annotations(()) == known


def test_without_the_video_frames_need_a_rate_and_pixels_a_size() -> None:
    """A file may state both; then it is enough. At 10 frames a second, frame 2 is shown at 0.2 s."""
    for found, reason in ((box(), ImportReason.NO_FRAME_TIMES), (box(moment=0.2), ImportReason.NO_FRAME_SIZE)):
        with pytest.raises(Unfit) as unfit:
            fitting(None).take(found)
        assert unfit.value.reason is reason
    fit = fitting(None, fps=10.0)
    fit.take(box(frame_size=(200, 100)))
    made = fit.annotations(())
    assert made is not None
    assert made.objects[0].boxes == (AnnotatedBox(pts_seconds=0.2, x0=0.1, y0=0.1, x1=0.3, y1=0.4),)


def test_boxes_of_one_thing_are_one_object_in_order_of_time() -> None:
    """Frame 2 is shown at 1.2 s; what reaches beyond the frame that a file states is cut off at the border."""
    fit = fitting()
    fit.take(box((360, 20, 440, 80), frame_size=(400, 200)))
    fit.take(box(moment=1.1))
    fit.take(box(thing="2"))
    made = fit.annotations(["dog"])
    assert made is not None
    assert made.complete == ("dog",)
    first, second = made.objects
    assert (first.id, first.noun, second.id) == ("dog 1", "dog", "dog 2")
    assert [b.pts_seconds for b in first.boxes] == [1.1, 1.2]
    assert first.boxes[1] == AnnotatedBox(pts_seconds=1.2, x0=0.9, y0=0.1, x1=1.0, y1=0.4)


@pytest.mark.parametrize(
    ("frames", "step", "expected"),
    [
        (range(10), 0.1, [(0.0, 1.0)]),
        ([3, 4, 5, 8, 9], 0.1, [(0.3, 0.6), (0.8, 1.0)]),
        ([4], 0.1, [(0.4, 0.5)]),
        (range(10), 0.3, []),
    ],
)
def test_boxes_in_every_frame_say_when_a_thing_is_in_view(
    frames: Sequence[int], step: float, expected: list[tuple[float, float]]
) -> None:
    """Ten frames are annotated. The thing is in view from its first box until the frame after its last one; if frames
    are 0.3 s apart, that is too rough to tell.
    """
    spans = stretches([step * i for i in frames], [step * i for i in range(10)], last_seconds=10 * step)
    assert [(span.start_seconds, span.end_seconds) for span in spans] == [pytest.approx(pair) for pair in expected]


@pytest.mark.parametrize("complete", [["dog"], []])
def test_only_complete_nouns_get_stretches_in_view(complete: list[str]) -> None:
    """Else a frame without a box of the thing may be one that nobody annotated."""
    fit = fitting()
    for number in range(3, 7):
        fit.take(box(moment=FrameNumber(number)))
    made = fit.annotations(complete)
    assert made is not None
    spans = [(span.start_seconds, span.end_seconds) for span in made.objects[0].visible]
    assert spans == ([pytest.approx((1.3, 1.7))] if complete else [])


@pytest.mark.parametrize(
    ("looked", "expected"), [(SHOWN, (1.0, 3.0)), (None, (0.5, 3.5)), (None, (0.5, 3.2))], ids=["shown", "free", "said"]
)
def test_loose_times_make_events_longer_within_the_video(looked: Looked | None, expected: tuple[float, float]) -> None:
    """An event of 1.5 s to 2.5 s whose ends may be off by 1 s lies within 0.5 s to 3.5 s, and within the video."""
    fit = fitting(looked, loose=1.0, duration_seconds=3.2 if expected[1] == 3.2 else None)
    fit.take(FoundEvent("it runs", 1.5, 2.5))
    made = fit.annotations(())
    assert made is not None
    assert (made.events[0].start_seconds, made.events[0].end_seconds) == expected


def test_wrong_answers_are_told_once_and_never_the_true_one() -> None:
    """Spaces and capitals make no other answer."""
    fit = fitting()
    fit.take(FoundQuestion("What is  it?", "a dog", ("A Dog", "a  cat", "a cat", "")))
    made = fit.annotations(())
    assert made is not None
    assert (made.questions[0].question, made.questions[0].wrong) == ("What is it?", ("a cat",))


def test_what_nobody_vouches_for_is_uncertain() -> None:
    """So is the answer to a question about a part of the video."""
    doubted = fitting(certain=False)
    assert not doubted.take(FoundQuestion("What is it?", "a dog"))
    assert not doubted.take(FoundEvent("it sits", 1.0, 2.0))
    assert not doubted.take(box())
    made = doubted.annotations(())
    assert made is not None
    assert not any(part.certain for part in (*made.questions, *made.events, *made.objects))
    fit = fitting()
    assert not fit.take(FoundQuestion("What is it?", "a dog", of_part=True))
    assert (made := fit.annotations(())) is not None
    assert not made.questions[0].certain


def test_a_video_of_which_nothing_is_said_has_no_annotations() -> None:
    """Its line of the manifest has none either; what is absent is something said."""
    assert fitting().annotations(()) is None
    made = fitting(absent=("cube",)).annotations(())
    assert made is not None
    assert made.absent == ("cube",)
