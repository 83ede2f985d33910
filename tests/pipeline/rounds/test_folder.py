"""The folder of a loop."""

from pathlib import Path

import pytest

from pipeline.rounds.folder import LoopFolder, set_of_round
from schemas.errors import DatasetError


def with_sets(folder: Path, *rounds: int) -> str:
    for number in rounds:
        place = LoopFolder(folder).round(number).ds
        place.mkdir(parents=True)
        (place / "dataset.json").touch()
    return str(folder)


def test_a_loop_stands_for_the_set_of_its_last_round(tmp_path: Path) -> None:
    """Round 11 comes after round 9; a round under way has none yet."""
    loop = with_sets(tmp_path, 2, 9, 11)
    LoopFolder(tmp_path).round(12).ds.mkdir(parents=True)
    assert set_of_round(loop, None) == str(tmp_path / "round-11" / "ds")
    assert set_of_round(loop, 2) == str(tmp_path / "round-02" / "ds")


def test_a_set_stands_for_itself(tmp_path: Path) -> None:
    """Also one on a store, which is no loop."""
    assert set_of_round(str(tmp_path), None) == str(tmp_path)
    assert set_of_round("s3://bucket/ds", None) == "s3://bucket/ds"


def test_a_round_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """With those that are."""
    with pytest.raises(DatasetError, match="has no set of round 3; it has those of 1, 2"):
        set_of_round(with_sets(tmp_path / "loop", 1, 2), 3)
    with pytest.raises(DatasetError, match="is no loop of rounds"):
        set_of_round(str(tmp_path / "set"), 1)


def test_the_link_to_the_best_policy_moves_with_the_loop(tmp_path: Path) -> None:
    """It is relative to a policy of the loop, absolute to the model that it was given, and can change."""
    folder, model = LoopFolder(tmp_path / "loop"), tmp_path / "model"
    for place in (folder.round(1).policy, folder.round(2).policy, model):
        place.mkdir(parents=True)
        (place / "name").write_text(str(place.parent.name))
    folder.point_policy_at(model)
    assert folder.policy.resolve() == model
    for number in (1, 1, 2):
        folder.point_policy_at(folder.round(number).policy)
    moved = (tmp_path / "loop").rename(tmp_path / "moved")
    assert (moved / "policy" / "name").read_text() == "round-02"
    assert not list(moved.glob(".policy*"))
