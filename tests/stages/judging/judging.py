"""A judge that knows which answers are right, and groups for it."""

from collections.abc import Collection, Mapping, Sequence

from schemas.claim import Axis, QuestionType
from schemas.clip import Frame
from schemas.group import BY_MODELS, CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import ClaimEdit, Corruption, Evidence, RejectedKind
from schemas.shown import Shown
from stages.models.chat import ChatRequest
from tests.stages.language.fake_chat import Answer, FakeChat, line

RIGHT = "The man stands beside the door."
WRONG = ("The man stands behind the sofa.", "The man stands on the stairs.")


def group(
    *wrong: str,
    axis: Axis = Axis.SPATIAL,
    shown: Shown | None = None,
    group_id: str = "g",
    twin_of: str | None = None,
    right: str = RIGHT,
    absent: Collection[str] = (),
) -> CandidateGroup:
    """A group of a model, about the clip "clip"; wrong answers in `absent` are irrelevant, and name their last word."""
    answers = [CandidateAnswer(text=right, rejected_kind=None, model="target")]
    for text in wrong or WRONG:
        named = text.rstrip(".").split()[-1] if text in absent else None
        answers.append(
            CandidateAnswer(
                text=text,
                rejected_kind=RejectedKind.IRRELEVANT if named else RejectedKind.RELEVANT,
                adversary_axis=None if named else axis,
                corruption=Corruption(edit=ClaimEdit.SWAP_SIDES),
                model="corrupter",
                absent=named,
            )
        )
    return CandidateGroup(
        group_id=group_id,
        slot_id="slot",
        clip_id="clip",
        twin_of=twin_of,
        shown=shown or Shown(),
        question="Where does the man stand?",
        question_model="writer",
        question_type=QuestionType.LOCATION,
        axis=axis,
        form=BY_MODELS,
        balance=(),
        balance_others=((),) * len(wrong or WRONG),
        answers=tuple(answers),
        evidence=Evidence(frame_indices=(2, 3, 15)),
        event_intervals=(Interval(start_seconds=1, end_seconds=2),),
        keyframe_indices=(2, 3),
    )


def frames(count: int, start: float, seconds: float) -> tuple[Frame, ...]:
    """Frames that a request tells apart by their times."""
    return tuple(Frame(pts_seconds=start + i * seconds / count, jpeg=f"{start}-{i}".encode()) for i in range(count))


def judge(right: Collection[str] = (RIGHT,), axis: Axis = Axis.SPATIAL, sure: int = 5, **table: Answer) -> FakeChat:
    """Answers by which texts are right."""

    def holds(request: ChatRequest) -> Mapping[str, object]:
        return {"seen": "", "holds": "yes" if line(request, "Answer: ") in right else "no", "sure": sure}

    def genuine(request: ChatRequest) -> Mapping[str, object]:
        found = holds(request)
        return {**found, "wrong_about": "none" if found["holds"] == "yes" else axis.value}

    def compared(request: ChatRequest) -> Mapping[str, object]:
        texts: Sequence[str] = (line(request, "Answer A: "), line(request, "Answer B: "))
        found = tuple(text in right for text in texts)
        picked = {(True, False): "A", (False, True): "B", (True, True): "both", (False, False): "neither"}[found]
        return {"seen": "", "right": picked, "same": texts[0] == texts[1], "sure": sure}

    blind: Answer = {"right": "neither", "sure": 1}
    made: dict[str, Answer] = {"judge_faithful": holds, "judge_genuine": genuine, "judge_compare": compared}
    return FakeChat({**made, "blind": blind, **table})
