"""A training leaves out what people object to, says so, and reads the rest again."""

from pathlib import Path

import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.review import Review
from pipeline.storage.location import Location
from pipeline.training.reviewed import objected_to
from schemas.errors import DatasetError
from schemas.human_verdict import Judgement, texts_hash
from schemas.pair import Pair
from tests.finished import Whole, write_set
from trainer.data.joined_sets import GivenSet, JoinedSets


def pairs_of(whole: Whole) -> list[Pair]:
    """Every pair of a set, in order."""
    return [pair for video in whole.finalised.videos for pair in video.pairs()]


def object_to(folder: Path, pairs: list[Pair]) -> str:
    """A folder in which someone calls some pairs wrong."""
    review = Review(ReviewFolder(Location.parse(str(folder))), "ann")
    for pair in pairs:
        review.say(pair.pair_id, texts_hash(pair.question, pair.chosen, pair.rejected), {"judgement": Judgement.WRONG})
    return str(folder)


def test_a_verdict_counts_in_whichever_set_has_the_pair(whole: Whole, tmp_path: Path) -> None:
    """Of two sets read as one, the second has a pair that is called wrong: its group is named as that of the second."""
    other = write_set(tmp_path / "other", videos=3)
    sets = tuple(GivenSet(str(one.path), FinishedSet.open(str(one.path))) for one in (other, whole))
    known = {pair.pair_id for pair in pairs_of(other)}
    wrong = next(pair for pair in pairs_of(whole) if pair.pair_id not in known)
    said: list[str] = []
    left_out = objected_to(JoinedSets(sets), [object_to(tmp_path / "r", [wrong])], said.append)
    assert left_out == {f"{wrong.group_id}@2"}
    assert "people object to 1 pair of 1 question" in said[0]


def test_what_became_guessable_is_warned_of(whole: Whole, tmp_path: Path) -> None:
    """Only pairs of one true answer are left: the readers are right in all of them, and each warns."""
    pairs = pairs_of(whole)
    kept = min(pairs, key=lambda pair: pair.pair_id)
    folder = object_to(tmp_path / "r", [pair for pair in pairs if pair.chosen != kept.chosen])
    said: list[str] = []
    objected_to(FinishedSet.open(str(whole.path)), [folder], said.append)
    assert any("0.5 is chance" in line for line in said)
    assert [line for line in said if line.startswith("warning: without what was left out, the reader of answer")]


def test_a_folder_without_verdicts_is_refused(whole: Whole, tmp_path: Path) -> None:
    """A mistyped --reviews would otherwise train on what people call wrong."""
    with pytest.raises(DatasetError, match="holds no verdicts"):
        objected_to(FinishedSet.open(str(whole.path)), [str(tmp_path / "nothing")], print)
