"""Annotated questions become groups whose truth rests on the annotation."""

import numpy as np

from schemas.annotations import AnnotatedQuestion, Annotations
from schemas.claim import Axis, Predicate, QuestionType
from schemas.clip import Frame, UnitClip
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.pair import RejectedKind
from stages.annotated.asked import asked
from stages.claims.proof import ClipProver, ProofConfig
from stages.generate import Generate
from stages.payloads import GroundedVideo, WrittenVideo
from stages.planted.writer import PlantedWriter
from stages.stage import read_here
from stages.verify import prove_group
from tests import scenes
from tests.stages.annotated.clips import laid, thing
from tests.stages.facts.clips import clip_of

COLOUR = AnnotatedQuestion(
    question="What colour is the sofa",
    answer="blue",
    wrong=("red", "green", "Blue.", "red"),
    question_type=QuestionType.COLOR,
    evidence_seconds=(2.0, 2.4, 7.0),
)


def _clip() -> UnitClip:
    return clip_of(scenes.scene())


def _asked(*questions: AnnotatedQuestion, clip: UnitClip | None = None) -> list[tuple[CandidateGroup, ...]]:
    return list(asked(clip or _clip(), Annotations(questions=questions), ProofConfig(), np.random.default_rng(0)))


def test_each_choice_of_wrong_answers_is_an_alternative() -> None:
    """Of two different wrong answers, one, the other, or both; what equals the right one is none."""
    (alternatives,) = _asked(COLOUR)
    assert {tuple(sorted(a.text for a in group.rejected)) for group in alternatives} == {
        ("Green.",),
        ("Red.",),
        ("Green.", "Red."),
    }
    assert {group.chosen.text for group in alternatives} == {"Blue."}
    assert {group.question for group in alternatives} == {"What colour is the sofa?"}
    assert len({group.group_id for group in alternatives}) == 3
    assert {text for group in alternatives for text in group.borrowed} == {"red", "green"}


def test_a_group_says_that_people_vouch_for_it() -> None:
    """Every answer has the verdict annotated and no claim; false ones are wrong on the question's axis."""
    (alternatives,) = _asked(COLOUR.model_copy(update={"axis": Axis.CROSS_FRAME}))
    for answer in (answer for group in alternatives for answer in group.answers):
        assert [(one.check, one.passed) for one in answer.verdicts] == [("annotated", True)]
        assert answer.claim is None
        wrong = (RejectedKind.RELEVANT, Axis.CROSS_FRAME)
        assert (answer.rejected_kind, answer.adversary_axis) == ((None, None) if answer.text == "Blue." else wrong)


def test_a_question_without_an_axis_has_that_of_its_type() -> None:
    """Colours are seen in one frame."""
    assert {group.axis for group in _asked(COLOUR)[0]} == {Axis.SPATIAL}


def test_evidence_is_around_the_moments_that_are_given() -> None:
    """A second around 2 and 2.4 s, which meet, and one around 7 s; the whole clip without moments."""
    group = _asked(COLOUR)[0][0]
    assert [(one.start_seconds, one.end_seconds) for one in group.event_intervals] == [(1.5, 2.9), (6.5, 7.5)]
    assert group.keyframe_indices
    anywhere = _asked(COLOUR.model_copy(update={"evidence_seconds": ()}))[0][0]
    assert [(one.start_seconds, one.end_seconds) for one in anywhere.event_intervals] == [(0.0, 10.0)]


def test_doubtful_and_incomplete_questions_are_not_asked() -> None:
    """Not certain, without a wrong answer, or without a type."""
    for change in ({"certain": False}, {"wrong": ()}, {"question_type": None}):
        assert _asked(COLOUR.model_copy(update=change)) == []


def test_a_part_of_a_video_is_not_asked_about_the_whole() -> None:
    """A clip of 10 s of a video of 20 s."""
    assert _asked(COLOUR, clip=_clip().model_copy(update={"duration_seconds_measured": 20.0})) == []


def test_only_a_recipe_that_wants_them_gets_them() -> None:
    """By default there are none; else they are counted as questions, and pass the proof as they are."""
    frames = tuple(Frame(pts_seconds=second + 0.5, jpeg=b"") for second in range(10))
    clip = _clip().model_copy(update={"frames": frames})
    video = GroundedVideo("sha", (clip,), Annotations(questions=(COLOUR,)))
    counts = {}
    for wanted in (False, True):
        *drops, written = Generate(annotated_questions=wanted, planted=PlantedWriter(share=0.0)).process(
            video, read_here, np.random.default_rng(0)
        )
        assert isinstance(written, WrittenVideo)
        found = [group for group in written.groups if group.question_model == "annotations"]
        counts[wanted] = (len(found), written.questions_seen)
        assert all(prove_group(group, ClipProver(clip, ProofConfig())) is not None for group in found)
        assert not any(isinstance(prove_group(g, ClipProver(clip, ProofConfig())), Drop) for g in found)
        assert all(isinstance(drop, Drop) for drop in drops)
    assert counts[False][0] == 0
    assert counts[True] == (3, counts[False][1] + 1)


def test_what_claims_fit_is_proven_and_has_no_other_verdict() -> None:
    """One dog is listed and dogs are complete; one sofa, which is blue: both questions are proven."""
    dog = thing("dog", (0.0, 0.1), moves=False)
    sofa = thing("sofa", (0.0, 0.6), moves=False, noun="sofa", colour="blue")
    there = laid(Annotations(objects=(dog, sofa), complete=("dog", "sofa")))
    number = COLOUR.model_copy(
        update={
            "question": "How many dogs are in view?",
            "answer": "One",
            "wrong": ("Two", "3"),
            "question_type": QuestionType.NUMBER,
        }
    )
    for question, predicate in ((COLOUR, Predicate.HAS_COLOUR), (number, Predicate.NAMED_COUNT)):
        (alternatives,) = _asked(question, clip=clip_of(there))
        for group in alternatives:
            assert {answer.claim.predicate for answer in group.answers if answer.claim} == {predicate}
            assert all(answer.claim is not None and answer.verdicts == () for answer in group.answers)
            proven = prove_group(group, ClipProver(clip_of(there), ProofConfig()))
            assert isinstance(proven, CandidateGroup)
            assert {one.check for answer in proven.answers for one in answer.verdicts} == {"proof"}


def test_what_is_not_proven_stays_annotated() -> None:
    """Two dogs may be in view if dogs are not complete."""
    there = laid(Annotations(objects=(thing("dog", (0.0, 0.1), moves=False),)))
    number = COLOUR.model_copy(update={"question": "How many dogs are there?", "answer": "One", "wrong": ("Two",)})
    ((group,),) = _asked(number, clip=clip_of(there))
    assert {one.check for answer in group.answers for one in answer.verdicts} == {"annotated"}
