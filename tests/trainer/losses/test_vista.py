"""VistaDPO's terms: known numbers, numeric gradients, the published TDPO2, and the defects of the released trainer.

Axes: T answer token, V vocabulary, D hidden size.
"""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from schemas.visual_negative import VisualLevel
from trainer.loss_settings import LossSettings, VistaWeights
from trainer.losses import (
    TERMS,
    Term,
    VistaScores,
    VisualDeltas,
    sequential_kl,
    term_weights,
    vista_terms,
)

SETTINGS = LossSettings()
SCORES = ("y_w|v_w", "y_re|v_w", "y_ir|v_w", "y_w|v_l", "y_w|c_w", "y_w|c_l", "y_w|f_w", "y_w|f_l", "K(y_w)", "K(y_re)")
LEVELS = (VisualLevel.INSTANCE, VisualLevel.TEMPORAL, VisualLevel.PERCEPTIVE)
LOSER = {Term.INSTANCE: "y_w|v_l", Term.TEMPORAL: "y_w|c_l", Term.PERCEPTIVE: "y_w|f_l"}
VALUES = (2.0, -1.0, -3.0, 0.5, 1.0, -0.5, 1.5, 0.25, 0.4, 0.9)


def row_of(scores: Tensor) -> VistaScores:
    """A group with everything, from its ten scores in the order of SCORES."""
    s = dict(zip(SCORES, scores, strict=True))
    visuals = (("y_w|v_w", "y_w|v_l"), ("y_w|c_w", "y_w|c_l"), ("y_w|f_w", "y_w|f_l"))
    contrasts = [VisualDeltas(level, s[good], s[bad]) for level, (good, bad) in zip(LEVELS, visuals, strict=True)]
    return VistaScores(s["y_w|v_w"], s["y_re|v_w"], s["y_ir|v_w"], contrasts, (s["K(y_w)"], s["K(y_re)"]))


def scores_of(values: tuple[float, ...] = VALUES) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def weighing(**weights: float) -> LossSettings:
    return LossSettings(vista=VistaWeights(**weights))


def softplus(value: float) -> float:
    return math.log1p(math.exp(value))


def test_known_numbers() -> None:
    """Each term and the sum by hand.

    L_r: 0.1 (2 + 0.7 + 0.9) = 0.36. L_v: 0.1 (2 - 0.5) = 0.15. L_c: 0.1 (1 + 0.5) = 0.15. L_o: 0.1 (1.5 - 0.25) =
    0.125. L_t: 0.1 (2 + 1 - 0.5 (0.9 - 0.4)) = 0.275. L = L_r + 0.8 L_v + 0.6 L_c + 0.4 L_o + 0.1 L_t.
    """
    found = vista_terms(row_of(scores_of()), SETTINGS)
    margins = {
        Term.ANSWERS: 0.36,
        Term.INSTANCE: 0.15,
        Term.TEMPORAL: 0.15,
        Term.PERCEPTIVE: 0.125,
        Term.TOKENS: 0.275,
    }
    assert {term: one.margins[0].item() for term, one in found.terms.items()} == pytest.approx(margins)
    losses = {term: softplus(-margin) for term, margin in margins.items()}
    assert {term: one.loss.item() for term, one in found.terms.items()} == pytest.approx(losses)
    weights = (1.0, 0.8, 0.6, 0.4, 0.1)
    total = sum(weight * loss for weight, loss in zip(weights, losses.values(), strict=True))
    assert found.loss.item() == pytest.approx(total)


def test_gradients_are_the_numeric_ones() -> None:
    """What autograd gives for every score is the slope of the loss, K(y_w) apart, which is held still."""
    held = scores_of()[8].detach()

    def loss(moving: Tensor) -> Tensor:
        return vista_terms(row_of(torch.cat([moving[:8], held[None], moving[8:]])), SETTINGS).loss

    moving = scores_of((*VALUES[:8], VALUES[9])).detach().requires_grad_()
    torch.autograd.gradcheck(loss, moving)


