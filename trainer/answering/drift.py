"""How far a policy has gone from another model: the KL divergence along an answer. Axes: T token, V vocabulary."""

import torch
from torch import Tensor
from torch.nn.functional import linear

from stages.models.video_llm.chat import bare
from stages.models.video_llm.score import ScorePath, score
from stages.visuals.visual import Visual
from trainer.policy.side_by_side import ComparedModel


@torch.no_grad()
def kl_along(reference: ComparedModel, policy: ComparedModel, visual: Visual, question: str, answer: str) -> Tensor:
    """KL(pi_ref(. | s_t) || pi(. | s_t)) of each token of an answer and its EOS, (T,), nats, over the whole vocabulary.

    Each model has its own head, so that it is exact for whole weights too.

    Raises:
        EncodingError: the visual and the answer do not fit a model.
        ValueError: the models read the answer as different tokens.
    """
    reference_TV, policy_TV = (_log_probabilities(one, visual, question, answer) for one in (reference, policy))
    if reference_TV.shape != policy_TV.shape:
        raise ValueError(f"the models have different tokens: {tuple(reference_TV.shape)}, {tuple(policy_TV.shape)}")
    return (reference_TV.exp() * (reference_TV - policy_TV)).sum(-1)


def _log_probabilities(compared: ComparedModel, visual: Visual, question: str, answer: str) -> Tensor:
    """(T, V) of every word of the vocabulary at each place of the answer, in float32 or better."""
    encoded = compared.family.encode(visual, question, [answer])
    with compared.activated() as model:
        hidden_KTD = score(model, compared.family, encoded, path=ScorePath.UNSHARED, hidden=True).hidden_KTD
        head = bare(model).get_output_embeddings()
    if hidden_KTD is None:
        raise ValueError("score gave no hidden states")
    logits_TV = linear(hidden_KTD[0].to(head.weight.dtype), head.weight, getattr(head, "bias", None))
    return logits_TV.to(torch.promote_types(logits_TV.dtype, torch.float32)).log_softmax(-1)
