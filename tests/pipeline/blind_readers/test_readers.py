"""A blind reader learns from other videos and finds a plain habit."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from pipeline.blind_readers.groups import BlindGroup, pairing_of
from pipeline.blind_readers.readers import TEXT_FEATURES, BlindReader, Reader
from schemas.claim import Axis
from schemas.pair import RejectedKind
from stages.seeding import rng_for
from tests.shared import NEEDS_SHARED, shared


def groups(videos: int, chosen: str, rejected: str) -> list[BlindGroup]:
    """One group per video, each with the same two answers."""
    kinds = (RejectedKind.RELEVANT,)
    return [
        BlindGroup(str(number), f"v{number}", "c", Axis.SPATIAL, "Which one?", (chosen, rejected), kinds)
        for number in range(videos)
    ]


def halves(found: list[BlindGroup], reader: Reader) -> float:
    """The share of pairs in which a reader scores chosen above rejected, a tie counting one half."""
    pairing = pairing_of(found, np.zeros(len(found), dtype=np.int64))
    return float(
        BlindReader(TEXT_FEATURES[reader](found), found).wins(pairing, rng_for(0, "tests", "readers")).halves.mean()
    )


@pytest.mark.parametrize("reader", TEXT_FEATURES)
def test_a_plain_habit_is_found_by_every_reader(reader: Reader) -> None:
    """If the longer answer, with the same words, is always chosen, each reader finds it in every pair."""
    assert halves(groups(40, "It goes left now and then.", "It goes right."), reader) == 1


@pytest.mark.parametrize("reader", TEXT_FEATURES)
def test_answers_that_are_equal_are_ties(reader: Reader) -> None:
    """Nothing distinguishes two equal texts, for some readers not even a feature: every pair counts one half."""
    assert halves(groups(40, "It goes left.", "It goes left."), reader) == 0.5


def test_a_reader_never_learns_from_the_video_that_it_scores() -> None:
    """Each video has a word of its own in its chosen answer: it cannot be learned from the other videos."""
    kinds = (RejectedKind.RELEVANT,)
    names = [f"word{number}" for number in range(80)]
    own = [
        BlindGroup(name, f"v{i // 2}", "c", Axis.SPATIAL, "?", (f"It is {name}.", f"It is {names[i - 1]}."), kinds)
        for i, name in enumerate(names)
    ]
    assert abs(halves(own, Reader.ANSWER) - 0.5) < 0.2


def test_one_video_is_refused() -> None:
    """With one video there is none to learn from."""
    only = groups(1, "It goes left.", "It goes right.")
    with pytest.raises(ValueError, match="at least 2"):
        halves(only, Reader.ANSWER)


@pytest.mark.parametrize("videos", [2, 3])
def test_a_single_pair_teaches_nothing(videos: int) -> None:
    """With one pair in each of two or three videos some reader learns from one pair alone: it guesses, and goes on."""
    assert halves(groups(videos, "It goes left.", "It goes right."), Reader.ANSWER) in {0.5, 1.0}


@NEEDS_SHARED
def test_the_leak_of_a_published_set_is_found() -> None:
    """The answer alone gives away at least 0.8 of the pairs that VistaDPO released."""
    assert halves(list(_published()), Reader.ANSWER) >= 0.8


def _published() -> Iterator[BlindGroup]:
    path = shared("reference", "vistadpo_object_set.head60.jsonl")
    for number, line in enumerate(path.read_text().splitlines()):
        row = json.loads(line)
        yield BlindGroup(
            group_id=str(number),
            video_id=row["video"],
            shown=row["video"],
            axis=Axis.SPATIAL,
            question=row["prompt"],
            texts=(row["chosen"], row["rejected"], row["rejected_2"]),
            kinds=(RejectedKind.RELEVANT, RejectedKind.IRRELEVANT),
        )
