"""Groups are proven from what is stored of the clip, or dropped with a reason."""

from collections.abc import Sequence
from typing import Any

import pytest
from numpy.random import default_rng

from schemas.drop import Drop, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.pair import Evidence
from schemas.scene import Scene
from schemas.shown import EditKind, Shown
from schemas.visual_negative import VisualKind, VisualNegative
from stages.claims.margins import Margins
from stages.claims.proof import ProofConfig
from stages.payloads import WrittenVideo
from stages.verify import VerifyClaims
from tests.scenes import claim, cut, fade, fixed, line, link, measure, scene, track
from tests.stages.claims.groups import group, unit_clip

WHOLE = [(0.0, 10.0)]
ENDS = [(0.0, 3.0), (7.0, 10.0)]
RED = track("r", line((0.2, 0.5), (0.8, 0.5), (0, 9.9)), name="red")
BLUE = track("b", fixed(0.9, 0.2), name="blue", moves=False)
THERE = scene(RED, BLUE)
MIRRORED = Shown.whole(EditKind.MIRRORED, THERE)
RIGHT = ("The red object moves to the right.", claim("moves", RED, value="right", during=WHOLE))
LEFT = ("The red object moves to the left.", claim("moves", RED, value="left", during=WHOLE))
UP = ("The red object moves up.", claim("moves", RED, value="up", during=WHOLE))


def verified(
    *groups: CandidateGroup, there: Scene = THERE, proof: ProofConfig | None = None
) -> tuple[Sequence[Drop], Sequence[CandidateGroup]]:
    stage = VerifyClaims(proof=proof or ProofConfig())
    *drops, video = stage.process(WrittenVideo("0" * 64, (unit_clip(there),), groups, 7), None, default_rng(0))
    assert isinstance(video, WrittenVideo)
    assert video.questions_seen == 7
    return [drop for drop in drops if isinstance(drop, Drop)], video.groups


def reasons(drops: Sequence[Drop]) -> list[DropReason]:
    return [drop.reason for drop in drops if drop.item_type is ItemType.GROUP]


def test_a_proven_group_carries_its_margins_and_verdicts() -> None:
    """Red shifts by 0.6, of which 0.02 is no movement: 0.58 for all answers, in the order in which they came."""
    drops, (proven,) = verified(group(RIGHT, LEFT, UP))
    assert not drops
    assert [answer.text for answer in proven.answers] == [LEFT[0], RIGHT[0], UP[0]]
    for answer in proven.answers:
        assert answer.claim.margin == pytest.approx(0.58)
        assert [(v.check, v.passed, v.margin) for v in answer.verdicts] == [("proof", True, pytest.approx(0.58))]


def test_a_cross_frame_answer_carries_a_single_frame_verdict() -> None:
    """No still shows that red has gone to the right."""
    moved = [(f"The red object is further {way}.", claim("displaced", RED, value=way, during=ENDS)) for way in SIDES]
    drops, (proven,) = verified(group(*moved, question="Where has it gone?"))
    assert not drops
    assert [v.check for v in proven.chosen.verdicts] == ["proof", "single_frame"]


SIDES = ("right", "left", "up")


def test_a_chosen_answer_that_is_not_true_drops_the_group() -> None:
    """Red moves to the right, so "left" cannot be chosen; the question goes with its only group."""
    drops, kept = verified(group(LEFT, UP))
    assert not kept
    assert reasons(drops) == [DropReason.CHOSEN_NOT_TRUE]
    assert [(d.item_type, d.item_id) for d in drops] == [(ItemType.GROUP, "g"), (ItemType.QUESTION, "s")]
    assert drops[0].detail == "moves is false"


def test_a_question_lives_while_one_of_its_groups_does() -> None:
    """Of two alternatives of one question one is proven: one group is dropped, no question."""
    drops, kept = verified(group(LEFT, UP, group_id="bad"), group(RIGHT, UP, group_id="good"))
    assert [one.group_id for one in kept] == ["good"]
    assert [(d.item_type, d.item_id) for d in drops] == [(ItemType.GROUP, "bad")]


