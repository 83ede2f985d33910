"""What the report of a loop says, as numbers: each round, the best one, and why the loop ended."""

from collections.abc import Sequence

import numpy as np

from pipeline.evaluation.report import MeanWithInterval
from pipeline.report.examples import Example
from pipeline.rounds.alarms import LoopAlarm, loop_alarms
from pipeline.rounds.settings import LoopSettings
from pipeline.rounds.state import BuiltRound, JudgeAgreement, LoopState, RoundMeasures, RoundState, TrainedRound
from pipeline.rounds.stop_rule import LoopEnd, best_round, gain_over_best
from pipeline.stats.bootstrap import gain_over_videos, share_over_videos
from schemas.record import Record
from stages.seeding import rng_for


class RoundReport(Record):
    """One round that is done."""

    number: int
    """0 is the model that the loop was given."""
    policy: int
    """The round whose policy it ends with: another one's if it has none of its own."""
    built: BuiltRound | None
    """Its set; null for round 0."""
    trained: TrainedRound | None
    """Its training; null for round 0."""
    accuracy: MeanWithInterval
    """Share of the held-out pairs that its policy wins; bootstrap over videos."""
    gain_over_start: MeanWithInterval | None
    """Its accuracy minus round 0's, on the same drawn videos; null for round 0."""
    gain_over_best: float | None
    """Its accuracy minus that of the best round before it: what the stop rule goes by; null for round 0."""
    pairs: int
    """Held-out pairs."""
    videos: int
    """Their videos."""
    answers: int
    """Held-out questions that its policy answered in its own words."""
    whole: float
    """Share of these answers that are complete."""
    right: float
    """Share of them that are the chosen answer."""
    answer_words: float
    """Their mean length."""
    kl_per_token: float | None
    """KL divergence of round 0 from its policy, nats per token."""
    agreement: JudgeAgreement | None
    """Of its judge with proofs on rendered clips; null if it was not measured."""
    agreement_share: float | None
    """Of the judge's consistent verdicts the share that is right; null if there is none."""
    examples: tuple[Example, ...]
    """A few pairs of its set."""


class LoopReport(Record):
    """A whole loop."""

    name: str
    """The name of its folder."""
    method: str
    model: str
    """Round 0, as it was given."""
    settings: LoopSettings
    asked: int
    """Rounds that were asked for."""
    end: LoopEnd | None
    """Why it ended; null while it goes on."""
    best: int
    """The round whose policy `policy/` is."""
    alarms: tuple[LoopAlarm, ...]
    rounds: tuple[RoundReport, ...]


def loop_report(
    state: LoopState,
    end: LoopEnd | None,
    settings: LoopSettings,
    examples: Sequence[Sequence[Example]],
    *,
    name: str,
    method: str,
    model: str,
    asked: int,
) -> LoopReport:
    """The report of the rounds that are done; `examples` has some pairs of each of them."""
    start = state.rounds[0].measured
    if start is None:
        raise ValueError("round 0 is not measured: there is nothing to report")
    lines = [
        _round(state, one, one.measured, start, settings, shown)
        for one, shown in zip(state.measured, examples, strict=True)
        if one.measured is not None
    ]
    return LoopReport(
        name=name,
        method=method,
        model=model,
        settings=settings,
        asked=asked,
        end=end,
        best=best_round(state, settings.stop),
        alarms=loop_alarms(state, settings.stop),
        rounds=tuple(lines),
    )


def _round(
    state: LoopState,
    one: RoundState,
    found: RoundMeasures,
    start: RoundMeasures,
    settings: LoopSettings,
    examples: Sequence[Example],
) -> RoundReport:
    gain = gain_over_best(state, one.number, settings.stop)
    return RoundReport(
        number=one.number,
        policy=state.policy_of(one.number),
        built=one.built,
        trained=one.trained,
        accuracy=_accuracy(found, settings.probe.seed),
        gain_over_start=_gain(start, found, settings.probe.seed) if one.number else None,
        gain_over_best=None if gain is None else round(gain, 4),
        pairs=len(found.wins),
        videos=len(set(found.videos)),
        answers=found.answers,
        whole=found.whole,
        right=found.right,
        answer_words=found.answer_words,
        kl_per_token=found.kl_per_token,
        agreement=found.agreement,
        agreement_share=None if found.agreement is None else found.agreement.share,
        examples=tuple(examples),
    )


def _accuracy(found: RoundMeasures, seed: int) -> MeanWithInterval:
    share = share_over_videos(np.array(found.wins), np.array(found.videos), rng_for(seed, "rounds", "held out"))
    return _rounded(share.point, share.low, share.high)


def _gain(start: RoundMeasures, found: RoundMeasures, seed: int) -> MeanWithInterval:
    """The same videos are drawn for every round."""
    wins = np.array(start.wins), np.array(found.wins)
    return _rounded(*gain_over_videos(*wins, np.array(found.videos), rng_for(seed, "rounds", "held out")))


def _rounded(value: float, low: float, high: float) -> MeanWithInterval:
    return MeanWithInterval(value=round(value, 4), low=round(low, 4), high=round(high, 4))
