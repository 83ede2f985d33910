"""What people object to takes its question and its twins along, and is counted."""

from pathlib import Path

import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.review import Change, Review
from pipeline.reviews.taken_out import of_rows, taken_out
from pipeline.storage.location import Location
from schemas.human_verdict import HumanVerdict, Judgement, texts_hash
from tests.finished import Whole

ROWS = [
    ("a-0", "a", None, "q", "yes", "no"),
    ("a-1", "a", None, "q", "yes", "maybe"),
    ("b-0", "b", "a", "q", "no", "yes"),
    ("c-0", "c", None, "r", "left", "right"),
]


def said(pair_id: str, texts: tuple[str, str, str], change: Change) -> HumanVerdict:
    """A verdict on a pair with these texts."""
    return HumanVerdict(pair_id=pair_id, texts_sha256=texts_hash(*texts), reviewer="ann", judged_at="t", **change)


def test_a_pair_takes_its_group_and_its_twin_along() -> None:
    """One of two pairs of a is wrong: both go, and so does the twin b; c stays."""
    found = of_rows(ROWS, [said("a-1", ("q", "yes", "maybe"), {"judgement": Judgement.WRONG})])
    assert found.group_ids == ("a", "b")
    assert (found.pairs_objected_to, found.groups_objected_to, found.twins_along, found.pairs) == (1, 1, 1, 3)
    assert found.words.startswith("3 pairs left out: people object to 1 pair of 1 question, which takes 1 twin along")


def test_a_twin_takes_the_group_along_that_it_is_of() -> None:
    """Not worth training on is an objection too; if both are objected to, neither is taken along."""
    twin = said("b-0", ("q", "no", "yes"), {"is_worth": False})
    assert of_rows(ROWS, [twin]).group_ids == ("a", "b")
    both = of_rows(ROWS, [twin, said("a-0", ("q", "yes", "no"), {"judgement": Judgement.DOUBTFUL})])
    assert (both.groups_objected_to, both.twins_along) == (2, 0)


def test_verdicts_on_other_texts_and_praise_take_nothing_out() -> None:
    """A stale objection is counted as such."""
    stale = said("c-0", ("r", "up", "down"), {"judgement": Judgement.WRONG})
    praise = said("c-0", ("r", "left", "right"), {"judgement": Judgement.RIGHT, "is_worth": True})
    found = of_rows(ROWS, [stale, praise])
    assert (found.group_ids, found.stale) == ((), 1)
    assert "1 verdict on other texts did not count" in found.words


@pytest.mark.parametrize("reviewers", [("ann",), ("ann", "bob")])
def test_the_objection_of_one_reviewer_is_enough(whole: Whole, tmp_path: Path, reviewers: tuple[str, ...]) -> None:
    """Read from a set and a folder, whatever others say."""
    pair = next(iter(whole.finalised.videos[0].pairs()))
    folder = ReviewFolder(Location.parse(str(tmp_path)))
    for name in reviewers:
        change: Change = {"judgement": Judgement.WRONG if name == "ann" else Judgement.RIGHT}
        Review(folder, name).say(pair.pair_id, texts_hash(pair.question, pair.chosen, pair.rejected), change)
    assert taken_out(FinishedSet.open(str(whole.path)), folder.all_verdicts()).group_ids == (pair.group_id,)
