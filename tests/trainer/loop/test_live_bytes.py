"""Bytes that tensors hold while a piece of work runs."""

import torch

from trainer.loop.live_bytes import LiveBytes


def test_what_is_made_counts_until_nothing_holds_it() -> None:
    """A thousand float32 numbers are 4,000 bytes, and a view of them holds these; what was there before counts not."""
    before = torch.ones(1000)
    with LiveBytes() as bytes_:
        doubled = before * 2
        view = doubled.view(10, 100).t()
        assert bytes_.live == 4000
        del doubled
        assert bytes_.live == 4000
        del view
        assert bytes_.live == 0
        before.add_(1)
    assert bytes_.live == 0
    assert max(bytes_.timeline) == 4000


def test_what_is_kept_for_the_backward_pass_counts() -> None:
    """Exp keeps its result, 4,000 bytes, after every name is gone; the backward pass frees it."""
    weights = torch.ones(1000, requires_grad=True)
    weights.grad = torch.zeros(1000)
    with LiveBytes() as bytes_:
        loss = (weights * 2).exp().sum()
        assert bytes_.live == 4000 + 4
        loss.backward()
        del loss
        assert bytes_.live == 0
    assert len(bytes_.timeline) > 4
