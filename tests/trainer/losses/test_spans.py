"""RRPO: reward on the words in which two answers differ, and the KL that holds the chosen one. Axes: K, T, N, V, D."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from tests.trainer.losses.scored import Scored, scored
from trainer.loss_settings import LossSettings, PairForm
from trainer.losses import AnswerRatios, DifferingTokens, pair_terms, sequential_kl
from trainer.losses.margins import summed_margins

SPANS = LossSettings(form=PairForm.SPANS, beta=0.1)


def differing(chosen: list[list[int]], rejected: list[list[int]]) -> DifferingTokens:
    return DifferingTokens(torch.tensor(chosen).bool(), torch.tensor(rejected).bool())


def test_known_numbers() -> None:
    """Log-ratios of the chosen answer 1, 2, 4, of the rejected ones 8, 16 and 32, 64, 128.

    The first pair differs in tokens 2 and 1: 2 - 8 = -6; the second in 1 and 3 of the chosen, 2 and 3 of the rejected:
    1 + 4 - 64 - 128 = -187. Losses -log sigma(0.1 m), and 0.5 x 3 nats of KL in each.
    """
    policy_KT = torch.tensor([[1.0, 2.0, 4.0], [8.0, 16.0, 0.0], [32.0, 64.0, 128.0]]).double()
    mask_KT = torch.tensor([[1, 1, 1], [1, 1, 0], [1, 1, 1]]).bool()
    marks = differing([[0, 1, 0], [1, 0, 1]], [[1, 0, 0], [0, 1, 1]])
    terms = pair_terms(policy_KT, torch.zeros_like(policy_KT), mask_KT, SPANS, marks)
    assert terms.margins_N.tolist() == [-6.0, -187.0]
    assert terms.losses_N.tolist() == pytest.approx([math.log1p(math.exp(0.6)), math.log1p(math.exp(18.7))])
    held = pair_terms(
        policy_KT,
        torch.zeros_like(policy_KT),
        mask_KT,
        SPANS.model_copy(update={"anchor_kl": 0.5}),
        marks,
        torch.tensor(3.0).double(),
    )
    assert (held.losses_N - terms.losses_N).tolist() == pytest.approx([1.5, 1.5])


def random_marks(group: Scored, seed: int = 1) -> DifferingTokens:
    """Tokens that differ, at least the first of each answer."""
    rng = torch.Generator().manual_seed(seed)
    marks_KT = (torch.rand(group.mask_KT.shape, generator=rng) < 0.5) & group.mask_KT
    marks_KT[:, 0] = True
    chosen_NT = (torch.rand(marks_KT[1:].shape, generator=rng) < 0.5) & group.mask_KT[:1]
    chosen_NT[:, 0] = True
    return DifferingTokens(chosen_NT, marks_KT[1:])


def test_gradients_are_the_numeric_ones_and_reach_the_differing_tokens_alone() -> None:
    """In float64; a token that no pair marks has none, whatever its answer."""
    group = scored([3, 5, 2])
    marks = random_marks(group)

    def losses(policy_KT: Tensor) -> Tensor:
        return pair_terms(policy_KT, group.reference_KT, group.mask_KT, SPANS, marks).losses_N

    torch.autograd.gradcheck(losses, group.policy_KT)
    losses(group.policy_KT).sum().backward()
    assert group.policy_KT.grad is not None
    assert torch.equal(group.policy_KT.grad != 0, torch.cat([marks.chosen_NT.any(0)[None], marks.rejected_NT]))


def test_where_all_tokens_differ_it_is_dpo() -> None:
    """Equal margins and losses, to the bit."""
    group = scored([4, 6, 2])
    marks = DifferingTokens(group.mask_KT[:1].expand(2, -1), group.mask_KT[1:])
    ratios = AnswerRatios.of(group.policy_KT, group.reference_KT, group.mask_KT)
    terms = pair_terms(group.policy_KT, group.reference_KT, group.mask_KT, SPANS, marks)
    assert torch.equal(terms.margins_N, summed_margins(ratios, SPANS).detach())


def published_rrpo(
    logits: tuple[Tensor, Tensor], reference: tuple[Tensor, Tensor], ids: tuple[Tensor, Tensor], marks: list[list[int]]
) -> Tensor:
    """RRPO's equation from whole distributions, token by token, as its released code computes it.

    u = sum over the chosen answer's marked tokens of log pi/pi_ref minus that over the rejected answer's;
    L = -log sigma(beta u) + alpha sum over all of the chosen answer's tokens of KL(pi_ref || pi), whole vocabulary.
    """
    beta, alpha = 0.1, 0.01
    rewards, divergence = [], torch.zeros((), dtype=torch.float64)
    for answer, (policy_TV, reference_TV, ids_T) in enumerate(zip(logits, reference, ids, strict=True)):
        reward = torch.zeros((), dtype=torch.float64)
        for t, token in enumerate(ids_T.tolist()):
            policy_V, reference_V = policy_TV[t].log_softmax(-1), reference_TV[t].log_softmax(-1)
            reward = reward + marks[answer][t] * (policy_V[token] - reference_V[token])
            if answer == 0:
                divergence = divergence + (reference_V.exp() * (reference_V - policy_V)).sum()
        rewards.append(reward)
    return -torch.log(1 / (1 + torch.exp(-beta * (rewards[0] - rewards[1])))) + alpha * divergence


def test_parity_with_the_published_rrpo() -> None:
    """The same logits through our head, masks and cached hidden states: equal loss and equal gradients."""
    rng = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(shape, generator=rng, dtype=torch.float64)

    head_VD, ids = drawn(13, 5), (torch.tensor([3, 0, 12]), torch.tensor([7, 7, 1, 12]))
    policy = tuple(drawn(len(each), 5).requires_grad_() for each in ids)
    reference = tuple(drawn(len(each), 5) for each in ids)
    marks = [[0, 1, 1, 0], [1, 0, 1, 0]]

    def logprobs_KT(hidden: tuple[Tensor, ...]) -> Tensor:
        found = [(h @ head_VD.T).log_softmax(-1).gather(-1, i[:, None])[:, 0] for h, i in zip(hidden, ids, strict=True)]
        return torch.nn.utils.rnn.pad_sequence(found, batch_first=True)

    mask_KT = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]]).bool()
    settings = LossSettings(form=PairForm.SPANS, beta=0.1, anchor_kl=0.01)
    kl = sequential_kl(policy[0], reference[0], head_VD, chunk_tokens=2).sum()
    found = differing([marks[0]], [marks[1]])
    [ours] = pair_terms(logprobs_KT(policy), logprobs_KT(reference), mask_KT, settings, found, kl).losses_N
    theirs = published_rrpo(*(tuple(h @ head_VD.T for h in hidden) for hidden in (policy, reference)), ids, marks)
    torch.testing.assert_close(ours, theirs)
    for own, other in zip(*(torch.autograd.grad(loss, policy) for loss in (ours, theirs)), strict=True):
        torch.testing.assert_close(own, other)


def test_the_kl_of_a_probability_that_underflows_is_finite() -> None:
    """Defect 9 of the released code, p log p of softmax().log(): logits 400 apart give e^-400, 0 in float32.

    Where the policy is sure of one token and the reference of another, the KL is 400 nats, and so is its slope finite.
    """
    head_VD = torch.eye(3)
    policy = torch.tensor([[400.0, 0.0, 0.0]], requires_grad=True)
    [kl] = sequential_kl(policy, torch.tensor([[0.0, 400.0, 0.0]]), head_VD)
    assert kl.item() == pytest.approx(400.0)
    assert torch.autograd.grad(kl, policy)[0].isfinite().all()


def test_a_pair_that_is_marked_on_one_side_is_refused() -> None:
    """Defect 9: a pair without marked tokens lost its loss without a word, one marked on one side was pushed there."""
    with pytest.raises(ValueError, match=r"differ in a token each, got \[1, 0\] and \[1, 1\] tokens"):
        differing([[0, 1], [0, 0]], [[1, 0], [0, 1]])
    group = scored([3, 5])
    with pytest.raises(ValueError, match="needs to know the tokens"):
        pair_terms(group.policy_KT, group.reference_KT, group.mask_KT, SPANS)


def test_the_kl_anchor_is_refused_without_its_number() -> None:
    """A weight that no number follows would be left out without a word."""
    group = scored([3, 5])
    with pytest.raises(ValueError, match=r"an anchor_kl of 0\.01 needs the chosen answer's KL"):
        pair_terms(group.policy_KT, group.reference_KT, group.mask_KT, LossSettings(anchor_kl=0.01))


def test_padding_is_not_rewarded() -> None:
    """A mark beyond an answer's end is not read."""
    group = scored([2, 4])
    marks = differing([[1, 0, 0, 0]], [[1, 0, 0, 0]])
    beyond = replace(marks, chosen_NT=torch.tensor([[True, False, True, True]]))
    tensors = group.policy_KT, group.reference_KT, group.mask_KT
    one, other = (pair_terms(*tensors, SPANS, each).margins_N for each in (marks, beyond))
    assert torch.equal(one, other)
