"""Several sets in one training: every group keeps its own clip, no video is on both sides, and shares are kept."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.dataset.finished_set import FinishedSet
from schemas.errors import DatasetError
from schemas.pair import Pair
from schemas.video import Split
from tests.trainer.trainings import recipe, training_set, write_training_set
from trainer.data.joined_sets import GivenSet, JoinedSets
from trainer.data.training_data import TrainingData, read_training_data


def given(path: Path, share: float | None = None) -> GivenSet:
    """The set at a path."""
    return GivenSet(str(path), FinishedSet.open(str(path)), share)


def read(*sets: GivenSet, held_out: float = 0.0) -> TrainingData:
    """The data of a training on these sets."""
    asked = recipe(data={"held_out_share": held_out})
    return read_training_data(JoinedSets(sets) if len(sets) > 1 else sets[0].opened, asked, None)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set about the same videos, of which the first is in its validation split."""

    def changed(pair: Pair) -> Pair:
        held = pair.video_id == min(VIDEOS)
        return pair.model_copy(update={"split": Split.VALIDATION if held else Split.TRAIN})

    return write_training_set(tmp_path_factory.mktemp("other") / "ds", change=changed)


VIDEOS = sorted({group.video_id for group in read(given(training_set())).groups})


def test_the_groups_of_both_are_there_with_their_own_clips() -> None:
    """The same set twice has each group twice, under two ids; both show the frames that the set alone shows, also of
    their negatives, and twins stay with the twins of their own set.
    """
    alone, both = read(given(training_set())), read(given(training_set()), given(training_set()))
    assert len(both.groups) == 2 * len(alone.groups)
    by_id = {group.group_id: group for group in both.groups}
    assert set(by_id) == {f"{group.group_id}@{number}" for group in alone.groups for number in (1, 2)}
    for group in alone.groups:
        own = alone.loader.load(group, contrasts=True)
        for number in (1, 2):
            marked = by_id[f"{group.group_id}@{number}"]
            assert marked.twin_of == (group.twin_of and f"{group.twin_of}@{number}")
            shown = both.loader.load(marked, contrasts=True)
            assert np.array_equal(shown.preferred.frames_NHWC, own.preferred.frames_NHWC)
            assert [contrast.kind for contrast in shown.contrasts] == [contrast.kind for contrast in own.contrasts]


def test_a_video_that_one_set_holds_out_is_trained_on_in_none(other: Path) -> None:
    """The first set would train on all videos; that of the other set's validation split is left out of it, counted."""
    data = read(given(training_set()), given(other))
    held_out = {group.video_id for group in data.held_out}
    assert held_out == {min(VIDEOS)}
    assert {group.video_id for group in data.groups} == set(VIDEOS) - held_out
    alone = read(given(training_set()))
    rows = sum(len(group.rejected) for group in alone.groups if group.video_id in held_out)
    assert data.held_out_elsewhere == rows > 0
    assert any("another set holds their videos out" in line for line in data.lines())


def test_a_set_alone_holds_out_no_video_that_was_trained_on(other: Path) -> None:
    """`evaluate` reads one set: what it holds out by hash was held out in the training on several, too."""
    trained = {group.video_id for group in read(given(training_set()), given(other), held_out=0.3).groups}
    for path in (training_set(), other):
        assert not trained & {group.video_id for group in read(given(path), held_out=0.3).held_out}


def test_every_video_held_out_elsewhere_is_an_error(tmp_path: Path) -> None:
    """Nothing would be left to train on; the line says what to do."""

    def moved(pair: Pair, first: Split, second: Split) -> Pair:
        return pair.model_copy(update={"split": first if pair.video_id in VIDEOS[:2] else second})

    one = write_training_set(tmp_path / "one", change=lambda pair: moved(pair, Split.TRAIN, Split.TEST))
    two = write_training_set(tmp_path / "two", change=lambda pair: moved(pair, Split.TEST, Split.TRAIN))
    with pytest.raises(DatasetError, match="held out by another set; build them with equal splits"):
        read(given(one), given(two))


@pytest.mark.parametrize(("shares", "parts"), [((1.0, 1.0), (1, 1)), ((3.0, 1.0), (1, 1 / 3)), ((0.25, 0.5), (0.5, 1))])
def test_shares_are_of_pairs(shares: tuple[float, float], parts: tuple[float, float]) -> None:
    """Two sets of N pairs each: with 3 to 1 all of the first and N / 3 of the second; a group more is taken at most, no
    group twice, and the same ones every time.
    """
    sets = [given(training_set(), share) for share in shares]
    data = read(*sets)
    pairs = {number: [group for group in data.groups if group.group_id.endswith(f"@{number}")] for number in (1, 2)}
    whole = sum(len(group.rejected) for group in read(given(training_set())).groups)
    for number, part in zip((1, 2), parts, strict=True):
        taken = sum(len(group.rejected) for group in pairs[number])
        assert whole * part <= taken < whole * part + 5
    assert len({group.group_id for group in data.groups}) == len(data.groups)
    assert read(*sets).groups == data.groups
