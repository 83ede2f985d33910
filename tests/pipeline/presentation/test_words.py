"""Claims, pairs and visual negatives are put in words that a person can read."""

import pytest

from pipeline.presentation.words import claim_words, margin_words, negative_words, pair_words
from schemas.claim import PREDICATES, Claim, Names, Predicate
from schemas.interval import Interval
from schemas.pair import Pair
from schemas.shown import EditKind, Shown, ShownEdit
from schemas.visual_negative import VisualNegative
from tests.finished import Whole


@pytest.mark.parametrize("predicate", list(Predicate))
def test_every_predicate_has_words(predicate: Predicate) -> None:
    """The words name the phrases, tracks and times of the claim, and nothing is left in braces."""
    shape = PREDICATES[predicate]
    tracked = shape.names is Names.THINGS
    claim = Claim(
        predicate=predicate,
        noun="dog" if shape.names is Names.NOUN else None,
        subject_tracks=("t1",) * shape.subjects if tracked else (),
        subject_phrases=("the red ball",) * shape.subjects,
        object_tracks=("t2",) * shape.objects if tracked else (),
        object_phrases=("the blue ball",) * shape.objects,
        intervals=tuple(Interval(start_seconds=i, end_seconds=i + 0.5) for i in range(shape.intervals)),
        value=None if not shape.values else "2" if shape.values == ("#",) else shape.values[0],
    )
    words = claim_words(claim)
    assert "{" not in words
    assert (("the red ball [t1]" if tracked else "the red ball") in words) == bool(shape.subjects)
    assert (("the blue ball [t2]" if tracked else "the blue ball") in words) == bool(shape.objects)
    assert ("dog" in words) == (shape.names is Names.NOUN)
    assert "not in the video" not in words
    assert words.count(" s") >= shape.intervals


def test_a_claim_about_something_absent_says_so() -> None:
    """A phrase without a track stands for something that the video does not show; a margin comes with its unit."""
    claim = Claim(
        predicate=Predicate.ENTERS_FROM,
        subject_tracks=(),
        subject_phrases=("the orange ball",),
        value="left",
        margin=0.25,
        in_video=False,
    )
    assert claim_words(claim) == "the orange ball [not in the video] enters from the left"
    assert margin_words(claim) == "by 0.25 (frame sides)"


def test_a_visual_negative_names_what_it_uses() -> None:
    """Level, kind, frame, track, and by which share of the frame the object and the control are moved."""
    negative = VisualNegative.model_validate(
        {
            "level": "perceptive",
            "kind": "moved",
            "preferred_frame_index": 3,
            "track_id": "t1",
            "shift_x": 0.3,
            "shift_y": 0.0,
            "control": {"shift_x": 0.0, "shift_y": -0.2},
        }
    )
    assert negative_words(negative) == (
        "perceptive: moved (frame 3, track t1, moved by (+30%, +0%), control moved by (+0%, -20%))"
    )


def test_the_lines_of_a_twin_say_how_its_clip_is_shown(whole: Whole) -> None:
    """The times are those of the edited clip: what ends at 4 s of a clip of 10 s starts at 6 s of the reversed one."""
    [pair, *_] = whole.finalised.videos[0].pairs()
    clip = next(clip for clip in whole.clips if clip.clip_id == pair.clip_id)
    event = {"start_seconds": 2.0, "end_seconds": 4.0}
    twin = Pair.model_validate(
        pair.model_dump() | {"event_intervals": [event], "shown": Shown.whole(EditKind.REVERSED, clip)}
    )
    assert pair_words(twin, clip) == (
        f"question: {pair.question}",
        f"chosen: {pair.chosen}",
        f"rejected: {pair.rejected}",
        "look at: 6.00 to 8.00 s",
        "the clip is shown reversed",
    )


def test_the_lines_of_a_planted_edit_say_what_is_done_and_when(whole: Whole) -> None:
    """The edit with its times, which are where to look, and the number of seams."""
    [pair, *_] = whole.finalised.videos[0].pairs()
    clip = next(clip for clip in whole.clips if clip.clip_id == pair.clip_id)
    frozen = ShownEdit(kind=EditKind.FROZEN, start_seconds=2.0, end_seconds=4.0)
    seams = tuple(ShownEdit(kind=EditKind.SEAM, start_seconds=at, end_seconds=at + 0.25) for at in (4.0, 8.0))
    planted = pair.model_copy(update={"shown": Shown(edits=(frozen, *seams))})
    assert pair_words(planted, clip)[-2:] == (
        "look at: 2.00 to 4.00 s",
        "the clip is shown frozen 2.00 to 4.00 s, with 2 harmless seams",
    )


def test_a_stretch_that_is_shown_alone_is_named_by_its_times(whole: Whole) -> None:
    """Whoever judges the pair sees nothing else."""
    pair = next(whole.finalised.videos[0].pairs())
    pair = pair.model_copy(update={"shown": Shown(segment_id="s0"), "event_intervals": ()})
    [said] = [line for line in pair_words(pair, whole.clips[0]) if "shown" in line]
    assert said == "the clip is shown from 0.00 to 10.00 s alone"