def test_a_rejected_answer_that_is_not_false_drops_the_group() -> None:
    """Red goes through all three thirds, so it is neither true nor false that it is in the left one."""
    through = ("The red object is on the left.", claim("in_region", RED, value="left", during=WHOLE))
    drops, kept = verified(group(RIGHT, through))
    assert not kept
    assert reasons(drops) == [DropReason.REJECTED_NOT_FALSE]


def test_a_margin_below_the_recipes_drops_the_group() -> None:
    """0.58 is not 0.7; the drop says both."""
    drops, kept = verified(group(RIGHT, LEFT), proof=ProofConfig(margins=Margins(shift=0.7)))
    assert not kept
    assert reasons(drops) == [DropReason.MARGIN_TOO_SMALL]
    assert (drops[0].measured, drops[0].limit) == (pytest.approx(0.58), 0.7)


def test_intervals_too_near_drop_a_cross_frame_group() -> None:
    """0.5 s lie between [0, 4) and [4.5, 10): less than one second."""
    near = [
        (f"The red object is further {way}.", claim("displaced", RED, value=way, during=[(0, 4), (4.5, 10)]))
        for way in SIDES
    ]
    drops, kept = verified(group(*near, question="Where has it gone?"))
    assert not kept
    assert reasons(drops) == [DropReason.SINGLE_FRAME_ANSWERS]
    assert (drops[0].measured, drops[0].limit) == (pytest.approx(0.5), 1.0)


def test_intervals_may_be_named_in_either_order() -> None:
    """The end is brighter than the start: [7, 10) comes first in the claim, 4 s after [0, 3)."""
    brightens = scene(measures=[measure(float(i), luma=0.3 if i < 5 else 0.6) for i in range(10)])
    answers = [
        (f"The {name} is brighter.", claim("brighter", during=during))
        for name, during in (("end", ENDS[::-1]), ("start", ENDS))
    ]
    drops, kept = verified(group(*answers, question="When is it brighter?"), there=brightens)
    assert not drops
    assert kept[0].chosen.claim.margin == pytest.approx(0.3)


def test_an_answer_that_one_still_refutes_drops_the_group() -> None:
    """Two are seen at once, a third later: "one" is refuted by any still that shows two."""
    green = track("g", fixed(0.5, 0.8), [(0, 4)], name="green")
    late = track("y", fixed(0.5, 0.8), [(6, 10)], name="yellow")
    there = scene(RED, green, late).model_copy(update={"links": (link("g", "y", same=False),)})
    numbers = [
        (f"There are {word}.", claim("distinct_moving_count", value=digit, during=WHOLE))
        for word, digit in (("three", "3"), ("four", "4"), ("one", "1"))
    ]
    drops, kept = verified(group(*numbers[:2], question="How many move?"), there=there)
    assert not drops
    assert len(kept) == 1
    drops, _ = verified(group(*numbers, question="How many move?"), there=there)
    assert reasons(drops) == [DropReason.SINGLE_FRAME_ANSWERS]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (group(RIGHT, ("The red object moves to the right!", LEFT[1])), DropReason.REPEATED_TEXT),
        (group(RIGHT, ("The red object moves to the left", LEFT[1])), DropReason.EVIDENCE_MISSING),
        (group(("It moves to the right.", RIGHT[1]), LEFT, question="Which way?"), DropReason.EVIDENCE_MISSING),
        (group(RIGHT, LEFT, evidence=Evidence(frame_indices=(20,))), DropReason.EVIDENCE_MISSING),
        (group(RIGHT, LEFT, evidence=Evidence(frame_indices=(1,), track_ids=("x",))), DropReason.EVIDENCE_MISSING),
        (group(RIGHT, LEFT, evidence=Evidence(frame_indices=(1,), segment_ids=("x",))), DropReason.EVIDENCE_MISSING),
        (group(RIGHT, LEFT).model_copy(update={"clip_id": "other"}), DropReason.EVIDENCE_MISSING),
    ],
    ids=["equal texts", "no full stop", "no phrase", "no frame", "no track", "no segment", "no clip"],
)
def test_what_a_group_refers_to_has_to_be_there(wrong: CandidateGroup, reason: DropReason) -> None:
    """Equal or broken texts, phrases that nobody says, and evidence that the clip lacks."""
    drops, kept = verified(wrong)
    assert not kept
    assert reasons(drops) == [reason]


