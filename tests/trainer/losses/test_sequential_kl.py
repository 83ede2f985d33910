"""The exact sequential KL. Axes: T token, D hidden size, V vocabulary."""

import math

import pytest
import torch
from torch import Tensor

from trainer.losses import sequential_kl


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_known_number() -> None:
    """With the identity as head, hidden states are logits: KL of (1/2, 1/2) from (1/4, 3/4) is ln 2 - ln 3 / 2.

    1/2 ln(1/2 : 1/4) + 1/2 ln(1/2 : 3/4) = 1/2 ln 2 + 1/2 ln(2/3) = ln 2 - 1/2 ln 3.
    """
    reference_TD, policy_TD = torch.tensor([[0.0, 0.0]]), torch.tensor([[0.0, math.log(3.0)]])
    [kl] = sequential_kl(policy_TD, reference_TD, torch.eye(2))
    assert kl.item() == pytest.approx(math.log(2) - math.log(3) / 2)


@pytest.mark.parametrize("chunk_tokens", [1, 3, 5, 64])
@pytest.mark.parametrize("biased", [False, True])
def test_chunks_give_what_whole_distributions_give(chunk_tokens: int, biased: bool) -> None:
    """Values and gradients are those of the definition, with all distributions at once, however it is cut."""
    policy_TD, reference_TD, head_VD = drawn(5, 4, seed=1).requires_grad_(), drawn(5, 4, seed=2), drawn(11, 4, seed=3)
    bias_V = drawn(11, seed=4) if biased else None
    logits = (torch.nn.functional.linear(hidden, head_VD, bias_V) for hidden in (reference_TD, policy_TD))
    reference, policy = (torch.distributions.Categorical(logits=each) for each in logits)
    whole_T = torch.distributions.kl_divergence(reference, policy)
    cut_T = sequential_kl(policy_TD, reference_TD, head_VD, bias_V, chunk_tokens=chunk_tokens)
    torch.testing.assert_close(cut_T, whole_T)
    weights_T = drawn(5, seed=5)
    gradients = [torch.autograd.grad((weights_T * kl_T).sum(), policy_TD)[0] for kl_T in (cut_T, whole_T)]
    torch.testing.assert_close(*gradients)


def test_gradients_are_the_numeric_ones() -> None:
    """The closed-form gradient is the slope of the value."""
    policy_TD, reference_TD, head_VD = drawn(3, 4, seed=1).requires_grad_(), drawn(3, 4, seed=2), drawn(7, 4, seed=3)
    torch.autograd.gradcheck(
        lambda hidden_TD: sequential_kl(hidden_TD, reference_TD, head_VD, chunk_tokens=2), policy_TD
    )


def test_equal_policies_are_at_distance_zero() -> None:
    """The policy that equals its reference has a KL of 0 at each token, and no slope."""
    policy_TD, head_VD = drawn(3, 4).requires_grad_(), drawn(7, 4, seed=3)
    kl_T = sequential_kl(policy_TD, policy_TD.detach().clone(), head_VD)
    assert kl_T.tolist() == pytest.approx([0.0] * 3, abs=1e-15)
    assert torch.autograd.grad(kl_T.sum(), policy_TD)[0].abs().max() < 1e-15


def test_the_reference_gets_no_gradient() -> None:
    """Only the policy learns."""
    policy_TD, reference_TD = drawn(3, 4, seed=1).requires_grad_(), drawn(3, 4, seed=2).requires_grad_()
    sequential_kl(policy_TD, reference_TD, drawn(7, 4)).sum().backward()
    assert policy_TD.grad is not None
    assert reference_TD.grad is None


def test_half_precision_is_summed_in_float32() -> None:
    """bfloat16 states give float32 values and bfloat16 gradients."""
    policy_TD = drawn(3, 4, seed=1).bfloat16().requires_grad_()
    kl_T = sequential_kl(policy_TD, drawn(3, 4, seed=2).bfloat16(), drawn(7, 4).bfloat16())
    kl_T.sum().backward()
    assert kl_T.dtype is torch.float32
    assert policy_TD.grad is not None
    assert policy_TD.grad.dtype is torch.bfloat16


def test_what_is_kept_for_the_backward_pass_is_small() -> None:
    """No tensor as wide as the vocabulary is held between the passes."""
    kept: list[tuple[int, ...]] = []

    def seen(tensor: Tensor) -> Tensor:
        kept.append(tuple(tensor.shape))
        return tensor

    policy_TD = drawn(6, 4, seed=1).requires_grad_()
    with torch.autograd.graph.saved_tensors_hooks(seen, lambda tensor: tensor):
        sequential_kl(policy_TD, drawn(6, 4, seed=2), drawn(500, 4), chunk_tokens=2)
    assert kept == [(6, 4)]


def test_a_trained_head_is_refused() -> None:
    """Cached hidden states say nothing once the head that read them has moved."""
    head_VD = drawn(7, 4).requires_grad_()
    with pytest.raises(ValueError, match="lm_head is trained"):
        sequential_kl(drawn(3, 4), drawn(3, 4), head_VD)


def test_states_of_another_answer_are_refused() -> None:
    """As many tokens of the reference as of the policy, or none at all."""
    with pytest.raises(ValueError, match=r"expected \(T, D\), \(T, D\) and \(V, D\)"):
        sequential_kl(drawn(3, 4), drawn(2, 4), drawn(7, 4))
