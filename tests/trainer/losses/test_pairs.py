"""Losses of pairs: known numbers, numeric gradients, and TRL's own code on the same log-probabilities."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from schemas.claim import Axis, QuestionType
from schemas.pair import RejectedKind
from tests.trainer.losses.scored import scored
from tests.trainer.losses.trl_losses import trl_loss
from trainer.data.groups import weighted_by_axis
from trainer.data.records import AnswerText, GroupRows
from trainer.loss_settings import LossSettings, PairForm
from trainer.losses import PAIR_LOSSES, pair_terms, sft_loss, weighted_sum

POLICY = [[-1.0, -2.0, 0.0], [-2.0, -2.0, -2.0], [-1.0, 0.0, 0.0]]
REFERENCE = [[-2.0, -3.0, 0.0], [-1.0, -2.0, -1.5], [-0.5, 0.0, 0.0]]
LENGTHS = [2, 3, 1]


def by_hand() -> tuple[Tensor, Tensor, Tensor]:
    """Log-ratios: chosen 1, 1; rejected -1, 0, -0.5 and -0.5. Delta: 2, -1.5, -0.5. A token: 1, -0.5, -0.5."""
    mask_KT = torch.arange(3)[None] < torch.tensor(LENGTHS)[:, None]
    return torch.tensor(POLICY).double(), torch.tensor(REFERENCE).double(), mask_KT


def softplus(value: float) -> float:
    """-log sigma(-value)."""
    return math.log1p(math.exp(value))


@pytest.mark.parametrize(
    ("settings", "margins", "losses"),
    [
        (LossSettings(beta=0.1), (3.5, 2.5), (softplus(-0.35), softplus(-0.25))),
        (
            LossSettings(beta=0.1, label_smoothing=0.1),
            (3.5, 2.5),
            (0.9 * softplus(-0.35) + 0.1 * softplus(0.35), 0.9 * softplus(-0.25) + 0.1 * softplus(0.25)),
        ),
        (
            LossSettings(form=PairForm.ROBUST, beta=0.1, label_smoothing=0.1),
            (3.5, 2.5),
            (
                (0.9 * softplus(-0.35) - 0.1 * softplus(0.35)) / 0.8,
                (0.9 * softplus(-0.25) - 0.1 * softplus(0.25)) / 0.8,
            ),
        ),
        (LossSettings(form=PairForm.IPO, beta=0.25), (1.5, 1.5), (0.25, 0.25)),
        (LossSettings(form=PairForm.LENGTH_NORMALISED, beta=2.0), (1.5, 1.5), (softplus(-3.0), softplus(-3.0))),
        (
            LossSettings(form=PairForm.LENGTH_DESENSITISED, beta=0.1, length_alpha=0.4),
            (3.2, 1.9),
            (softplus(-0.32), softplus(-0.19)),
        ),
    ],
    ids=lambda value: value.form if isinstance(value, LossSettings) else None,
)
def test_known_numbers(settings: LossSettings, margins: tuple[float, ...], losses: tuple[float, ...]) -> None:
    """Every form gives what its equation gives by hand.

    Sums: 2 + 1.5 and 2 + 0.5. A token: 1 + 0.5 both; IPO's target at tau 0.25 is 2, so (1.5 - 2)^2. Desensitised
    with alpha 0.4: against the longer answer (2 shared tokens) 2 - (-1 + 0.4 x -0.5) = 3.2, against the shorter one
    (1 shared token) 1 + 0.4 x 1 + 0.5 = 1.9.
    """
    terms = pair_terms(*by_hand(), settings)
    assert terms.margins_N.tolist() == pytest.approx(margins)
    assert terms.losses_N.tolist() == pytest.approx(losses)


def test_anchor_is_added_to_every_pair() -> None:
    """With an anchor of 2 each pair has 2 x (1 + 2) / 2 = 3 more, the chosen answer's mean nats a token."""
    plain = pair_terms(*by_hand(), LossSettings())
    anchored = pair_terms(*by_hand(), LossSettings(anchor=2.0))
    assert (anchored.losses_N - plain.losses_N).tolist() == pytest.approx([3.0, 3.0])


