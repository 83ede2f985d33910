"""The steps of a round of self-sampling, whose videos and questions come from a finished set."""

from pipeline.engine.step_setup import StepSetup
from pipeline.questions.take import TakeQuestions
from stages.compare import CompareSamples
from stages.known_answers import KnownAnswers
from stages.look_back import LookBack
from stages.retrospection.settings import Retrospect
from stages.sample import SampleAnswers
from stages.verify import VerifyClaims


def round_steps(retrospect: Retrospect, verify: VerifyClaims) -> tuple[StepSetup, ...]:
    """The steps that a video takes, in order, up to `write`; proof comes before judgement, and once more at the end.

    If the judge is examined nothing is sampled or written: the set of questions has a true and a false answer to each.
    """
    steps = (
        StepSetup(
            "take",
            TakeQuestions(retrospect=retrospect, proof=verify.proof),
            cpu_share=1.0,
            reads="the set of questions",
            writes="clips with their scenes, questions",
            has_child=True,  # planted edits are measured
            by_content=True,
        ),
        StepSetup(
            "sample",
            SampleAnswers(retrospect=retrospect),
            cpu_share=0.3,
            reads="questions, frames",
            writes="answers of the policy",
            has_child=True,  # edits of what is shown are made
        ),
        StepSetup(
            "context",
            LookBack(retrospect=retrospect, proof=verify.proof),
            cpu_share=0.3,
            reads="frames, the contexts of the round before",
            writes="contexts without what the scene refutes",
        ),
        StepSetup(
            "judge",
            CompareSamples(retrospect=retrospect),
            cpu_share=0.3,
            reads="answers, contexts, frames",
            writes="groups of better and worse answers",
            has_child=True,
        ),
        StepSetup(
            "verify",
            verify,
            cpu_share=0.5,
            reads="groups, clips with their scenes",
            writes="groups whose every claim is proven",
            has_child=True,
        ),
    )
    if not retrospect.examines_judge:
        return steps
    take, _, _, judge, proof = steps
    known = StepSetup(
        "known",
        KnownAnswers(),
        cpu_share=0.01,
        reads="questions",
        writes="a true and a false answer to each",
    )
    return take, known, judge, proof
