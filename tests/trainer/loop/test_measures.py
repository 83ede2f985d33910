"""What the reference says of groups before the first step, and trainings that go by it.

Covers reference_order and work.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from schemas.errors import OutputError
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.models.video_llm.score import Scores
from tests.trainer.policies import rows_of
from tests.trainer.scoring.test_ready_group import encoded
from tests.trainer.trainings import recipe, request, run
from trainer.loop.measures import MEASURES_FILE, GroupMeasure, gap_lines, measure
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.loop.ranks import Rank
from trainer.loop.session import WORK, Session
from trainer.recipe import TrainRecipe
from trainer.scoring.ready_group import EncodedContrast, ReadyGroup

VISTA: dict[str, Any] = {
    "loss": {"method": "vistadpo", "vista": {"tokens": 0}},
    "run": {"pairs_per_step": 2, "epochs": 2},
}


def scores(*sums: float) -> Scores:
    """Answers of two tokens each with these sums."""
    halves_KT = torch.tensor([[total / 2] * 2 for total in sums], dtype=torch.float64)
    return Scores(halves_KT, torch.ones_like(halves_KT, dtype=torch.bool))


def test_margins_and_gaps_by_hand() -> None:
    """Chosen -2, rejected -3 and -7: mean margin (1 + 5) / 2 = 3. On the clip with another end -5: gap 3; of two other
    visuals -1 and -1.5: gap 0.5.
    """
    contrasts = (
        EncodedContrast(VisualLevel.INSTANCE, None, encoded(1), place=4),
        EncodedContrast(VisualLevel.TEMPORAL, encoded(2), encoded(3), place=1),
    )
    ready = ReadyGroup(rows_of(), encoded(0), contrasts)
    found = measure(ready, [scores(-2, -3, -7), scores(-5), scores(-1), scores(-1.5)])
    assert found.margin == 3.0
    assert found.gaps == {4: 3.0, 1: 0.5}


def test_gaps_are_told_by_kind() -> None:
    """Two groups with a reversed clip, one of them with a black one too, and one that could not be used."""
    kinds = (VisualKind.REVERSED, VisualKind.BLACK)
    negatives = tuple(VisualNegative(level=kind.level, kind=kind) for kind in kinds)
    groups = [replace(rows_of(name), negatives=negatives) for name in ("a", "b", "damaged")]
    measures = {"a": GroupMeasure(margin=1.0, gaps={0: 2.0, 1: 9.0}), "b": GroupMeasure(margin=None, gaps={0: 3.0})}
    assert list(gap_lines(groups, measures)) == [
        "instance negatives, black: the reference tells them by 9.00 nats (mean of 1)",
        "instance negatives, reversed: the reference tells them by 2.50 nats (mean of 2)",
    ]


def easy_first(**data: Any) -> TrainRecipe:
    return recipe(data={"order": "easy_first", "stages": 2, **data}, run={"pairs_per_step": 4, "epochs": 2})


def test_each_lot_is_trained_on_in_all_epochs_before_the_next(tmp_path: Path) -> None:
    """By what the reference finds likely: the first lot twice, then the second, each group in one lot, and each line of
    the log with its stage. A second run finds the measures and the order of the first.
    """
    asked = easy_first(difficulty="reference")
    _, said = run(tmp_path / "policy", asked)
    records = [one for one in MetricsLog(tmp_path / "policy" / METRICS).read() if "loss" in one]
    stages = [one["stage"] for one in records]
    assert stages == sorted(stages)
    assert set(stages) == {1.0, 2.0}
    assert any(line.startswith("time: about") for line in said)
    file = tmp_path / "policy" / WORK / "reference" / MEASURES_FILE
    before = file.read_bytes()
    (tmp_path / "policy" / "policy.json").unlink()
    run(tmp_path / "policy", asked)
    assert file.read_bytes() == before
    session = Session(request(tmp_path / "other", asked), Rank(), lambda _: None)
    margins = {group.group_id: -float(place) for place, group in enumerate(session.data.groups)}
    steps = session.data.steps(asked, margins)
    lots = [[{g.group_id for g in step.groups} for step in steps if step.stage == stage] for stage in (1, 2)]
    first, second = (set().union(*lot) for lot in lots)
    assert not first & second
    assert len(first | second) == len(session.data.groups)
    for lot, groups in zip(lots, (first, second), strict=True):
        assert all(sum(group in step for step in lot) == 2 for group in groups)
    assert min(margins[name] for name in second) > max(margins[name] for name in first)


@pytest.mark.parametrize("choice", ["hardest", "spread", "all"])
def test_a_training_chooses_its_visuals(tmp_path: Path, choice: str) -> None:
    """Each choice trains on all levels; by the reference's gaps, which are told by kind, or on all negatives."""
    asked = recipe(data={"rows": "best_of_each_kind", "visual": choice}, **VISTA)
    summary, said = run(tmp_path / choice, asked)
    assert summary.loss is not None
    assert summary.loss > 0
    told = [line for line in said if " negatives, " in line]
    assert (len(told) > 0) == (choice != "all")
    last = [one for one in MetricsLog(tmp_path / choice / METRICS).read() if "loss" in one][-1]
    assert {level for level in VisualLevel if f"{level.value}/all/accuracy" in last} == set(VisualLevel)


def test_damaged_measures_are_told(tmp_path: Path) -> None:
    """The file's name and what to do, instead of another order."""
    asked = easy_first(difficulty="reference")
    folder = tmp_path / "policy" / WORK / "reference"
    folder.mkdir(parents=True)
    (folder / MEASURES_FILE).write_text("{")
    with pytest.raises(OutputError, match=f"{MEASURES_FILE} is damaged; delete it"):
        run(tmp_path / "policy", asked)


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ({"data": {"difficulty": "reference"}}, "data.difficulty reference needs data.order easy_first"),
        ({"data": {"visual": "all"}}, "data.visual all needs method vistadpo"),
        ({"data": {"order": "easy_first"}, "loss": {"method": "sft"}}, "method sft has chosen ones alone"),
        ({"loss": {"method": "sft", "anchor_kl": 0.1}}, "anchor_kl holds a preference loss"),
        ({"loss": {"method": "vistadpo", "form": "spans"}}, "only for method dpo or twins"),
    ],
)
def test_settings_that_nothing_reads_are_refused(sections: dict[str, Any], told: str) -> None:
    """One line each."""
    with pytest.raises(ValueError, match=told):
        recipe(**sections)
