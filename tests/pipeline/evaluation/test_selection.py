"""Which groups of a set are evaluated."""

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.selection import select
from pipeline.evaluation.split import EvaluatedSplit
from tests.finished import Whole
from trainer.data.training_data import read_training_data
from trainer.data_settings import DataConfig
from trainer.recipe import TrainRecipe


def test_validation_is_what_training_holds_out(whole: Whole) -> None:
    """Without a validation split of the set's own it is the share of videos that training takes by hash: none of the
    others is among them, and a limit keeps the order.
    """
    opened = FinishedSet.open(str(whole.path))
    chosen = {"num_frames": None, "trained": DataConfig(held_out_share=0.4), "seed": 0}
    held_out = select(opened, EvaluatedSplit.VALIDATION, **chosen)  # type: ignore[arg-type]  # options of many kinds
    everything = select(opened, EvaluatedSplit.ALL, **chosen)  # type: ignore[arg-type]  # options of many kinds
    videos = {rows.video_id for rows in held_out.groups}
    assert 0 < len(videos) < len({rows.video_id for rows in everything.groups})
    assert set(held_out.groups) == {rows for rows in everything.groups if rows.video_id in videos}
    trained = select(opened, EvaluatedSplit.TRAIN, **chosen)  # type: ignore[arg-type]  # options of many kinds
    assert set(trained.groups) == set(everything.groups) - set(held_out.groups)
    few = select(opened, EvaluatedSplit.ALL, limit=4, **chosen)  # type: ignore[arg-type]  # options of many kinds
    assert few.groups == everything.groups[:4]


def test_of_a_training_on_fewer_groups_these_alone_are_its_training_groups(whole: Whole) -> None:
    """With `max_groups` the split train is what the training reads of the set, and not a group more."""
    opened, recipe = FinishedSet.open(str(whole.path)), TrainRecipe(data=DataConfig(held_out_share=0.4, max_groups=3))
    selected = select(opened, EvaluatedSplit.TRAIN, num_frames=None, trained=recipe.data, seed=0)
    assert len(selected.groups) == 3
    assert set(selected.groups) == set(read_training_data(opened, recipe, None).groups)
