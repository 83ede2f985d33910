"""Steps are loaded ahead, in order, each process gets its share, and what cannot be used is left out."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from schemas.drop import DropReason
from schemas.errors import EncodingError, TrainingError
from tests.trainer.policies import rows_of
from trainer.data.records import GroupRows
from trainer.data.step_order import OptimiserStep
from trainer.data.twins import TwinGroups
from trainer.loop.feeders import Feeders
from trainer.loop.metrics_log import MetricsLog
from trainer.loop.prefetch import GroupFeed, StepFeed, open_feed, refuse_empty
from trainer.loop.ranks import Rank
from trainer.loop.unusable import UnusableGroup, Unusables
from trainer.scoring.ready_group import ReadyGroup


@dataclass
class FakeEncoder:
    """Encodes a group as itself without pixels, and remembers the order."""

    encoded: list[str] = field(default_factory=list)

    def units(self, groups: Any) -> list[TwinGroups]:
        """Each group by itself."""
        return [(group,) for group in groups]

    def attempt(self, groups: TwinGroups) -> ReadyGroup | UnusableGroup:
        """The group; one whose id begins with "bad" does not fit."""
        [rows] = groups
        self.encoded.append(rows.group_id)
        if rows.group_id.startswith("bad"):
            return UnusableGroup.of(groups, EncodingError(f"group {rows.group_id}: too long"))
        return ready(rows)


def ready(rows: GroupRows) -> ReadyGroup:
    answers: Any = None  # nothing here looks at tensors
    return ReadyGroup(rows, answers)


def steps(*ids: str) -> list[OptimiserStep]:
    """A step for each string, of groups named by its words."""
    return [OptimiserStep(tuple(rows_of(name) for name in one.split()), len(one.split())) for one in ids]


@dataclass
class Fed:
    """A feed of fakes, and what it printed."""

    folder: Path
    rank: Rank = field(default_factory=Rank)
    count: int = 1
    max_share: float = 1.0
    resumed_at: int = 0
    encoder: FakeEncoder = field(default_factory=FakeEncoder)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        log = MetricsLog(self.folder / "metrics.jsonl")
        self.unusables = Unusables(10, self.max_share, log, self.said.append, self.rank, self.resumed_at)
        encoder: Any = self.encoder
        self.feed = GroupFeed(encoder, Feeders(self.count), self.unusables, ready(rows_of("stand-in")))

    def step_feed(self, *ids: str) -> StepFeed:
        """The steps of these groups."""
        return StepFeed(steps(*ids), self.feed, self.rank)


def ids_of(step: Any) -> list[tuple[str, bool]]:
    return [(one.rows.group_id, counts) for one, counts in step.groups]


@pytest.mark.parametrize("count", [1, 3])
def test_each_item_is_a_step_and_the_next_is_loaded_once(tmp_path: Path, count: int) -> None:
    """Read in order, every group is encoded once, and each step holds its own in order, whatever the threads."""
    fed = Fed(tmp_path, count=count)
    feed = fed.step_feed("a b", "c", "d e")
    found = [[name for name, _ in ids_of(feed[index])] for index in range(len(feed))]
    assert found == [["a", "b"], ["c"], ["d", "e"]]
    assert sorted(fed.encoder.encoded) == ["a", "b", "c", "d", "e"]
    with pytest.raises(IndexError):
        feed[3]


def test_more_steps_are_begun_if_there_are_more_threads() -> None:
    """With one thread the next step, with three threads as many as hold three groups."""
    begun = {}
    for count in (1, 3):
        fed = Fed(Path("unused"), count=count)
        feed = fed.step_feed("a", "b", "c", "d", "e", "f")
        _ = feed[0]
        begun[count] = sorted(feed._begun)
    assert begun == {1: [1], 3: [1, 2, 3]}


def test_a_step_in_the_middle_can_be_read_first(tmp_path: Path) -> None:
    """As when a training resumes: the steps before are not loaded."""
    fed = Fed(tmp_path)
    assert ids_of(fed.step_feed("a", "b", "c")[2]) == [("c", True)]
    assert fed.encoder.encoded == ["c"]


def test_a_process_gets_its_share_of_a_step(tmp_path: Path) -> None:
    """Rank 1 of 2 gets the second of three groups and repeats the third, which does not count; `pairs` is 3."""
    step = Fed(tmp_path, rank=Rank(1, 2)).step_feed("a b c")[0]
    assert ids_of(step) == [("b", True), ("c", False)]
    assert step.pairs == 3


def test_a_group_that_does_not_fit_is_left_out_and_stays_in_the_divisor(tmp_path: Path) -> None:
    """Alone a process goes on without it. Beside others it makes the passes of a stand-in, which does not count. In
    both cases the step's pairs are as planned.
    """
    alone, beside = Fed(tmp_path).step_feed("a bad", "b")[0], Fed(tmp_path, rank=Rank(0, 2)).step_feed("bad b c")[0]
    assert (ids_of(alone), alone.pairs) == ([("a", True)], 2)
    assert (ids_of(beside), beside.pairs) == ([("stand-in", False), ("c", True)], 3)


def test_what_is_left_out_is_logged_once_and_known_after_a_resume(tmp_path: Path) -> None:
    """Met in two epochs, named once with its reason at the step that met it; a run that resumes from that step knows
    it, one that resumes from an earlier step does not.
    """
    fed = Fed(tmp_path)
    feed = fed.step_feed("a bad1", "bad2", "bad1")
    for index in range(3):
        _ = feed[index]
        fed.unusables.settle(index + 1)
    found = [(line["step"], line["dropped"], line["reason"]) for line in fed.unusables.log.read()]
    assert found == [(1, "bad1", "not_encodable"), (2, "bad2", "not_encodable")]
    assert fed.said == ["left out: group bad1: too long", "left out: group bad2: too long"]
    assert [(drop.item_id, drop.video_id, drop.reason) for drop in fed.unusables.drops] == [
        (name, "v", DropReason.NOT_ENCODABLE) for name in ("bad1", "bad2")
    ]
    resumed = {step: [drop.item_id for drop in Fed(tmp_path, resumed_at=step).unusables.drops] for step in (0, 1, 2)}
    assert resumed == {0: [], 1: ["bad1"], 2: ["bad1", "bad2"]}


def test_more_than_the_share_that_may_be_left_out_stops_the_training(tmp_path: Path) -> None:
    """Of 10 groups 10 % is one: the second is too many, and both keys and groups are named."""
    fed = Fed(tmp_path, max_share=0.1)
    feed = fed.step_feed("bad1", "bad2")
    _ = feed[0]
    fed.unusables.settle(1)
    _ = feed[1]
    with pytest.raises(TrainingError, match=r"2 groups .* bad2: too long; engine\.max_dropped_share=0\.1 allows 1"):
        fed.unusables.settle(2)


def test_the_stand_in_is_the_largest_group_that_can_be_used(tmp_path: Path) -> None:
    """Larger ones that cannot be used are passed over, as many as may be left out."""

    def opened(share: float, *names: str) -> str:
        fed = Fed(tmp_path, max_share=share)
        encoder: Any = fed.encoder
        units = [(rows_of(name),) for name in names]
        tokens = {name: len(names) - place for place, name in enumerate(names)}
        first, feed = open_feed(encoder, units, lambda rows: tokens[rows.group_id], Feeders(), fed.unusables)
        assert feed.stand_in.rows == first.rows
        return first.rows.group_id

    assert opened(0.1, "bad1", "b", "c") == "b"
    with pytest.raises(TrainingError, match="group bad2: too long; "):
        opened(0.1, "bad1", "bad2", "c")


def test_a_training_without_steps_is_refused() -> None:
    """The line names settings that help."""
    with pytest.raises(TrainingError, match=r"raise data\.num_frames or data\.max_groups"):
        refuse_empty([])
    refuse_empty(steps("a"))
