"""Sightings of one noun become chains."""

import pytest

from stages.linking.doubt import DoubtConfig, split_where_doubtful
from stages.linking.follow import Chain, FollowConfig, follow, is_borne_out
from stages.linking.sighting import NamedSighting, sightings_of
from stages.models.detections import Detection
from stages.models.detector_settings import Certainty

STEP = 0.3
CERTAINTY = Certainty(sure=0.5, maybe=0.2)


def _seen(number: int, x: float, score: float = 0.9, size: float = 0.1) -> NamedSighting:
    """A box with its left edge at x, in the middle of the frame's height, on one of the frames looked at."""
    return NamedSighting(number * STEP, (x, 0.45, x + size, 0.45 + size), score)


def _followed(*frames: list[NamedSighting]) -> list[Chain]:
    return follow(frames, 1 / STEP, CERTAINTY, FollowConfig())


def test_a_chain_has_its_first_box_though_the_library_gives_it_no_id() -> None:
    """Four frames, four sightings."""
    boxes = [_seen(number, 0.1 + 0.05 * number) for number in range(4)]
    assert _followed(*([box] for box in boxes)) == [tuple(boxes)]


def test_two_things_are_two_chains_and_a_missed_frame_does_not_end_one() -> None:
    """One on the left, missed once; one on the right."""
    left = [_seen(number, 0.1) for number in range(5)]
    right = [_seen(number, 0.7) for number in range(5)]
    frames = [[a, b] for a, b in zip(left, right, strict=True)]
    frames[2] = [right[2]]
    assert _followed(*frames) == [tuple(box for box in left if box is not left[2]), tuple(right)]


def test_an_unsure_box_continues_a_chain_and_begins_none() -> None:
    """0.3 lies between the thresholds: it is of the thing that was there, and alone it is nothing."""
    chain = [_seen(0, 0.1), _seen(1, 0.1), _seen(2, 0.1, score=0.3)]
    assert _followed(*([box] for box in chain)) == [tuple(chain)]
    assert _followed(*([_seen(number, 0.1, score=0.3)] for number in range(5))) == []


def test_a_single_sure_box_is_no_chain() -> None:
    """A thing is sure in at least two frames."""
    assert _followed([_seen(0, 0.1)], [], []) == []


def test_chains_that_meet_are_split_where_either_box_may_be_the_others() -> None:
    """Two things of one kind walk towards each other at one height and pass at frame 4; far off, nothing is split.

    Beyond the meeting, nothing tells one that has turned back from one that has walked on.
    """
    left = tuple(_seen(number, 0.1 + 0.1 * number) for number in range(9))
    right = tuple(_seen(number, 0.9 - 0.1 * number) for number in range(9))
    pieces = split_where_doubtful([left, right], (), DoubtConfig())
    assert len(pieces) > 2
    whole = [piece for piece in pieces if len(piece) >= 3]
    assert {piece[0] for piece in whole} >= {left[0], right[0]}
    assert all(len(piece) < 9 for piece in pieces)


def test_a_chain_alone_is_not_split() -> None:
    """There is nothing that its boxes could show instead."""
    chain = tuple(_seen(number, 0.1 + 0.05 * number) for number in range(9))
    assert split_where_doubtful([chain], (), DoubtConfig()) == [chain]


def test_a_chain_goes_over_a_sudden_change_only_at_its_place() -> None:
    """At frame 2 the picture jumps: a box at the same place goes on, one beside it is another."""
    change = (1.5 * STEP,)
    still = tuple(_seen(number, 0.1) for number in range(4))
    moved = (*still[:2], *(_seen(number, 0.17) for number in (2, 3)))
    assert split_where_doubtful([still], change, DoubtConfig()) == [still]
    assert split_where_doubtful([moved], change, DoubtConfig()) == [moved[:2], moved[2:]]
    assert split_where_doubtful([moved], (), DoubtConfig()) == [moved]


def test_a_box_that_two_nouns_fit_is_sure_for_neither() -> None:
    """Its score counts as just below the upper threshold; one that leads by 0.3 keeps its own; faint ones are gone."""
    close = Detection("dog", 0.8, 0.01, (0.1, 0.1, 0.2, 0.2))
    clear = Detection("dog", 0.8, 0.3, (0.5, 0.5, 0.6, 0.6))
    faint = Detection("dog", 0.1, 0.1, (0.5, 0.5, 0.6, 0.6))
    other = Detection("cat", 0.79, -0.01, (0.1, 0.1, 0.2, 0.2))
    found = sightings_of([close, clear, faint, other], "dog", CERTAINTY, 1.0)
    assert [one.score < CERTAINTY.sure for one in found] == [True, False]
    assert all(one.pts_seconds == 1.0 for one in found)


def test_a_wider_noun_takes_nothing_from_a_narrower_one() -> None:
    """The same box fits "dog" with 0.8 and "animal" with 0.79: it is surely both. "Cat" takes it from "dog"."""
    box = (0.1, 0.1, 0.2, 0.2)
    dog, animal, cat = (Detection(noun, 0.8 - 0.01 * (noun != "dog"), 0.0, box) for noun in ("dog", "animal", "cat"))

    def is_sure(*found: Detection) -> list[bool]:
        return [sightings_of(found, one.phrase, CERTAINTY, 0.0)[0].score >= CERTAINTY.sure for one in found]

    assert is_sure(dog, animal) == [True, True]
    assert is_sure(dog, cat) == [False, False]
    assert is_sure(dog, animal, cat) == [False, True, False]
    [one] = sightings_of([dog, cat], "dog", CERTAINTY, 0.0, lambda noun: noun != "cat")
    assert one.score == 0.8


@pytest.mark.parametrize(
    ("boxes", "is_there"),
    [
        ([_seen(0, 0.1), _seen(1, 0.3)], False),
        ([_seen(0, 0.1), _seen(1, 0.14)], True),
        ([_seen(0, 0.1), _seen(1, 0.3), _seen(2, 0.3, score=0.3)], False),
        ([_seen(0, 0.1), _seen(1, 0.3), _seen(2, 0.5)], True),
    ],
    ids=["two apart", "two at one place", "the third unsure", "three on a way"],
)
def test_two_boxes_apart_are_no_thing(boxes: list[NamedSighting], is_there: bool) -> None:
    """Boxes 0.1 wide: 0.04 apart two share 0.06 of 0.14, 0.2 apart nothing."""
    assert is_borne_out(tuple(boxes), CERTAINTY, FollowConfig()) is is_there
