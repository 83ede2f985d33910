"""Comparisons are named by what is compared, and as many as are asked for."""

import asyncio

from schemas.samples import Sample, SampledQuestion, SampleFate, count_words
from stages.language.asking import Asker
from stages.models.chat import NO_FRAMES
from stages.retrospection.comparing import comparisons
from stages.retrospection.grouping import groups_of
from stages.retrospection.preferring import PreferenceJudge
from stages.retrospection.settings import Retrospect
from tests.stages.retrospection.policy import ScriptedPolicy, question, said

TEXTS = [said(right=number < 2, words=3 + number) for number in range(4)]


def _sampled(*texts: str) -> SampledQuestion:
    samples = [Sample(text=text, words=count_words(text), fate=SampleFate.KEPT) for text in texts]
    asked = question()
    fields = {"question_id": "q", "clip_id": "clip", "question": asked.text, "axis": asked.axis}
    return SampledQuestion(
        **fields, question_type=asked.question_type, has_forms=False, asked=4, samples=tuple(samples), model="m"
    )


def _judge(policy: ScriptedPolicy, **settings: object) -> PreferenceJudge:
    retrospect = Retrospect.model_validate(settings)
    return PreferenceJudge(Asker(policy, 64), retrospect, question().text, ["0.0 to 1.0 s: It rains."], NO_FRAMES)


def test_all_pairs_of_samples_are_compared_up_to_the_limit() -> None:
    """Six of four samples, each in both orders with the context; three if no more are allowed."""
    policy = ScriptedPolicy()
    found = asyncio.run(comparisons(_judge(policy, reasons=False), question(), _sampled(*TEXTS)))
    assert len({one.comparison.comparison_id for one in found}) == 6
    assert len(policy.asked) == 12
    assert all("It rains." in request.text for request in policy.asked)
    assert len(asyncio.run(comparisons(_judge(policy, comparisons=3), question(), _sampled(*TEXTS)))) == 3


def test_a_reason_that_quotes_nothing_is_not_kept() -> None:
    """The scripted judge quotes the first word of the worse answer; words that are not in it are left out."""
    judge = _judge(ScriptedPolicy())
    kept = asyncio.run(judge.reason(TEXTS[0], TEXTS[2]))
    assert kept is not None
    assert kept.clause == "Wrong"


def test_each_better_sample_has_a_group_of_those_that_it_beats() -> None:
    """Two right samples beat two wrong ones: two groups of two pairs, whose answers stand in an order by hash."""
    found = asyncio.run(comparisons(_judge(ScriptedPolicy()), question(), _sampled(*TEXTS)))
    consistent = [one.comparison for one in found if one.failure is None]
    groups = groups_of(question(), _sampled(*TEXTS), consistent, ["sample version 1"])
    assert [group.chosen.text for group in groups] == TEXTS[:2]
    assert [{answer.text for answer in group.rejected} for group in groups] == [set(TEXTS[2:])] * 2
    assert {group.slot_id for group in groups} == {"q"}
    assert groups[0].prompt_hashes == ("writer version 1", "sample version 1")
    assert {verdict.margin for answer in groups[0].rejected for verdict in answer.verdicts} == {2.9}
