"""Steps are loaded ahead, in order, and each process gets its share."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from schemas.errors import EncodingError, TrainingError
from tests.trainer.policies import rows_of
from trainer.data.records import GroupRows
from trainer.data.step_order import OptimiserStep
from trainer.loop.prefetch import StepFeed, refuse_empty
from trainer.loop.ranks import Rank


@dataclass
class FakeEncoder:
    """Encodes a group as its id, and remembers the order."""

    encoded: list[str] = field(default_factory=list)

    def encode(self, rows: GroupRows) -> Any:
        """The id; a group named "bad" does not fit."""
        if rows.group_id == "bad":
            raise EncodingError("group bad: too long")
        self.encoded.append(rows.group_id)
        return rows.group_id


def steps(*ids: str) -> list[OptimiserStep]:
    """A step for each string, of groups named by its letters."""
    return [OptimiserStep(tuple(rows_of(letter) for letter in one.split()), len(one.split())) for one in ids]


def test_each_item_is_a_step_and_the_next_is_loaded_once() -> None:
    """Read in order, every group is encoded once, in order."""
    encoder: Any = FakeEncoder()
    feed = StepFeed(steps("a b", "c", "d e"), encoder, Rank())
    assert [[ready for ready, _ in feed[index].groups] for index in range(len(feed))] == [["a", "b"], ["c"], ["d", "e"]]
    assert encoder.encoded == ["a", "b", "c", "d", "e"]
    with pytest.raises(IndexError):
        feed[3]


def test_a_step_in_the_middle_can_be_read_first() -> None:
    """As when a training resumes: the steps before are not loaded."""
    encoder: Any = FakeEncoder()
    feed = StepFeed(steps("a", "b", "c"), encoder, Rank())
    assert [ready for ready, _ in feed[2].groups] == ["c"]
    assert encoder.encoded == ["c"]


def test_a_process_gets_its_share_of_a_step() -> None:
    """Rank 1 of 2 gets the second of three groups and repeats the third, which does not count; `pairs` is 3."""
    encoder: Any = FakeEncoder()
    step = StepFeed(steps("a b c"), encoder, Rank(1, 2))[0]
    assert step.groups == (("b", True), ("c", False))
    assert step.pairs == 3


def test_a_group_that_does_not_fit_fails_its_own_step() -> None:
    """The step before it is still made."""
    encoder: Any = FakeEncoder()
    feed = StepFeed(steps("a", "bad"), encoder, Rank())
    assert feed[0].pairs == 1
    with pytest.raises(EncodingError, match="group bad"):
        feed[1]


def test_a_training_without_steps_is_refused() -> None:
    """The line names settings that help."""
    with pytest.raises(TrainingError, match=r"raise data\.num_frames or data\.max_groups"):
        refuse_empty([])
    refuse_empty(steps("a"))