def test_every_score_is_trained_with_the_right_sign() -> None:
    """Defect 1, three of four levels had no gradient: each winner's score rises, each loser's falls.

    y_w on the full video wins three times. K(y_re) shrinks the margin, so the loss grows with it; K(y_w) is held.
    """
    scores = scores_of()
    [gradients] = torch.autograd.grad(vista_terms(row_of(scores), SETTINGS).loss, scores)
    signs = dict(zip(SCORES, gradients.sign().tolist(), strict=True))
    rising, falling, held = -1.0, 1.0, 0.0
    assert signs == {
        "y_w|v_w": rising,
        "y_re|v_w": falling,
        "y_ir|v_w": falling,
        "y_w|v_l": falling,
        "y_w|c_w": rising,
        "y_w|c_l": falling,
        "y_w|f_w": rising,
        "y_w|f_l": falling,
        "K(y_w)": held,
        "K(y_re)": falling,
    }


@pytest.mark.parametrize("relevant", [True, False])
@pytest.mark.parametrize("irrelevant", [True, False])
def test_a_policy_equal_to_its_reference_has_ln_2(relevant: bool, irrelevant: bool) -> None:
    """Defect 2, policy and reference were weighted differently: where they are equal, every term present is ln 2."""
    zero = torch.zeros((), dtype=torch.float64)
    row = VistaScores(
        zero,
        zero if relevant else None,
        zero if irrelevant else None,
        [VisualDeltas(level, zero, zero) for level in LEVELS],
        (zero, zero),
    )
    terms = vista_terms(row, SETTINGS).terms
    found = {term: one.loss.item() for term, one in terms.items()}
    absent = {Term.TOKENS} if not relevant else set()
    absent |= {Term.ANSWERS} if not (relevant or irrelevant) else set()
    assert found == pytest.approx(dict.fromkeys(set(TERMS) - absent, math.log(2)))


def some_of(scores: Tensor, present: set[str]) -> VistaScores:
    """A group that has only these of the ten scores, and y_w on its own video."""
    s = dict(zip(SCORES, scores, strict=True))
    visuals = zip(LEVELS, (("y_w|v_w", "y_w|v_l"), ("y_w|c_w", "y_w|c_l"), ("y_w|f_w", "y_w|f_l")), strict=True)
    return VistaScores(
        s["y_w|v_w"],
        s["y_re|v_w"] if "y_re|v_w" in present else None,
        s["y_ir|v_w"] if "y_ir|v_w" in present else None,
        [VisualDeltas(level, s[good], s[bad]) for level, (good, bad) in visuals if present >= {good, bad}],
        (s["K(y_w)"], s["K(y_re)"]) if present >= {"K(y_w)", "K(y_re)"} else None,
    )


def test_a_group_has_the_terms_of_its_scores() -> None:
    """Defect 6, one switch for two levels: of 40 groups with random parts of the scores, each has the sum of the terms
    whose scores it has, by hand, and a gradient for these scores alone.
    """
    rng = torch.Generator().manual_seed(0)
    for _ in range(40):
        drawn = torch.rand(10, generator=rng) < 0.7
        present = {name for name, taken in zip(SCORES, drawn.tolist(), strict=True) if taken} | {"y_w|v_w"}
        scores = torch.randn(10, generator=rng, dtype=torch.float64).requires_grad_()
        loss = vista_terms(some_of(scores, present), SETTINGS).loss
        s = dict(zip(SCORES, scores.tolist(), strict=True))
        rejected = [(share, s[name]) for share, name in ((0.7, "y_re|v_w"), (0.3, "y_ir|v_w")) if name in present]
        used, wanted = {"y_w|v_w"} if rejected else set(), 0.0
        if rejected:
            mean = sum(share * value for share, value in rejected) / sum(share for share, _ in rejected)
            wanted += softplus(-0.1 * (s["y_w|v_w"] - mean))
            used |= present & {"y_re|v_w", "y_ir|v_w"}
        for weight, good, bad in (
            (0.8, "y_w|v_w", "y_w|v_l"),
            (0.6, "y_w|c_w", "y_w|c_l"),
            (0.4, "y_w|f_w", "y_w|f_l"),
        ):
            if present >= {good, bad}:
                wanted += weight * softplus(-0.1 * (s[good] - s[bad]))
                used |= {good, bad}
        if present >= {"y_re|v_w", "K(y_w)", "K(y_re)"}:
            wanted += 0.1 * softplus(-0.1 * (s["y_w|v_w"] - s["y_re|v_w"] - 0.5 * (s["K(y_re)"] - s["K(y_w)"])))
            used |= {"K(y_re)"}
        assert loss.item() == pytest.approx(wanted)
        [gradients] = torch.autograd.grad(loss, scores)
        assert {name for name, slope in zip(SCORES, gradients.tolist(), strict=True) if slope} == used


