"""A question with two answers becomes two groups, whoever wrote it."""

from collections import Counter

import numpy as np

from schemas.claim import Axis, QuestionType
from schemas.pair import RejectedKind
from stages.alone.twins import AloneAnswer, AloneQuestion, segment_twins
from tests.scenes import span
from tests.stages.facts.clips import clip_of, empty


def asked() -> AloneQuestion:
    """A question of a model, without claims."""
    return AloneQuestion(
        key="q",
        text="What is done?",
        question_type=QuestionType.ACTION,
        axis=Axis.TEMPORAL,
        form="values",
        stretches=(span(0.0, 4.0), span(5.0, 9.0)),
        answers=(AloneAnswer("A cup is filled.", ((), ()), ()), AloneAnswer("A cup is washed.", ((), ()), ())),
        model="writer",
    )


def test_the_labels_change_with_the_stretch() -> None:
    """The first answer is true of the first stretch and the second of the second, in one order of answers."""
    group, twin = segment_twins(clip_of(empty()), asked(), np.random.default_rng(0))
    true = {one.shown_alone: one.chosen.text for one in (group, twin)}
    assert true == {span(0.0, 4.0): "A cup is filled.", span(5.0, 9.0): "A cup is washed."}
    assert [answer.text for answer in group.answers] == [answer.text for answer in twin.answers]
    assert {answer.rejected_kind for one in (group, twin) for answer in one.rejected} == {RejectedKind.RELEVANT}
    assert group.evidence.frame_indices != twin.evidence.frame_indices


def test_neither_stretch_is_the_rule() -> None:
    """Over many draws the group shows either stretch, and either answer comes first."""
    counts: Counter[tuple[float, bool]] = Counter()
    for seed in range(200):
        group, _ = segment_twins(clip_of(empty()), asked(), np.random.default_rng(seed))
        assert group.shown_alone is not None
        counts[group.shown_alone.start_seconds, group.answers[0] is group.chosen] += 1
    assert len(counts) == 4
    assert min(counts.values()) > 25