def test_a_phrase_may_stand_in_the_question() -> None:
    """The question says "the red object", the answers say "it"."""
    right, left = ("It moves to the right.", RIGHT[1]), ("It moves to the left.", LEFT[1])
    drops, kept = verified(group(right, left))
    assert not drops
    assert len(kept) == 1


def test_twins_are_proven_on_the_edited_clip() -> None:
    """Mirrored, red moves to the left: the twin's true answer is the other one."""
    mirrored = group(LEFT, RIGHT, group_id="t", twin_of="g", shown=MIRRORED)
    drops, kept = verified(group(RIGHT, LEFT), mirrored)
    assert not drops
    assert [one.group_id for one in kept] == ["g", "t"]


def test_twins_go_together() -> None:
    """A twin that is not proven takes its original along, and the other way round; one without original goes."""
    bad_twin = group(RIGHT, LEFT, group_id="t", twin_of="g", shown=MIRRORED)
    good_twin = group(LEFT, RIGHT, group_id="t", twin_of="g", shown=MIRRORED)
    assert not verified(group(RIGHT, LEFT), bad_twin)[1]
    assert not verified(group(LEFT, RIGHT), good_twin)[1]
    assert reasons(verified(good_twin)[0]) == [DropReason.EVIDENCE_MISSING]


def test_the_same_input_gives_the_same_output() -> None:
    """Nothing is drawn."""
    assert verified(group(RIGHT, LEFT, UP)) == verified(group(RIGHT, LEFT, UP))


def test_a_visual_negative_that_breaks_nothing_is_dropped_and_its_group_stays() -> None:
    """A black clip shows no red object: it serves. That the reversed clip shows it, too, at the seconds that no words
    name, does not.
    """
    black, reversed_ = (VisualNegative(level=kind.level, kind=kind) for kind in (VisualKind.BLACK, VisualKind.REVERSED))
    with_both = group(RIGHT, LEFT).model_copy(update={"visual_negatives": (black, reversed_)})
    (drop,), (kept,) = verified(with_both)
    assert (drop.item_type, drop.item_id, drop.reason) == (
        ItemType.VISUAL_NEGATIVE,
        "g-reversed",
        DropReason.NEGATIVE_NOT_FALSE,
    )
    assert kept.visual_negatives == (black,)


def test_a_twin_that_says_something_else_is_no_twin() -> None:
    """A twin has the question and the texts of its group."""
    other = group(LEFT, RIGHT, group_id="t", twin_of="g", shown=MIRRORED, question="Which way, then?")
    drops, kept = verified(group(RIGHT, LEFT), other)
    assert not kept
    assert {drop.detail for drop in drops} == {"its twin says something else"}


@pytest.mark.parametrize(
    ("borders", "expected"),
    [
        ({"cuts": (cut(0.1),)}, [DropReason.EVIDENCE_MISSING]),
        ({"cuts": (cut(5.0),)}, []),
        ({"fades": (fade(0.5, seconds=0.9),)}, [DropReason.EVIDENCE_MISSING]),
        ({"fades": (fade(5.0),)}, []),
    ],
)
def test_shots_are_counted_only_where_a_frame_shows_each(borders: dict[str, Any], expected: list[DropReason]) -> None:
    """The first stored frame is at 0.25 s: of a shot that ends at 0.1 s no picture is kept, of one to 5 s ten are. Of a
    shot that fades from 0.05 s on the picture at 0.25 s shows little.
    """
    there = scene(strongest_non_cut=0.1, **borders)
    one, two = (f"The clip has {words}." for words in ("one shot", "two shots"))
    numbers = [(two, claim("shot_count", value="2")), (one, claim("shot_count", value="1"))]
    evidence = Evidence(frame_indices=tuple(range(20)))
    drops, _ = verified(group(*numbers, question="How many shots?", evidence=evidence), there=there)
    assert reasons(drops) == expected