def test_a_group_without_a_term_has_a_backward_pass() -> None:
    """Its loss is 0 and so are its gradients: processes that add up gradients wait for each other's backward pass."""
    scores = scores_of()
    loss = vista_terms(VistaScores(scores[0]), weighing(answers=0.0)).loss
    assert loss.item() == 0
    assert torch.autograd.grad(loss, scores)[0].tolist() == [0.0] * 10


@pytest.mark.parametrize("absent", LEVELS)
def test_a_level_that_a_row_lacks_changes_no_other(absent: VisualLevel) -> None:
    """Without one level the loss is the sum of the other terms, to the bit."""
    scores = scores_of()
    full = row_of(scores)
    rest = [contrast for contrast in full.contrasts if contrast.level is not absent]
    with_all, without = vista_terms(full, SETTINGS), vista_terms(replace(full, contrasts=rest), SETTINGS)
    assert set(without.terms) == set(TERMS) - {Term(absent.value)}
    for other, found in without.terms.items():
        assert torch.equal(found.loss, with_all.terms[other].loss)


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_of_weight_0_has_a_gradient_of_exactly_0(level: VisualLevel) -> None:
    """With a level's weight 0, the gradient with respect to that level's losing score is 0 and no other's is."""
    scores = scores_of()
    loss = vista_terms(row_of(scores), weighing(**{level.value: 0.0})).loss
    gradients = dict(zip(SCORES, torch.autograd.grad(loss, scores)[0].tolist(), strict=True))
    losers = {term: gradients[name] for term, name in LOSER.items()}
    assert losers.pop(Term(level.value)) == 0.0
    assert all(gradient > 0 for gradient in losers.values())


def test_a_level_is_the_mean_over_its_contrasts() -> None:
    """Two contrasts of a half each, margins 0.1 (2 - 0.5) and 0.1 (2 + 3): the mean of their losses, and both told."""
    won = torch.tensor(2.0)
    halves = [VisualDeltas(VisualLevel.INSTANCE, won, torch.tensor(lost), 0.5) for lost in (0.5, -3.0)]
    found = vista_terms(VistaScores(won, contrasts=halves), SETTINGS).terms[Term.INSTANCE]
    assert [margin.item() for margin in found.margins] == pytest.approx([0.15, 0.5])
    assert found.loss.item() == pytest.approx((softplus(-0.15) + softplus(-0.5)) / 2)


def test_tokens_of_weight_0_leave_the_kl_alone() -> None:
    """With rho 0 no gradient reaches K(y_re), and no KL is asked for."""
    scores = scores_of()
    [gradients] = torch.autograd.grad(vista_terms(row_of(scores), weighing(tokens=0.0)).loss, scores)
    assert gradients[9] == 0
    s = scores.detach()
    assert Term.TOKENS not in vista_terms(VistaScores(s[0], s[1]), weighing(tokens=0.0)).terms


