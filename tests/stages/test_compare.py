"""Samples become pairs by proof, or by a judge that agrees with itself."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.finalise.sampled import finalise_samples
from pipeline.finalise.settings import FinaliseConfig
from schemas.claim import Claim, Predicate
from schemas.drop import Drop, DropReason, ItemType
from schemas.pair import Grounds, RejectedKind
from schemas.samples import ComparisonOutcome, MarginUnit, count_words
from schemas.video import VideoRef
from stages.models.chat import EndpointFailed, ModelRole
from stages.payloads import KnownAnswer, WrittenVideo
from stages.retrospection.settings import Retrospect
from tests.sets import Offered
from tests.stages.retrospection.policy import ScriptedPolicy, question, said, video
from tests.stages.retrospection.rounds import went_through

QUESTIONS = [question(f"question {number}") for number in range(200)]


def _outcomes(made: WrittenVideo) -> Counter[str]:
    assert made.retrospection is not None
    return Counter(one.outcome.value for one in made.retrospection.comparisons)


def _pairs(made: WrittenVideo, limit: float | None) -> list[tuple[str, str]]:
    """Better and worse answer of every pair of the set."""
    offer = Offered(made.content_sha256, made.questions_seen, made.groups).outlined()
    config = FinaliseConfig(self_sampled=True, max_length_correlation=limit)
    groups = {group.group_id: group for group in made.groups}
    found = finalise_samples([(VideoRef(uri="a.mp4"), offer)], lambda _, ids: [groups[i] for i in ids], config, seed=0)
    return [(pair.chosen, pair.rejected) for kept in found.videos for pair in kept.pairs()]


def _correlation(pairs: Sequence[tuple[str, str]]) -> float:
    """Pearson's, by numpy."""
    words = [count_words(text) for pair in pairs for text in pair]
    return float(np.corrcoef(words, [1, -1] * len(pairs))[0, 1])


def test_a_judge_that_goes_by_position_gives_no_pairs() -> None:
    """With a position bias of 100 % every verdict changes with the order: only flips, each counted."""
    made, drops = went_through(video(*QUESTIONS), ScriptedPolicy(position_bias=1.0))
    assert made.groups == ()
    assert set(_outcomes(made)) == {"flip"}
    assert Counter(drop.item_type for drop in drops)[ItemType.PAIR] == _outcomes(made).total()
    assert Counter(drop.item_type for drop in drops)[ItemType.QUESTION] == len(QUESTIONS)


def test_a_judge_that_goes_by_length_gives_pairs_that_length_does_not_tell() -> None:
    """Of 200 questions with six comparisons each, three in ten verdicts go to the longer answer.

    Half of the others are ties, so that nearly half of the consistent ones are by length. Without the counter-measure
    the label correlates with length; with it, it does not, and more than half of the consistent verdicts stay.
    """
    made, _ = went_through(video(*QUESTIONS), ScriptedPolicy(length_bias=0.3))
    consistent = _outcomes(made)["consistent"]
    everything, matched = _pairs(made, None), _pairs(made, 0.05)
    assert len(everything) == consistent
    assert _correlation(everything) > 0.2
    assert len(matched) >= max(400, consistent / 2)
    assert abs(_correlation(matched)) < 0.1


def test_without_bias_truth_decides_and_what_is_alike_is_a_tie() -> None:
    """Two right or two wrong samples are ties; of the pairs every chosen answer is right."""
    made, drops = went_through(video(*QUESTIONS), ScriptedPolicy())
    assert set(_outcomes(made)) == {"consistent", "tie"}
    assert all(a.startswith("Right") and b.startswith("Wrong") for a, b in _pairs(made, None))
    assert {drop.reason for drop in drops if drop.item_type is ItemType.PAIR} == {DropReason.JUDGES_DISAGREE}


def test_votes_count_where_no_log_probabilities_are_told() -> None:
    """Five votes for each order; the outcome is the same as by log-probabilities."""
    policy = ScriptedPolicy(samples=[said(right=True, words=4), said(right=False, words=5)], log_probs=False)
    made, _ = went_through(video(), policy, Retrospect(samples=2))
    assert made.retrospection is not None
    [compared] = made.retrospection.comparisons
    assert (compared.outcome, compared.unit) == (ComparisonOutcome.CONSISTENT, MarginUnit.VOTES)
    assert (compared.margin, compared.margin_if_second) == (1.0, 1.0)
    assert sorted(request.n for request in policy.asked if request.choices) == [1, 1, 5, 5]


