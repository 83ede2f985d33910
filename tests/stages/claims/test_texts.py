"""What questions, answers and evidence must fulfil besides truth."""

import pytest

from schemas.clip import Frame, Segment
from schemas.drop import DropReason
from schemas.interval import Interval
from schemas.pair import Evidence
from schemas.shown import Shown
from stages.claims.texts import evidence_failure, text_failure
from tests.scenes import claim, cut, line, scene, track
from tests.stages.claims.groups import group, unit_clip

RED = track("r", line((0.1, 0.5), (0.9, 0.5), (0, 10)), name="red")
RIGHT = claim("moves", RED, value="right", during=[(0, 10)])
LEFT = claim("moves", RED, value="left", during=[(0, 10)])
QUESTION = "Which way does the red object move?"
CLIP = unit_clip(scene(RED))


@pytest.mark.parametrize(
    ("question", "answers", "reason"),
    [
        (QUESTION, ("To the right.", "To the left."), None),
        (QUESTION, ("To the right.", "to the RIGHT!"), DropReason.REPEATED_TEXT),
        (QUESTION, ("To the right.", "To the left"), DropReason.EVIDENCE_MISSING),
        ("Which way does it move?", ("To the right.", "To the left."), DropReason.EVIDENCE_MISSING),
        ("What happens?", ("The red object moves right.", "The red object moves left."), None),
        ("Which way does the red objection move?", ("To the right.", "To the left."), DropReason.EVIDENCE_MISSING),
    ],
    ids=["good", "equal answers", "incomplete", "unnamed", "named in the answers", "not a whole word"],
)
def test_texts_differ_and_name_what_is_claimed(
    question: str, answers: tuple[str, str], reason: DropReason | None
) -> None:
    """Answers are different complete sentences; each phrase of a claim stands in the question or in its answer."""
    found = text_failure(question, answers, ((RIGHT,), (LEFT,)))
    assert (found and found.reason) == reason


def made(evidence: Evidence, **changes: object):
    return group(("To the right.", RIGHT), ("To the left.", LEFT), evidence=evidence).model_copy(update=changes)


@pytest.mark.parametrize(
    ("evidence", "events", "word"),
    [
        (Evidence(frame_indices=(0, 19)), (), None),
        (Evidence(frame_indices=(20,)), (), "frame"),
        (Evidence(frame_indices=(0,), track_ids=("x",)), (), "track"),
        (Evidence(frame_indices=(0,), segment_ids=("x",)), (), "segment"),
        (Evidence(frame_indices=(0,)), (Interval(start_seconds=9, end_seconds=11),), "event"),
        (Evidence(), (), "no frame"),
    ],
    ids=["good", "frame", "track", "segment", "event", "nothing"],
)
def test_evidence_must_be_in_the_clip(evidence: Evidence, events: tuple[Interval, ...], word: str | None) -> None:
    """The clip has 20 frames over 10 s, the track r and no segment."""
    found = evidence_failure(made(evidence, event_intervals=events), CLIP)
    assert (found is None) == (word is None)
    if found is not None and word is not None:
        assert found.reason is DropReason.EVIDENCE_MISSING
        assert word in (found.detail or "")


def test_a_segment_of_the_clip_is_evidence() -> None:
    """A segment that the clip holds is found by its id."""
    clip = CLIP.model_copy(update={"segments": (Segment(segment_id="x", start_seconds=0, end_seconds=1, frames=()),)})
    assert evidence_failure(made(Evidence(frame_indices=(0,), segment_ids=("x",))), clip) is None


@pytest.mark.parametrize(
    ("end", "last", "word"),
    [(2.5, 2.0, None), (1.9, 1.0, "short"), (2.5, 2.6, "another")],
    ids=["good", "short", "late"],
)
def test_a_stretch_that_is_shown_alone_shows_nothing_else(end: float, last: float, word: str | None) -> None:
    """It has two seconds at least, and no frame from outside."""
    frames = tuple(Frame(pts_seconds=last * (i + 1) / 8, jpeg=b"jpeg") for i in range(8))
    segment = Segment(segment_id="x", start_seconds=0, end_seconds=end, frames=frames)
    clip = CLIP.model_copy(update={"segments": (segment,)})
    found = evidence_failure(made(Evidence(frame_indices=(0,)), shown=Shown(segment_id="x")), clip)
    assert (found is None) == (word is None)
    assert found is None or (word or "") in (found.detail or "")


def test_a_number_of_shots_needs_a_frame_of_each_shot() -> None:
    """With a cut at 5 s, frames 0 to 9 (0.25 to 4.75 s) show one shot, frame 10 the other."""
    clip = unit_clip(scene(RED, cuts=[cut(5.0)]))
    two, three = claim("shot_count", value="2"), claim("shot_count", value="3")
    for frames, missing in (((0, 9), True), ((0, 10), False)):
        counted = group(("Two.", two), ("Three.", three), question="How many?", evidence=Evidence(frame_indices=frames))
        assert (evidence_failure(counted, clip) is not None) == missing
