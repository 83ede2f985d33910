"""The parts of the small policy's trial: its base learns by the loss that scores it, has a habit, and sees controls."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.selection import SelectedGroups, select
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.recipes.file import read_recipe
from pipeline.stats.bootstrap import Share
from schemas.shown import AS_STORED, EditKind
from stages.models.video_llm import open_family
from stages.models.video_llm.score import score
from stages.seeding import rng_for
from tests.benchmarks.small_policy import ARMS, KEYS, Finding
from tests.benchmarks.small_policy_base import BaseSettings, Examples, answer_loss, darkened, habitual, write_base
from tests.benchmarks.small_policy_scores import Line, lines, only_seams, results_of
from tests.benchmarks.small_policy_set import small_worlds
from tests.planted_sets import planted_set
from trainer.answering.evaluate import GroupResult
from trainer.data.twins import grouped_with_twins
from trainer.data_settings import DataConfig
from trainer.policy.side_by_side import BASE, ComparedModel
from trainer.recipe import TrainRecipe, recipe_folder

FRAMES = 8


@pytest.mark.parametrize("name", ARMS)
def test_every_way_to_train_is_a_recipe(name: str) -> None:
    """Its keys go with those that all share."""
    arm = ARMS[name]
    _, recipe = read_recipe(arm.recipe, TrainRecipe, recipe_folder(), (*KEYS, *arm.keys))
    assert recipe.run.pairs_per_step > 0


@pytest.fixture(scope="module")
def selected(tmp_path_factory: pytest.TempPathFactory) -> SelectedGroups:
    """Questions about planted edits of four clips."""
    folder = tmp_path_factory.mktemp("small") / "ds"
    planted_set(folder, 4)
    opened = FinishedSet.open(str(folder))
    return select(opened, EvaluatedSplit.ALL, num_frames=FRAMES, trained=DataConfig(), seed=0)


@pytest.fixture(scope="module")
def base(selected: SelectedGroups, tmp_path_factory: pytest.TempPathFactory) -> ComparedModel:
    """A base that has made two steps."""
    folder = tmp_path_factory.mktemp("base") / "base"
    write_base(folder, selected.groups, selected.loader, BaseSettings(steps=2, batch=2))
    family = open_family(str(folder))
    return ComparedModel(BASE, family, family.load(dtype=torch.float32).eval(), shares_tower=False)


@torch.no_grad()
def test_a_batch_has_the_loss_of_its_rows(selected: SelectedGroups, base: ComparedModel) -> None:
    """The mean over rows of different length is the mean of what each scores alone. Pixels are held in half precision,
    which moves a loss of tens of nats by less than 0.01.
    """
    examples, batch, alone = Examples(base.model, base.family), [], []
    for group in selected.groups[:3]:
        visual = selected.loader.load(group, contrasts=False).preferred
        question = f"{group.question} " * (1 + len(batch))
        batch.append(examples.of(visual, question, group.chosen.text))
        encoded = base.family.encode(visual, question, [group.chosen.text])
        alone.append(-float(score(base.model, base.family, encoded).sums_K[0]))
    assert float(answer_loss(base.model, batch)) == pytest.approx(np.mean(alone), abs=0.01)


def test_the_usual_answer_comes_as_often_as_the_habit_says(selected: SelectedGroups) -> None:
    """Of 1,000 draws 85 % are the first answer by alphabet, within four standard errors of 0.011."""
    [twins, *_] = grouped_with_twins(selected.groups)
    rng = rng_for(0, "tests", "habit")
    drawn = [habitual(twins, 0.85, rng).chosen.text for _ in range(1000)]
    usual, *others = sorted({group.chosen.text for group in twins})
    assert drawn.count(usual) / 1000 == pytest.approx(0.85, abs=0.045)
    assert set(drawn) == {usual, *others}


def test_a_plain_example_is_dark_where_the_edit_is_and_only_there(selected: SelectedGroups) -> None:
    """The frames in the edit's stretch lose more than half of their light, the others nothing; a whole clip is no
    stretch.
    """
    group = selected.groups[0]
    stored = selected.loader.load(replace(group, shown=AS_STORED), contrasts=False).preferred
    made = darkened(stored, group.shown)
    edit = group.shown.edits[0]
    assert made is not None
    for seconds, before, after in zip(stored.pts_seconds, stored.frames_NHWC, made.frames_NHWC, strict=True):
        if edit.start_seconds <= seconds < edit.end_seconds:
            assert after.mean() < 0.5 * before.mean()
        else:
            assert np.array_equal(before, after)
    whole = edit.model_copy(update={"start_seconds": 0.0, "end_seconds": 100.0})
    assert darkened(stored, group.shown.model_copy(update={"edits": (whole,)})) is None


def test_controls_keep_the_question_and_the_seams(selected: SelectedGroups) -> None:
    """Nothing but the edits goes."""
    for group, control in zip(selected.groups, only_seams(selected.groups), strict=True):
        assert control == replace(group, shown=control.shown)
        seams = tuple(edit for edit in group.shown.edits if edit.kind is EditKind.SEAM)
        assert control.shown.edits == seams
        assert len(seams) == len(group.shown.edits) - 1


def test_who_does_not_look_is_at_chance(selected: SelectedGroups, base: ComparedModel) -> None:
    """A model that scores texts alone wins half of the pairs of twins, and never a group and its twin."""
    results = results_of([base], selected.groups[:1], selected.loader, writing=1)
    assert [len(found) for found in results.values()] == [1]
    blind = [
        GroupResult(group, tuple(-float(sum(answer.text.encode())) for answer in group.answers))
        for group in selected.groups
    ]
    by_name = {line.name: line for line in lines([blind, blind], blind)}
    assert by_name["chosen over rejected"].share.point == 0.5
    assert by_name["a group and its twin both right"].share.point == 0.0
    assert by_name["chosen over rejected"].gain == (0.0, 0.0, 0.0)
    assert by_name["mirrored: chosen over rejected"].share.pairs == by_name["chosen over rejected"].share.pairs


def test_every_world_of_the_trial_has_a_lamp_in_the_upper_left() -> None:
    """Small, slow, and with something that tells left from right and up from down."""
    for world in small_worlds(1, 5):
        assert (world.width, world.height, world.fps) == (96, 96, 8)
        [lamp] = [thing for thing in world.things if thing.thing_id == "lamp"]
        assert all(key.x < 0.3 and key.y < 0.3 for key in lamp.stays[0].keys)
        assert lamp.stays[0].keys[-1].seconds > world.duration_seconds


def _line(low: float, point: float, high: float) -> Line:
    return Line("a line", Share(point, low, high, 100, 20), (0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("seams", "unmet"),
    [
        (_line(0.5 + 1e-16, 0.5, 0.501), []),
        (_line(0.501, 0.503, 0.505), ["arm: seams alone move it away from chance"]),
        (_line(0.44, 0.5, 0.56), ["arm: too few controls"]),
    ],
)
def test_seams_alone_must_leave_it_at_chance(seams: Line, unmet: list[str]) -> None:
    """The interval holds 0.5, but for the rounding of sums, and is no wider than 0.05 to each side."""
    good = (_line(0.6, 0.7, 0.8), _line(0.4, 0.5, 0.6), _line(0.3, 0.4, 0.5))
    assert list(Finding("arm", good, seams).unmet()) == unmet
