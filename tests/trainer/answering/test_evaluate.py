"""Evaluation of a group: the same scores as `score`, base and policy separate, each visual encoded once. Covers ask."""

from pathlib import Path

import pytest
import torch
from numpy.random import default_rng
from peft import PeftModel

from schemas.visual_negative import VisualLevel
from stages.models.video_llm.chat import bare
from stages.models.video_llm.generate import generate
from stages.models.video_llm.score import ScorePath, Scores, score
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip, family_of
from tests.trainer.policies import rows_of, shown, write_adapter
from trainer.answering.ask import ask
from trainer.answering.choices import ChoiceForm, choices
from trainer.answering.evaluate import Task, choose_path, evaluate_group
from trainer.answering.evaluate import _without_eos as without_eos
from trainer.data.records import Contrast, TrainGroup
from trainer.policy.side_by_side import BASE, POLICY, ComparedModel, Placement, Policy, open_side_by_side
from trainer.recipe import Precision

pytestmark = pytest.mark.slow(25)

NAME = "qwen2_5_vl"
PLACEMENT = Placement("cpu", Precision.FLOAT64)


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter that changes every score."""
    return write_adapter(NAME, tmp_path_factory.mktemp("adapter"))


@pytest.fixture(scope="module")
def models(adapter: Path) -> tuple[ComparedModel, ...]:
    """Base and policy on one set of weights."""
    return open_side_by_side(Policy.at(str(adapter)), PLACEMENT)


def contrasted() -> TrainGroup:
    """A group with negatives at two levels: one against the group's own visual, one with a visual of its own."""
    return shown(
        rows_of(),
        Contrast(VisualLevel.INSTANCE, "reversed", None, clip(seed=1)),
        Contrast(VisualLevel.PERCEPTIVE, "moved", clip(2, seed=2), clip(2, seed=3)),
    )


def test_base_and_policy_score_as_their_models_do(models: tuple[ComparedModel, ...], adapter: Path) -> None:
    """Adapter off is the plain checkpoint, adapter on is plain peft on it: equal sums, and the two differ."""
    family, group = family_of(NAME), shown(rows_of())
    base, policy = evaluate_group(models, group, Task())
    plain = family.load(dtype=torch.float64)
    texts = [answer.text for answer in group.rows.answers]
    encoded = family.encode(group.preferred, QUESTION, texts)
    with torch.no_grad():
        expected = score(plain, family, encoded, path=ScorePath.UNSHARED).sums_K
        adapted = score(PeftModel.from_pretrained(plain, adapter), family, encoded, path=ScorePath.UNSHARED).sums_K
    assert base.logprobs == pytest.approx(expected.tolist(), abs=1e-9)
    assert policy.logprobs == pytest.approx(adapted.tolist(), abs=1e-9)
    assert abs(base.logprobs[0] - policy.logprobs[0]) > 0.1
    assert [compared.name for compared in models] == [BASE, POLICY]


def test_a_contrast_compares_the_chosen_answer_on_two_visuals(models: tuple[ComparedModel, ...]) -> None:
    """At the instance level the preferred visual is the group's own; the perceptive level has its own."""
    group = contrasted()
    family = family_of(NAME)
    result = evaluate_group(models, group, Task())[0]
    instance, perceptive = result.contrasts
    assert instance.preferred == result.logprobs[0]
    assert (instance.level, perceptive.kind) == (VisualLevel.INSTANCE, "moved")
    expected = []
    for frames in (clip(seed=1), clip(2, seed=2), clip(2, seed=3)):
        with torch.no_grad(), models[0].activated() as model:
            encoded = family.encode(frames, QUESTION, [ANSWERS[0]])
            expected.append(float(score(model, family, encoded).sums_K[0]))
    assert [instance.negative, perceptive.preferred, perceptive.negative] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("kind", "scored"), [("reversed", 3), ("shuffled", 3), ("black", 0)])
def test_frames_in_another_order_are_scored_with_all_answers(
    models: tuple[ComparedModel, ...], kind: str, scored: int
) -> None:
    """Only a clip's own frames in another order: whether an answer needs the order is then seen in each pair."""
    contrast = Contrast(VisualLevel.INSTANCE, kind, None, clip(seed=1))
    [result, _] = evaluate_group(models, shown(rows_of(), contrast), Task())
    [found] = result.contrasts
    assert len(found.answers_on_negative) == scored
    if scored:
        [plain, _] = evaluate_group(models, TrainGroup(rows_of(), clip(seed=1)), Task())
        assert found.answers_on_negative == pytest.approx(plain.logprobs, abs=1e-9)
        assert found.negative == found.answers_on_negative[0]


def test_each_visual_is_seen_once(models: tuple[ComparedModel, ...]) -> None:
    """Scores, an answer in its own words, three choices and two contrasts for both models: four visuals, four runs
    of the tower.
    """
    group = contrasted()
    asked = choices(QUESTION, ANSWERS[0], [answer.text for answer in group.rows.rejected], default_rng(0))
    runs = []
    hook = bare(models[0].model).model.visual.register_forward_hook(lambda *_: runs.append(1))
    try:
        results = evaluate_group(models, group, Task(max_new_tokens=3, choices=asked))
    finally:
        hook.remove()
    assert len(runs) == 4
    assert [choice.form for choice in results[1].choices] == list(ChoiceForm)
    assert all(result.generated is not None for result in results)


def test_what_is_written_is_what_the_model_generates(models: tuple[ComparedModel, ...]) -> None:
    """`evaluate` and `ask` give the answer that `generate` gives, of base and policy each."""
    family, group = family_of(NAME), shown(rows_of())
    results = evaluate_group(models, group, Task(max_new_tokens=6))
    said = ask(models, group.preferred, QUESTION, 6)
    for compared, result, (name, answer) in zip(models, results, said, strict=True):
        with compared.activated() as model:
            expected = generate(model, family, family.encode(group.preferred, QUESTION, ["Yes."]), 6)
        assert result.generated == answer == expected
        assert name == compared.name
    assert said[0][1] != said[1][1]


def test_a_letter_is_scored_without_the_eos_after_it() -> None:
    """Rows (-1, EOS -2) and (-3, -4, EOS -5): -1 and -7."""
    logprobs = torch.tensor([[-1.0, -2.0, 0.0], [-3.0, -4.0, -5.0]])
    assert without_eos(Scores(logprobs, logprobs != 0)).tolist() == [-1.0, -7.0]


def test_the_path_is_split_where_that_is_exact(models: tuple[ComparedModel, ...]) -> None:
    """No warning is printed then."""
    said: list[str] = []
    assert choose_path(models[1], shown(rows_of()), said.append) is ScorePath.SPLIT
    assert said == []
