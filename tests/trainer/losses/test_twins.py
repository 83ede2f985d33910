"""Both edges of a family of twins: known numbers, numeric gradients, and what each edge sees. Axes: T token."""

import math

import pytest
import torch
from torch import Tensor

from trainer.loss_settings import LossSettings, PairForm
from trainer.losses import family_loss, pair_terms, visual_edge

SETTINGS = LossSettings(beta=0.1)


def softplus(value: float) -> float:
    return math.log1p(math.exp(value))


def loss_of(scores_4: Tensor, settings: LossSettings = SETTINGS, weight: float = 1.0) -> tuple[Tensor, list[float]]:
    """Loss and margins of a pair of twins, from Delta of a on v, b on v, a on v', b on v': answers of one token."""
    a_v, b_v, a_w, b_w = scores_4
    zero_21, all_21 = scores_4.new_zeros(2, 1), torch.ones(2, 1, dtype=torch.bool)
    text = [pair_terms(torch.stack(pair)[:, None], zero_21, all_21, settings) for pair in ((a_v, b_v), (b_w, a_w))]
    visual = [visual_edge(won[None], lost[None], settings) for won, lost in ((a_v, a_w), (b_w, b_v))]
    margins = [float(terms.margins_N) for terms in (*text, *visual)]
    return family_loss([one.losses_N for one in text], [one.losses_N for one in visual], weight), margins


def test_known_numbers() -> None:
    """Delta a on v 3, b on v 1, a on v' 2, b on v' 7.

    Text: 3 - 1 = 2, 7 - 2 = 5; visual: 3 - 2 = 1, 7 - 1 = 6; both sum to 7, m1 + m2 = m3 + m4. The loss is the mean of
    -log sigma(0.1 m) of the first two + 0.5 x that of the last two.
    """
    loss, margins = loss_of(torch.tensor([3.0, 1.0, 2.0, 7.0]).double(), weight=0.5)
    assert margins == [2.0, 5.0, 1.0, 6.0]
    text, visual = (softplus(-0.2) + softplus(-0.5)) / 2, (softplus(-0.1) + softplus(-0.6)) / 2
    assert loss.item() == pytest.approx(text + 0.5 * visual)


@pytest.mark.parametrize("form", [PairForm.SIGMOID, PairForm.IPO, PairForm.LENGTH_NORMALISED], ids=str)
def test_gradients_are_the_numeric_ones(form: PairForm) -> None:
    """What autograd gives for each of the four scores is the slope of the loss, in float64."""
    scores = torch.tensor([3.0, 1.0, 2.0, 7.0]).double().requires_grad_()
    torch.autograd.gradcheck(lambda s: loss_of(s, LossSettings(form=form, beta=0.3))[0], scores)


def test_true_scores_rise_and_false_ones_fall() -> None:
    """A on v and b on v' win both of their edges, the others lose both of theirs."""
    scores = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    [slopes] = torch.autograd.grad(loss_of(scores)[0], scores)
    # each score is in one text and one visual edge of slope 0.1 x 0.5 each, which the means halve
    assert slopes.tolist() == pytest.approx([-0.05, 0.05, 0.05, -0.05])


def test_text_edges_do_not_see_a_visual_that_lifts_every_answer() -> None:
    """With 5 nats more for both answers on v' the text margins stay, and the visual edge of a falls by 5."""
    _, before = loss_of(torch.tensor([3.0, 1.0, 2.0, 7.0]).double())
    _, after = loss_of(torch.tensor([3.0, 1.0, 7.0, 12.0]).double())
    assert [b - a for a, b in zip(before, after, strict=True)] == [0.0, 0.0, -5.0, 5.0]


def test_visual_edges_do_not_see_a_liking_for_one_answer() -> None:
    """With 5 nats more for b on both visuals the visual margins stay, and the text edge of v falls by 5."""
    _, before = loss_of(torch.tensor([3.0, 1.0, 2.0, 7.0]).double())
    _, after = loss_of(torch.tensor([3.0, 6.0, 2.0, 12.0]).double())
    assert [b - a for a, b in zip(before, after, strict=True)] == [-5.0, 5.0, 0.0, 0.0]


def test_all_tokens_of_a_visual_edge_differ() -> None:
    """The same answer stands on both sides, so form spans rewards all of it: (1 + 2) - (4 - 8) = 7."""
    won_T, lost_T = torch.tensor([1.0, 2.0]), torch.tensor([4.0, -8.0])
    assert visual_edge(won_T, lost_T, LossSettings(form=PairForm.SPANS)).margins_N.tolist() == [7.0]


def test_a_family_without_visual_edges_has_its_text_edges() -> None:
    """The mean over all of them, groups of 1 and 2 pairs alike: (1 + 2 + 6) / 3 = 3."""
    assert family_loss([torch.tensor([1.0]), torch.tensor([2.0, 6.0])], [], 1.0).item() == 3.0


def test_an_answer_of_two_lengths_is_refused() -> None:
    """One text has as many tokens on every visual; otherwise two answers were compared."""
    with pytest.raises(ValueError, match="2 tokens on one visual and 3 on the other"):
        visual_edge(torch.zeros(2), torch.zeros(3), SETTINGS)