def test_one_kind_of_rejected_answer_counts_for_both() -> None:
    """A row with the relevant or the irrelevant answer alone has the margin of a plain pair, 0.1 (2 + 1) = 0.3."""
    chosen, rejected = torch.tensor(2.0), torch.tensor(-1.0)
    for row in (VistaScores(chosen, relevant=rejected), VistaScores(chosen, irrelevant=rejected)):
        assert vista_terms(row, SETTINGS).terms[Term.ANSWERS].margins[0].item() == pytest.approx(0.3)


def test_the_anchor_is_added_once_a_row() -> None:
    """L + 0.5 x 3, whatever levels there are; without the likelihood it is refused, not left out."""
    row, anchored = row_of(scores_of()), LossSettings(anchor=0.5)
    plain = vista_terms(row, SETTINGS).loss
    torch.testing.assert_close(vista_terms(row, anchored, torch.tensor(3.0)).loss, plain + 1.5)
    with pytest.raises(ValueError, match=r"an anchor of 0\.5 needs"):
        vista_terms(row, anchored)


def test_every_term_has_its_function_and_its_weight() -> None:
    """No term is left out of the sum."""
    assert set(TERMS) == set(term_weights(VistaWeights())) == set(Term)


def published_tdpo2(
    logits: tuple[Tensor, Tensor], reference: tuple[Tensor, Tensor], ids: tuple[Tensor, Tensor]
) -> Tensor:
    """TDPO2 as its paper writes it, from whole distributions of the chosen and the rejected answer, token by token.

    u = sum_t beta log pi/pi_ref of y_1 minus that of y_2; delta_2 = beta D(y_2) - sg(beta D(y_1));
    L = -log sigma(u - alpha delta_2), D the sequential forward KL.
    """
    beta, alpha = 0.1, 0.5
    rewards, divergences = [], []
    for policy_TV, reference_TV, ids_T in zip(logits, reference, ids, strict=True):
        reward = divergence = torch.zeros((), dtype=torch.float64)
        for policy_V, reference_V, token in zip(policy_TV.softmax(-1), reference_TV.softmax(-1), ids_T, strict=True):
            reward = reward + beta * torch.log(policy_V[token] / reference_V[token])
            divergence = divergence + beta * (reference_V * torch.log(reference_V / policy_V)).sum()
        rewards.append(reward)
        divergences.append(divergence)
    return -logsigmoid(rewards[0] - rewards[1] - alpha * (divergences[1] - divergences[0].detach()))


def test_parity_with_the_published_tdpo2() -> None:
    """L_t from log-ratios and KLs through the head equals TDPO2 from whole distributions, in value and gradient."""
    rng = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(shape, generator=rng, dtype=torch.float64)

    head_VD, ids = drawn(13, 5), (torch.tensor([3, 0, 12]), torch.tensor([7, 7, 1, 12]))
    policy = tuple(drawn(len(each), 5).requires_grad_() for each in ids)
    reference = tuple(drawn(len(each), 5) for each in ids)

    def delta(n: int) -> Tensor:
        policy_T, reference_T = (
            (hidden[n] @ head_VD.T).log_softmax(-1).gather(-1, ids[n][:, None]).sum() for hidden in (policy, reference)
        )
        return policy_T - reference_T

    kls = [sequential_kl(policy[n], reference[n], head_VD, chunk_tokens=2).sum() for n in range(2)]
    scores = VistaScores(delta(0), delta(1), kl=(kls[0], kls[1]))
    ours = vista_terms(scores, SETTINGS).terms[Term.TOKENS].loss
    theirs = published_tdpo2(*(tuple(h @ head_VD.T for h in hidden) for hidden in (policy, reference)), ids)
    torch.testing.assert_close(ours, theirs)
    for gradient, published in zip(*(torch.autograd.grad(loss, policy) for loss in (ours, theirs)), strict=True):
        torch.testing.assert_close(gradient, published)


def test_nothing_to_score_is_refused() -> None:
    """A group without a single score has no loss."""
    with pytest.raises(ValueError, match="needs the chosen answer's score or a contrast"):
        VistaScores()
