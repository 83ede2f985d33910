"""Questions that are asked about what is shown."""

import pytest

from pipeline.scripted.answering import asked_of
from pipeline.scripted.asking import count_in, parts_in, questions_about, questions_of_parts, type_of_part
from pipeline.scripted.sentences import DOES, STAYS
from prompts.topics import topics
from schemas.claim import Axis, QuestionType
from tests.pipeline.scripted.clips import shown


@pytest.mark.parametrize("topic", topics())
def test_each_question_has_a_true_answer_and_evidence_that_is_shown(topic: str) -> None:
    """The answer is true of the whole clip; evidence lies within it, and a question across frames has two stretches."""
    for asked in questions_about(topic, shown(), 5, seed=0):
        assert asked_of(asked.question, shown()).truth(asked.answer) is True
        assert all(0 <= start < end <= 8.5 for start, end in asked.evidence)
        if topic == Axis.CROSS_FRAME:
            assert asked.evidence[-1][0] - asked.evidence[0][0] >= 1


def test_topics_are_kept_apart() -> None:
    """Annotated questions come first; not more are asked than asked for; a thing is asked about once in one form."""
    found = questions_about("spatial", shown(), 2, seed=0)
    assert found[0].question == "What does the ball roll on?"
    assert found[0].objects == ("ball",)
    assert len(found) == 2
    moves = questions_about("action", shown(), 9, seed=0)
    assert len({(asked.said.form.name, asked.said.a) for asked in moves if asked.said}) == len(moves)
    assert {asked.question for asked in questions_about("ocr", shown(), 9, seed=0)}.isdisjoint(
        a.question for a in moves
    )


def test_parts_are_asked_what_they_answer_differently() -> None:
    """Each question's true answers in the two parts differ, and each is false of the other part."""
    parts = [(0.0, 2.4), (5.6, 8.0)]
    found = questions_of_parts(shown(), parts, 9, seed=0)
    assert {said.form.name for said in found} >= {"part", "reads", "does"}
    assert type_of_part(DOES) is type_of_part(STAYS) is QuestionType.ACTION
    one, other = (shown().within(*part) for part in parts)
    for said in found:
        assert asked_of(said.question(), one).truth(said.sentence()) is True
        assert asked_of(said.question(), other).truth(said.sentence()) is False
    assert questions_of_parts(shown(), parts[:1], 9, seed=0) == []


def test_what_a_prompt_asks_for() -> None:
    """The number of questions, and the parts."""
    assert count_in("Write 3 questions about this") == 3
    assert parts_in("Part A: 0.0 to 4.5 seconds.\nPart B: 4.6 to 9.0 seconds.") == [(0.0, 4.5), (4.6, 9.0)]
