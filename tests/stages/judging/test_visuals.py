"""Visual negatives are kept only if the judge accepts the answer before and rejects it after the corruption."""

import asyncio
from collections.abc import Mapping

import pytest

from schemas.clip import Segment
from schemas.drop import DropReason
from schemas.visual_negative import KeyArea, VisualKind, VisualNegative
from stages.judging.judge import Judge
from stages.judging.pictures import key_picture
from stages.judging.visuals import JUDGED_KINDS, VisualJudge
from stages.language.asking import Asker, timed
from stages.models.chat import ChatRequest, ReplyTruncated
from tests.stages.facts.clips import clip_of, walkers
from tests.stages.judging.judging import frames, group, judge
from tests.stages.language.fake_chat import FakeChat

CLIP = clip_of(walkers()).model_copy(
    update={
        "frames": frames(20, 0.0, 10.0),
        "segments": tuple(
            Segment(segment_id=name, start_seconds=at, end_seconds=at + 2, frames=frames(8, at, 2.0))
            for name, at in (("event", 1.0), ("lacking", 6.0))
        ),
    }
)
FULL = timed(CLIP.frames, 0.0)
SPECS: dict[VisualKind, dict[str, object]] = {
    VisualKind.REVERSED: {},
    VisualKind.SHUFFLED: {"seed": 3},
    VisualKind.OTHER_SEGMENT: {"preferred_segment_id": "event", "segment_id": "lacking"},
    VisualKind.INPAINTED: {"preferred_frame_index": 2, "track_id": "t1", "control": {"shift_x": 0.3, "shift_y": 0.0}},
    VisualKind.FILLED: {"preferred_frame_index": 2, "track_id": "t1", "control": {"shift_x": 0.3, "shift_y": 0.0}},
    VisualKind.OTHER_FRAME: {"preferred_frame_index": 2, "frame_index": 12},
}


def spec(kind: VisualKind) -> VisualNegative:
    return VisualNegative.model_validate({"level": kind.level, "kind": kind, **SPECS[kind]})


def failure(kind: VisualKind, chat: FakeChat) -> DropReason | None:
    found = asyncio.run(VisualJudge(Judge(Asker(chat, 99), 3), CLIP, painted).failure(group(), spec(kind), FULL))
    return found and found.reason


def painted(function: object, _clip: object, _spec: object) -> tuple[bytes, bytes] | bytes:
    """In place of what paints: the corrupted keyframe and the control; of what cuts out: the part."""
    return CUT_OUT if function is key_picture else (CORRUPTED, CONTROL)


CORRUPTED, CONTROL, CUT_OUT = b"corrupted", b"control", b"cut out"
DRAWN = spec(VisualKind.FILLED).model_copy(
    update={"track_id": None, "area": KeyArea(x0=0.1, y0=0.1, x1=0.3, y1=0.3, noun="door")}
)


def _seen(request: ChatRequest) -> list[bytes]:
    return [frame.jpeg for frame in request.shown.frames]


def by_order(*, says: str = "no") -> FakeChat:
    """Accepts frames from before 4 s in their order, and says something else of others."""

    def holds(request: ChatRequest) -> Mapping[str, object]:
        times = [frame.pts_seconds for frame in request.shown.frames]
        yes = times == sorted(times) and times[0] < 4 and _seen(request) != [CORRUPTED]
        return {"seen": "", "holds": "yes" if yes else says, "sure": 5}

    return judge(judge_faithful=holds)


@pytest.mark.parametrize("kind", JUDGED_KINDS)
def test_what_breaks_the_answer_is_kept(kind: VisualKind) -> None:
    """Each visual is seen alone; of a corrupted clip the judge sees as many frames, with times that run forward."""
    chat = by_order()
    assert failure(kind, chat) is None
    corrupted = next(request for request in reversed(chat.asked) if _seen(request) != [CONTROL])
    assert _seen(corrupted) != [frame.jpeg for frame in CLIP.frames]
    assert list(corrupted.shown.shown_seconds) == sorted(corrupted.shown.shown_seconds)


@pytest.mark.parametrize("kind", JUDGED_KINDS)
def test_what_leaves_it_open_is_not(kind: VisualKind) -> None:
    """An answer of which the judge is not sure is not rejected."""
    assert failure(kind, by_order(says="unclear")) is DropReason.NEGATIVE_NOT_FALSE


@pytest.mark.parametrize("kind", [VisualKind.OTHER_SEGMENT, VisualKind.OTHER_FRAME, VisualKind.FILLED])
def test_the_preferred_visual_must_show_it(kind: VisualKind) -> None:
    """A segment or a frame that the judge does not accept is no preferred visual."""
    nothing = judge(judge_faithful={"seen": "", "holds": "no", "sure": 5})
    assert failure(kind, nothing) is DropReason.PREFERRED_NOT_TRUE


def test_the_control_must_show_it_too() -> None:
    """A judge who rejects any keyframe that is painted over says nothing about the object."""

    def holds(request: ChatRequest) -> Mapping[str, object]:
        changed = _seen(request)[0] in {CORRUPTED, CONTROL}
        return {"seen": "", "holds": "no" if changed else "yes", "sure": 5}

    assert failure(VisualKind.FILLED, judge(judge_faithful=holds)) is DropReason.CONTROL_NOT_TRUE


def test_a_reply_that_fails_is_its_reason() -> None:
    """Nothing is kept that was not judged."""
    assert failure(VisualKind.REVERSED, judge(judge_faithful=ReplyTruncated)) is DropReason.REPLY_TRUNCATED


@pytest.mark.parametrize(
    ("says", "sure", "reason"),
    [("yes", 5, None), ("no", 5, DropReason.BOX_NOT_CONFIRMED), ("yes", 2, DropReason.BOX_NOT_CONFIRMED)],
)
def test_a_box_that_a_writer_drew_is_confirmed_on_what_it_cuts_out(
    says: str, sure: int, reason: DropReason | None
) -> None:
    """The judge sees the part alone, with the frame's time, and is asked about the thing; if it is not sure, or says
    no, nothing else is asked.
    """
    chat = by_order()
    chat.answers["judge_crop"] = {"seen": "", "holds": says, "sure": sure}
    found = asyncio.run(VisualJudge(Judge(Asker(chat, 99), 3), CLIP, painted).failure(group(), DRAWN, FULL))
    assert (found and found.reason) == reason
    [crop] = [request for request in chat.asked if _seen(request) == [CUT_OUT]]
    assert "Thing: door" in crop.text
    assert crop.shown.shown_seconds == (CLIP.frames[2].pts_seconds,)
    assert (len(chat.asked) > 1) == (reason is None)
