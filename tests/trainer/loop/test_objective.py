"""A group's loss, as a whole and in parts. Covers trainer/scoring/ready_group."""

import math
from dataclasses import replace

import pytest
import torch

from schemas.pair import RejectedKind
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import Scores
from tests.trainer.policies import rows_of
from tests.trainer.trainings import recipe, request
from trainer.loop.objective import GroupOutcome, Objective
from trainer.loop.ranks import Rank
from trainer.loop.session import Session
from trainer.scoring.ready_group import ReadyGroup


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> ReadyGroup:
    """A group with a contrast at every level."""
    asked = recipe(data={"rows": "best_of_each_kind"}, loss={"method": "vistadpo"})
    session = Session(request(tmp_path_factory.mktemp("policy"), asked), Rank(), lambda _: None)
    return session.encoder.encode(session.data.groups[0])


def random_scores(lengths: tuple[int, ...], seed: int) -> Scores:
    generator = torch.Generator().manual_seed(seed)
    mask_KT = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    logprobs_KT = torch.randn(mask_KT.shape, dtype=torch.float64, generator=generator)
    return Scores(logprobs_KT.mul(mask_KT).requires_grad_(), mask_KT)


def outcome_of(ready: ReadyGroup, policy: list[Scores], reference: list[Scores]) -> GroupOutcome:
    loss = recipe(loss={"method": "vistadpo", "anchor": 0.5, "vista": {"tokens": 0}}).loss
    return Objective(loss).outcome(ready, policy, reference)


def test_the_parts_of_a_group_add_up_to_it(ready: ReadyGroup) -> None:
    """Each visual is in one part; the sum of the parts' losses, and every gradient, are the whole group's; and so is
    what is told of its pairs.
    """
    parts = ready.parts()
    assert [len(part.visuals) for part in parts] == [2, 2, 2]
    assert [id(encoded) for part in parts for encoded in part.visuals] == [id(encoded) for encoded in ready.visuals]
    policy, reference = (
        [random_scores(encoded.answer_lengths, 10 * seed + n) for n, encoded in enumerate(ready.visuals)]
        for seed in (1, 2)
    )
    whole = outcome_of(ready, policy, reference)
    gradients = torch.autograd.grad(whole.loss, [scores.logprobs_KT for scores in policy])
    total, seen = 0.0, []
    for number, part in enumerate(parts):
        at = slice(2 * number, 2 * number + 2)
        outcome = outcome_of(part, policy[at], reference[at])
        found = torch.autograd.grad(outcome.loss, [scores.logprobs_KT for scores in policy[at]])
        assert all(torch.allclose(a, b, rtol=0, atol=1e-15) for a, b in zip(found, gradients[at], strict=True))
        total += outcome.loss.item()
        seen += outcome.seen
    assert total == pytest.approx(whole.loss.item(), abs=1e-12)
    assert {pair.level for pair in seen} == {"answers", "instance", "temporal", "perceptive"}
    assert sorted(seen, key=str) == sorted(whole.seen, key=str)


def test_an_idle_part_comes_to_nothing(ready: ReadyGroup) -> None:
    """It scores nothing, and its loss is 0."""
    assert ready.idle.visuals == ()
    assert outcome_of(ready.idle, [], []).loss.item() == 0


def family_of_two() -> ReadyGroup:
    """A group with answers a and b, and its twin, of which b is true."""
    words = ("The ball is red.", "The ball is blue.")
    one, other = (
        ReadyGroup(rows_of(name, chosen=own, rejected=((wrong, RejectedKind.RELEVANT),)), encoded_of(number))
        for number, (name, own, wrong) in enumerate((("g", *words), ("t", *reversed(words))))
    )
    return replace(one, twins=(other,))


def encoded_of(number: int) -> EncodedGroup:
    return EncodedGroup(torch.tensor([number]), (torch.tensor([7, 8]), torch.tensor([7, 9])), {})


def test_a_family_has_the_loss_of_its_edges() -> None:
    """Deltas on v: a 2, b -1; on v': b 4, a 3. Text margins 3 and 1, visual 2 - 3 = -1 and 4 + 1 = 5, beta 0.1.

    The weakest edge, -1, decides on all four. A rejected answer of weight 3 makes its text edge count three times.
    """
    ready = family_of_two()
    assert len(ready.visuals) == 2
    assert [part.visuals for part in ready.parts()] == [ready.visuals]
    loss = recipe(loss={"method": "twins", "visual_weight": 0.5}).loss

    def scores(*deltas: float) -> Scores:
        halves_KT = torch.tensor([[delta / 2] * 2 for delta in deltas], dtype=torch.float64)
        return Scores(halves_KT, torch.ones(2, 2, dtype=torch.bool))

    def outcome(family: ReadyGroup) -> GroupOutcome:
        return Objective(loss).outcome(family, [scores(2, -1), scores(4, 3)], [scores(0, 0), scores(0, 0)])

    def softplus(value: float) -> float:
        return math.log1p(math.exp(value))

    visual = (softplus(0.1) + softplus(-0.5)) / 2
    found = outcome(ready)
    assert found.loss.item() == pytest.approx((softplus(-0.3) + softplus(-0.1)) / 2 + 0.5 * visual)
    margins = [(pair.level, round(pair.margin, 9)) for pair in found.seen]
    assert margins == [
        ("answers", 0.3),
        ("answers", 0.1),
        ("twin_text", 0.3),
        ("twin_text", 0.1),
        ("twin_visual", -0.1),
        ("twin_visual", 0.5),
        ("twin_all", -0.1),
    ]
    chosen, wrong = ready.rows.answers
    heavier = replace(ready, rows=replace(ready.rows, answers=(chosen, replace(wrong, weight=3.0))))
    assert outcome(heavier).loss.item() == pytest.approx((3 * softplus(-0.3) + softplus(-0.1)) / 2 + 0.5 * visual)