def test_an_unclear_verdict_is_a_tie() -> None:
    """The scripted margin is 2.9 nats: a judge that must be surer by more makes no pair."""
    policy = ScriptedPolicy(samples=[said(right=True, words=4), said(right=False, words=5)])
    made, drops = went_through(video(), policy, Retrospect(samples=2, least_margin_nats=3.0))
    assert _outcomes(made) == Counter({"tie": 1})
    [drop] = [drop for drop in drops if drop.item_type is ItemType.PAIR]
    assert (drop.measured, drop.limit) == (pytest.approx(2.9), 3.0)


def _known(text: str, colour: str, *, true: bool | None) -> KnownAnswer:
    claim = Claim(predicate=Predicate.HAS_COLOUR, subject_tracks=("t",), subject_phrases=("it",), value=colour)
    return KnownAnswer(text, () if true is None else (claim,), true)


RED, BLUE, GREEN = (
    _known("It is red.", "red", true=True),
    _known("It is blue.", "blue", true=False),
    _known("It is green.", "green", true=False),
)


def _judged(*samples: str, policy: ScriptedPolicy | None = None) -> tuple[WrittenVideo, list[Drop], ScriptedPolicy]:
    policy = policy or ScriptedPolicy()
    policy.samples = samples
    asked = question(answers=[RED, BLUE, GREEN])
    return (*went_through(video(asked), policy, Retrospect(samples=len(samples))), policy)


def test_where_claims_decide_no_judge_is_asked() -> None:
    """Red is proven true, blue and green false: two pairs of one group, and a tie of the two that are false."""
    made, drops, policy = _judged("it is Red", "It is blue", "It is green.")
    [group] = made.groups
    assert group.chosen.text == RED.text
    assert {answer.text for answer in group.rejected} == {BLUE.text, GREEN.text}
    assert {answer.rejected_kind for answer in group.rejected} == {RejectedKind.SELF_SAMPLED}
    assert made.retrospection is not None
    assert {one.grounds for one in made.retrospection.comparisons} == {Grounds.PROVEN}
    assert not [request for request in policy.asked if request.role is ModelRole.JUDGE]
    assert [drop.reason for drop in drops if drop.item_type is ItemType.PAIR] == [DropReason.CHOSEN_NOT_TRUE]


def test_a_judge_that_contradicts_the_scene_is_not_heard() -> None:
    """It prefers a free answer that says it is right to what is proven: a tie, and no pair."""
    made, _, policy = _judged("It is red.", "Right it is so.")
    assert made.groups == ()
    assert _outcomes(made) == Counter({"tie": 1})
    assert [request for request in policy.asked if request.role is ModelRole.JUDGE]


def test_a_judge_confirms_a_free_answer_against_one_that_is_refuted() -> None:
    """The pair has a proof on one side, and rests on the judge; the reason's axis and words are kept."""
    made, _, _ = _judged("It is blue.", "Right it is so.")
    [group] = made.groups
    assert (group.chosen.text, group.rejected[0].claims) == ("Right it is so.", BLUE.claims)
    assert [verdict.check for verdict in group.rejected[0].verdicts] == ["preferred"]
    assert made.retrospection is not None
    [compared] = made.retrospection.comparisons
    assert (compared.reason_axis, compared.reason_clause) == ("spatial", "It")


def test_a_question_whose_samples_say_the_same_has_no_pair() -> None:
    """Equal words, or equal claims; it is dropped and counted."""
    made, drops, _ = _judged("It is red.", "it is red")
    assert made.groups == ()
    assert made.questions_seen == 1
    assert [(drop.item_type, drop.reason) for drop in drops if drop.item_type is not ItemType.ANSWER] == [
        (ItemType.QUESTION, DropReason.NOT_DISTINCT)
    ]


def test_a_judge_without_a_reply_leaves_the_comparison_unjudged() -> None:
    """The pair is dropped for the endpoint's reason, and the comparison is in the table."""
    policy = ScriptedPolicy(samples=[said(right=True, words=4), said(right=False, words=5)], fails=EndpointFailed)
    made, drops = went_through(video(), policy, Retrospect(samples=2))
    assert _outcomes(made) == Counter({"unjudged": 1})
    assert {drop.reason for drop in drops if drop.item_type is ItemType.PAIR} == {DropReason.ENDPOINT_FAILED}
