"""A training goes on without groups that cannot be read, and says which they are."""

from pathlib import Path

import pytest

from pipeline.dataset.finished_set import FinishedSet
from schemas.clip import Clip
from schemas.drop import DropReason
from schemas.errors import TrainingError
from schemas.pair import Pair
from tests.trainer.trainings import recipe, request, training_set, write_training_set
from trainer.data.joined_sets import GivenSet
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.loop.session import TrainRequest
from trainer.loop.train import train
from trainer.policy.trained import trained_of

pytestmark = pytest.mark.slow(20)
FAST = {"learning_rate": 1e-2, "warmup": 0.0}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A set of four clips, of which the first has a frame that is no picture, and the groups about that clip."""
    victim = min(clip.clip_id for clip in FinishedSet.open(str(training_set())).records(Clip, "clips"))

    def broken(clip: Clip) -> Clip:
        if clip.clip_id != victim:
            return clip
        frames = tuple(frame.model_copy(update={"jpeg": b"no picture"}) for frame in clip.frames)
        return clip.model_copy(update={"frames": frames})

    path = write_training_set(tmp_path_factory.mktemp("damaged") / "ds", change_clip=broken)
    pairs = FinishedSet.open(str(path)).records(Pair, "pairs")
    return path, {pair.group_id for pair in pairs if pair.clip_id == victim}


def asked(out: Path, path: Path, share: float, **run: object) -> TrainRequest:
    """A training on that set that allows a share of its groups to be left out."""
    wanted = recipe(optimiser=FAST, run={"pairs_per_step": 3, **run}, engine={"max_dropped_share": share, "feeders": 2})
    return request(out, wanted, data=(GivenSet(str(path), FinishedSet.open(str(path))),))


def test_the_groups_are_named_and_the_training_goes_on(tmp_path: Path, damaged: tuple[Path, set[str]]) -> None:
    """Each is once in metrics.jsonl and in policy.json over two epochs. A step with nothing else makes no change and
    is a step all the same.
    """
    path, lost = damaged
    said: list[str] = []
    summary = train(asked(tmp_path / "policy", path, 0.5, epochs=2), said.append)
    log = MetricsLog(tmp_path / "policy" / METRICS).read()
    assert sorted(str(line["dropped"]) for line in log if "dropped" in line) == sorted(lost)
    assert all(line["reason"] == "unreadable" for line in log if "dropped" in line)
    assert sum("loss" in line for line in log) == summary.steps
    assert sum(line.startswith("left out: group ") for line in said) == len(lost)
    trained = trained_of(str(tmp_path / "policy"))
    assert trained is not None
    drops = trained.manifest.dropped_groups
    assert [drop.item_id for drop in drops] == sorted(lost)
    assert {drop.reason for drop in drops} == {DropReason.UNREADABLE}


def test_more_than_the_share_stops_it(tmp_path: Path, damaged: tuple[Path, set[str]]) -> None:
    """By default one in a hundred: the line names a group, the clip and the key."""
    path, _ = damaged
    with pytest.raises(TrainingError, match=r"group \S+: clip \S+, .*not a readable JPEG.*max_dropped_share=0\.01"):
        train(asked(tmp_path / "policy", path, 0.01), lambda _: None)
    assert not (tmp_path / "policy" / "policy.json").exists()
