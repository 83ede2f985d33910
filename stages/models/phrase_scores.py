"""What a text-prompted detector says of tokens becomes what it says of phrases; the same for all of its kind.

They score every query (a box) against every token of one text, "a dog. a red ball.". Their own post-processing glues
tokens of different phrases together, so each phrase gets the largest score among its own tokens here.

B Q T P = frames, queries, tokens, phrases.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor
from torchvision.ops import batched_nms, box_convert, box_iou

from schemas.errors import ModelError
from stages.models.detections import Detection, FrameDetections

TokenIds = Callable[[str], list[int]]
"""The token ids of a text, with those at its ends."""

MOST_TOKENS = 256
"""Longer texts fail in these models."""
_SAME_THING = 0.7
"""Boxes with at least this intersection over union show one thing."""
_DIGITS = 4
_LEAST_SIDE = 1e-3
"""Boxes that are narrower or lower than this share of the frame are no boxes."""


def text_of(phrases: Sequence[str]) -> str:
    """The text that asks for the phrases."""
    return ". ".join(phrases) + "."


def phrase_chunks(phrases: Sequence[str], token_ids: TokenIds) -> Iterator[tuple[int, int]]:
    """Ranges [first, end) of phrases whose text has at most MOST_TOKENS tokens. ModelError if one alone has more."""
    first, used = 0, 0
    ends = len(token_ids(""))
    for number, phrase in enumerate(phrases):
        own = len(token_ids(phrase + ".")) - ends
        if ends + own > MOST_TOKENS:
            raise ModelError(f"ground.nouns: {phrase[:40]!r}... has {own} tokens; a text may have {MOST_TOKENS}")
        if used and ends + used + own > MOST_TOKENS:
            yield first, number
            first, used = number, 0
        used += own
    if used:
        yield first, len(phrases)


def token_runs(token_ids: Sequence[int], separators: frozenset[int], phrases: Sequence[str]) -> list[slice]:
    """Which tokens of the text are each phrase's: the runs between separators. ModelError unless there is one each."""
    runs, start = [], 0
    for place, token in enumerate([*token_ids, *list(separators)[:1]]):
        if token in separators or place == len(token_ids):
            if place > start:
                runs.append(slice(start, place))
            start = place + 1
    if len(runs) != len(phrases):
        raise ModelError(
            f"ground.nouns: the tokenizer reads {len(runs)} phrases in {text_of(phrases)!r}, not {len(phrases)}; "
            "use words without punctuation"
        )
    return runs


def detections_of(
    logits_BQT: Tensor, boxes_BQ4: Tensor, runs: Sequence[slice], phrases: Sequence[str], least_scores: Sequence[float]
) -> list[list[Detection]]:
    """The detections of each frame.

    Args:
        logits_BQT: what the model says of each query and token.
        boxes_BQ4: centre x, centre y, width and height of each query, 0..1.
        runs: the tokens of each phrase.
        phrases: the phrases of the text.
        least_scores: for each phrase, the score below which nothing counts, 0..1.
    """
    scores_BQP = torch.stack([logits_BQT[..., run].float().amax(-1) for run in runs], dim=-1).sigmoid()
    if not bool(scores_BQP.isfinite().all()) or not bool(boxes_BQ4.isfinite().all()):
        raise ModelError("the detector's scores are not numbers; its checkpoint is damaged or of another model")
    corners_BQ4 = box_convert(boxes_BQ4.float(), "cxcywh", "xyxy").clamp(0, 1)
    least_P = torch.tensor(least_scores, dtype=torch.float64)
    return [
        _of_frame(_rounded(scores_QP), _rounded(corners_Q4), phrases, least_P)
        for scores_QP, corners_Q4 in zip(scores_BQP, corners_BQ4, strict=True)
    ]


def _of_frame(scores_QP: Tensor, corners_Q4: Tensor, phrases: Sequence[str], least_P: Tensor) -> list[Detection]:
    sides_Q2 = corners_Q4[:, 2:] - corners_Q4[:, :2]
    is_box_Q = (sides_Q2 >= _LEAST_SIDE).all(-1)
    query, phrase = ((scores_QP >= least_P) & is_box_Q[:, None]).nonzero(as_tuple=True)
    scores, boxes = scores_QP[query, phrase], corners_Q4[query]
    margins = scores - _best_others(scores_QP)[query, phrase]
    kept = batched_nms(boxes, scores, phrase, _SAME_THING).tolist()
    return [
        Detection(
            phrases[int(phrase[i])],
            round(float(scores[i]), _DIGITS),
            round(float(margins[i]), _DIGITS),
            _box([round(edge, _DIGITS) for edge in boxes[i].tolist()]),
        )
        for i in kept
    ]


def _rounded(values: Tensor) -> Tensor:
    """The values on the CPU without the digits in which numbers of threads and batches differ."""
    return values.double().cpu().round(decimals=_DIGITS)


def _best_others(scores_QP: Tensor) -> Tensor:
    """For each query and phrase, the best score of another phrase, [Q, P]; 0 if there is no other one."""
    if scores_QP.shape[1] == 1:
        return torch.zeros_like(scores_QP)
    best_Q2, which_Q2 = scores_QP.topk(2, dim=1)
    is_best_QP = torch.arange(scores_QP.shape[1])[None] == which_Q2[:, :1]
    return torch.where(is_best_QP, best_Q2[:, 1:], best_Q2[:, :1])


def _box(corners: Sequence[float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = corners
    return x0, y0, x1, y1


def over_texts(found: Sequence[Sequence[Detection]]) -> FrameDetections:
    """The detections of one frame from several texts, the surest first; each margin counts the other texts too."""
    everything = [one for text in found for one in text]
    if sum(bool(text) for text in found) > 1:
        corners = torch.tensor([one.box_xyxy_norm for one in everything])
        overlaps = box_iou(corners, corners) >= _SAME_THING
        everything = [
            replace(one, margin=round(min(one.margin, one.score - best), _DIGITS))
            for one, near in zip(everything, overlaps, strict=True)
            for best in [_best_rival(one, [everything[i] for i in near.nonzero().flatten().tolist()])]
        ]
    return tuple(sorted(everything, key=lambda one: (-one.score, one.phrase, one.box_xyxy_norm)))


def _best_rival(one: Detection, near: Sequence[Detection]) -> float:
    return max((other.score for other in near if other.phrase != one.phrase), default=0.0)
