"""A judge is examined on answers that are known: one true and one false answer to each question."""

import asyncio

from numpy.random import default_rng

from schemas.drop import Drop
from schemas.pair import Grounds
from schemas.samples import ComparisonOutcome
from stages.compare import CompareSamples
from stages.known_answers import KnownAnswers
from stages.payloads import KnownAnswer, RoundVideo
from stages.retrospection.comparing import AGAINST_PROOF
from stages.retrospection.settings import Retrospect
from stages.stage import read_here
from tests.stages.retrospection.policy import ScriptedPolicy, question, video

RIGHT, WRONG, OTHER = (
    KnownAnswer(text, (), truth) for text, truth in (("Right.", True), ("Wrong.", False), ("No.", False))
)
UNKNOWN = KnownAnswer("Perhaps.", (), None)


def taken(item: RoundVideo) -> RoundVideo:
    """The video after the stage, which drops nothing."""
    stage = KnownAnswers()
    [made] = list(stage.process(item, stage.open(read_here), default_rng(0)))
    assert isinstance(made, RoundVideo)
    return made


def test_the_first_true_and_the_first_false_answer_are_taken() -> None:
    """In the order of the question, which does not tell which is true; of a question that lacks one, none."""
    asked = (question("a", (UNKNOWN, WRONG, RIGHT, OTHER)), question("b", (WRONG, OTHER)), question("c", (UNKNOWN,)))
    texts = [[sample.text for sample in one.samples] for one in taken(video(*asked)).sampled]
    assert texts == [["Wrong.", "Right."], [], []]


def test_proof_decides_nothing_and_tells_who_is_right() -> None:
    """One judge prefers what is true, one the longer answer in both orders: the second contradicts the scene."""
    long_wrong = KnownAnswer("Wrong it is and so on.", (), False)
    item = taken(video(question("a", (RIGHT, long_wrong))))
    for bias, outcome, detail in (
        (0.0, ComparisonOutcome.CONSISTENT, None),
        (1.0, ComparisonOutcome.TIE, AGAINST_PROOF),
    ):
        stage = CompareSamples(retrospect=Retrospect(examines_judge=True, reasons=False))
        tools = stage.open_asking(read_here, ScriptedPolicy(length_bias=bias))
        [made] = [one for one in asyncio.run(stage.process(item, tools, default_rng(0))) if not isinstance(one, Drop)]
        assert made.retrospection is not None
        [compared] = made.retrospection.comparisons
        assert (compared.outcome, compared.detail, compared.grounds) == (outcome, detail, Grounds.JUDGED)
