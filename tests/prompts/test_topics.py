"""The topics cover both papers, and each axis has three errors."""

from prompts.prompt import prompt
from prompts.topics import named_errors, topics
from schemas.claim import Axis, QuestionType
from schemas.pair import ClaimEdit


def test_the_topics_are_those_of_the_papers() -> None:
    """VideoPASTA's three axes and VistaDPO's ten types; camera and place are our own and are not asked of models."""
    found = topics()
    assert [found[axis.value].axis for axis in Axis] == list(Axis)
    types = {topic.question_type for name, topic in found.items() if name not in set(Axis)}
    assert types == set(QuestionType) - {QuestionType.CAMERA, QuestionType.PLACE}


def test_each_axis_has_three_errors_of_their_own() -> None:
    """Three adversaries are made of each preferred answer, each by another error."""
    assert set(named_errors()) == set(Axis)
    for errors in named_errors().values():
        assert len({error.name for error in errors}) == 3
        assert ClaimEdit.NONE not in {error.edit for error in errors}


def test_every_topic_and_error_fills_its_prompt() -> None:
    """What the prompts take of a topic and of an error is there."""
    for topic in topics().values():
        text = prompt("writer").fill(frame_count=8, count=2, topic=topic, gap_seconds=1.0)
        assert topic.asks in text
    for errors in named_errors().values():
        for error in errors:
            text = prompt("corrupter").fill(question="Who?", answer="She.", error=error)
            assert f"Error: {error.name}" in text
