"""TRL's own DPO loss on given log-probabilities: `DPOTrainer._compute_loss` with models that only hand them out.

Axes: K answer (first the chosen one), T answer token.
"""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn
from trl.trainer.dpo_trainer import DPOTrainer


class _Given(nn.Module):
    """A model whose log-probabilities are known."""

    is_gradient_checkpointing = False

    def __init__(self, logprobs_BT: Tensor) -> None:
        super().__init__()
        self._logprobs_BT = logprobs_BT

    def forward(self, **_inputs: Any) -> SimpleNamespace:
        quiet = torch.zeros_like(self._logprobs_BT)  # only logged
        return SimpleNamespace(
            log_probs=self._logprobs_BT, entropy=quiet, mean_logits=quiet, is_top1=torch.zeros_like(quiet) > 0
        )


class _OneProcess:
    device = torch.device("cpu")

    def gather(self, tensor: Tensor) -> Tensor:
        return tensor

    gather_for_metrics = gather


def trl_loss(policy_KT: Tensor, reference_KT: Tensor, mask_KT: Tensor, *losses: str, **settings: Any) -> Tensor:
    """What TRL minimises for the K - 1 pairs of a group.

    Args:
        policy_KT: log-probabilities.
        reference_KT: likewise.
        mask_KT: bool.
        losses: names of TRL's `loss_type`.
        settings: beta, label_smoothing, ld_alpha, loss_weights.
    """

    def in_pairs(tensor_KT: Tensor) -> Tensor:
        """The chosen answer repeated, then the rejected ones; one prompt token before them."""
        tensor_KT = torch.where(mask_KT, tensor_KT, 0)  # TRL's fused head: no value and no gradient at padding
        rows_BT = torch.cat([tensor_KT[:1].expand(len(tensor_KT) - 1, -1), tensor_KT[1:]])
        return torch.cat([torch.zeros_like(rows_BT[:, :1]), rows_BT], dim=1)

    mask_BT = in_pairs(mask_KT.long())
    trainer = SimpleNamespace(
        model=_Given(in_pairs(policy_KT)),
        ref_model=_Given(in_pairs(reference_KT)),
        accelerator=_OneProcess(),
        args=SimpleNamespace(gradient_checkpointing_kwargs=None, gradient_checkpointing=False),
        aux_loss_enabled=False,
        precompute_ref_logps=False,
        f_divergence_type="reverse_kl",
        loss_types=list(losses),
        loss_weights=settings.pop("loss_weights", [1.0] * len(losses)),
        beta=settings.pop("beta"),
        label_smoothing=settings.pop("label_smoothing", 0.0),
        ld_alpha=settings.pop("ld_alpha", None),
        use_weighting=False,
        _metrics=defaultdict(lambda: defaultdict(list)),
        _total_train_tokens=0,
        _tp_size=1,
        **settings,
    )
    inputs = {"input_ids": torch.zeros_like(mask_BT), "attention_mask": mask_BT, "completion_mask": mask_BT}
    loss: Tensor = DPOTrainer._compute_loss(trainer, trainer.model, inputs, False)
    return loss