def test_sft_is_the_mean_over_the_answers_own_tokens() -> None:
    """-(-1 - 2) / 2 = 1.5, whatever stands at the padding."""
    policy_KT, _, mask_KT = by_hand()
    padded_T = torch.where(mask_KT[0], policy_KT[0], float("nan"))
    assert sft_loss(padded_T, mask_KT[0]).item() == pytest.approx(1.5)


def test_every_form_has_its_function() -> None:
    """No form of a recipe is without a loss."""
    assert set(PAIR_LOSSES) == set(PairForm)


FORMS = [
    LossSettings(beta=0.3, label_smoothing=0.2, anchor=0.7),
    LossSettings(form=PairForm.ROBUST, beta=0.3, label_smoothing=0.2),
    LossSettings(form=PairForm.IPO, beta=0.3, anchor=0.7),
    LossSettings(form=PairForm.LENGTH_NORMALISED, beta=1.3),
    LossSettings(form=PairForm.LENGTH_DESENSITISED, beta=0.3, length_alpha=0.3),
]


@pytest.mark.parametrize("settings", FORMS, ids=lambda settings: settings.form)
def test_gradients_are_the_numeric_ones(settings: LossSettings) -> None:
    """What autograd gives for the policy's log-probabilities is the slope of the loss, in float64."""
    group = scored([3, 5, 2])
    torch.autograd.gradcheck(
        lambda policy_KT: pair_terms(policy_KT, group.reference_KT, group.mask_KT, settings).losses_N, group.policy_KT
    )


@pytest.mark.parametrize("settings", FORMS, ids=lambda settings: settings.form)
def test_a_group_trains_as_its_pairs_apart(settings: LossSettings) -> None:
    """Three pairs that share a chosen answer have the losses and the gradients of three pairs of their own."""
    group = scored([4, 6, 2, 4])
    weights_N = torch.tensor([1.0, 0.5, 2.0]).double()
    together = weighted_sum(
        pair_terms(group.policy_KT, group.reference_KT, group.mask_KT, settings).losses_N, weights_N
    )
    apart = group.policy_KT.new_zeros(())
    for n in range(3):
        rows = [0, n + 1]
        pair = pair_terms(group.policy_KT[rows], group.reference_KT[rows], group.mask_KT[rows], settings)
        apart = apart + weighted_sum(pair.losses_N, weights_N[n : n + 1])
    torch.testing.assert_close(together, apart)
    gradients = [torch.autograd.grad(loss, group.policy_KT)[0] for loss in (together, apart)]
    torch.testing.assert_close(*gradients)


@pytest.mark.parametrize(
    ("settings", "names", "options"),
    [
        (LossSettings(beta=0.2), ("sigmoid",), {}),
        (LossSettings(form=PairForm.ROBUST, beta=0.2, label_smoothing=0.15), ("robust",), {"label_smoothing": 0.15}),
        (LossSettings(form=PairForm.IPO, beta=0.2), ("ipo",), {}),
        (LossSettings(form=PairForm.LENGTH_NORMALISED, beta=2.0), ("sigmoid_norm",), {}),
        (
            LossSettings(form=PairForm.LENGTH_DESENSITISED, beta=0.2, length_alpha=0.3),
            ("sigmoid",),
            {"ld_alpha": 0.3},
        ),
        (LossSettings(beta=0.2, anchor=0.6), ("sigmoid", "sft"), {"loss_weights": [1.0, 0.6]}),
    ],
    ids=["sigmoid", "robust", "ipo", "length_normalised", "length_desensitised", "anchored"],
)
@pytest.mark.parametrize("lengths", [(4, 4), (2, 6, 3, 5)], ids=str)
def test_parity_with_trl(
    settings: LossSettings, names: tuple[str, ...], options: dict[str, Any], lengths: tuple[int, ...]
) -> None:
    """TRL's own code gives the same mean loss and the same gradient on the same log-probabilities."""
    group = scored(lengths)
    losses_N = pair_terms(group.policy_KT, group.reference_KT, group.mask_KT, settings).losses_N
    ours = losses_N.mean()
    theirs = trl_loss(group.policy_KT, group.reference_KT, group.mask_KT, *names, beta=settings.beta, **options)
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=0)
    gradients = [torch.autograd.grad(loss, group.policy_KT)[0] for loss in (ours, theirs)]
    torch.testing.assert_close(*gradients, rtol=1e-12, atol=0)
    assert gradients[0].abs().max() > 0


