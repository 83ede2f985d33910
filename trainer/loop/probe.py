"""Questions that a policy answers in its own words while it trains: preference training breaks its answers first.

Plain DPO raises the accuracy of preferences while probability moves to words that were not trained on. The
log-probabilities of the pairs do not show that.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from torch import nn

from stages.models.video_llm.family import ModelFamily
from stages.models.video_llm.generate import Generated, Match, generate
from stages.models.video_llm.score import evaluating
from trainer.data.records import GroupRows, TrainGroup
from trainer.data.twins import spread_groups

PROBE_TOKENS = 48
"""Longest answer to a question of a probe, in tokens."""


@dataclass(frozen=True)
class ProbeResult:
    """How good the answers to the probe's questions are at one moment of a training."""

    asked: int
    """Questions."""
    whole: float
    """Share of answers that are a complete sentence and end in EOS: `whole_answers` of a `HeldOutResult`."""
    chosen: float
    """Share of answers that are the chosen one."""
    rejected: float
    """Share of answers that are a rejected one."""
    mean_tokens: float
    """Mean length of an answer."""


def probe_rows(groups: Sequence[GroupRows], count: int) -> list[GroupRows]:
    """The `count` groups to ask about: from as many videos as possible, the same ones every time."""
    return spread_groups([(group,) for group in groups], count)


def probe(
    model: nn.Module, family: ModelFamily, groups: Iterable[TrainGroup], max_new_tokens: int = PROBE_TOKENS
) -> ProbeResult:
    """Let the model answer each group's question, one at a time; its training mode is restored afterwards.

    Processes that share one model must all be given the same groups, so that they make the same forward passes.
    ValueError if there is no group.
    """
    with evaluating(model):
        return summary([(group.rows, _answer(model, family, group, max_new_tokens)) for group in groups])


def summary(asked: Sequence[tuple[GroupRows, Generated]]) -> ProbeResult:
    """Count how good some answers are. ValueError if there is none."""
    if not asked:
        raise ValueError("a probe needs at least one question")
    matches = Counter(
        written.match(rows.chosen.text, [answer.text for answer in rows.rejected]) for rows, written in asked
    )
    count = len(asked)
    return ProbeResult(
        asked=count,
        whole=sum(written.is_whole for _, written in asked) / count,
        chosen=matches[Match.CHOSEN] / count,
        rejected=matches[Match.REJECTED] / count,
        mean_tokens=sum(written.tokens for _, written in asked) / count,
    )


def _answer(model: nn.Module, family: ModelFamily, group: TrainGroup, max_new_tokens: int) -> Generated:
    encoded = family.encode(group.preferred, group.rows.question, [group.rows.chosen.text])
    return generate(model, family, encoded, max_new_tokens)