def test_label_smoothing_is_trls_where_trl_knows_it() -> None:
    """TRL's `sigmoid` ignores label smoothing; its `aot` of one pair is the smoothed form."""
    group = scored([3, 5])
    tensors = group.policy_KT, group.reference_KT, group.mask_KT
    [ours] = pair_terms(*tensors, LossSettings(beta=0.2, label_smoothing=0.15)).losses_N
    torch.testing.assert_close(ours, trl_loss(*tensors, "aot", beta=0.2, label_smoothing=0.15), rtol=1e-12, atol=0)
    assert not torch.isclose(ours, trl_loss(*tensors, "sigmoid", beta=0.2, label_smoothing=0.15))


def test_axis_weights_make_the_weighted_sum_of_the_axes_means() -> None:
    """VideoPASTA: the step's mean with row weights is sum_k lambda_k L_k / sum_k lambda_k.

    Three spatial rows with losses 1, 2, 3 (mean 2) and one temporal row with 5, lambdas 1 and 3: (2 + 15) / 4 = 4.25.
    """

    def row(axis: Axis, number: int) -> GroupRows:
        wrong = AnswerText("no", f"p{number}", RejectedKind.RELEVANT, axis)
        words = QuestionType.STATIC_RELATION, "?"
        return GroupRows(f"g{number}", "c", "v", axis, *words, answers=(AnswerText("yes"), wrong))

    rows = [row(axis, n) for n, axis in enumerate([Axis.SPATIAL] * 3 + [Axis.TEMPORAL])]
    weighted = weighted_by_axis(rows, {Axis.SPATIAL: 1.0, Axis.TEMPORAL: 3.0})
    weights_N = torch.tensor([group.rejected[0].weight for group in weighted])
    assert weighted_sum(torch.tensor([1.0, 2.0, 3.0, 5.0]), weights_N).item() / 4 == pytest.approx(4.25)


def test_the_reference_and_the_padding_get_no_gradient() -> None:
    """Gradient reaches the policy's answer tokens alone, and what stands at padding is not read."""
    group = scored([2, 4])
    reference_KT = group.reference_KT.clone().requires_grad_()
    policy_KT = torch.where(group.mask_KT, group.policy_KT, float("nan"))
    pair_terms(policy_KT, reference_KT, group.mask_KT, LossSettings(anchor=1.0)).losses_N.sum().backward()
    assert reference_KT.grad is None
    assert group.policy_KT.grad is not None
    assert ((group.policy_KT.grad != 0) == group.mask_KT).all()


def test_an_answer_without_a_scored_token_is_refused() -> None:
    """An answer that lost all its tokens is an error and not a margin of 0."""
    group = scored([3, 1])
    mask_KT = group.mask_KT & torch.tensor([[True], [False]])
    with pytest.raises(ValueError, match=r"every answer needs a scored token, got lengths \[3, 0\]"):
        pair_terms(group.policy_KT, group.reference_KT, mask_KT, LossSettings())
    with pytest.raises(ValueError, match="no scored token"):
        sft_loss(group.policy_KT[1], mask_KT[1])


def test_a_group_of_one_answer_is_no_pair() -> None:
    """Nothing to prefer to is refused."""
    group = scored([3])
    with pytest.raises(ValueError, match="got 1 answer"):
        pair_terms(group.policy_KT, group.reference_KT, group.mask_KT, LossSettings())


def test_ipo_refuses_label_smoothing() -> None:
    """A setting that the loss would ignore is refused."""
    with pytest.raises(ValueError, match=r"form ipo has no label_smoothing, got 0\.1; try form robust"):
        LossSettings(form=PairForm.IPO, label_smoothing=0.1)
