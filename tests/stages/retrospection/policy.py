"""A policy and a judge whose truth and bias are known: a right sample says so, and has any number of further words."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from numpy.random import default_rng

from schemas.claim import Axis, QuestionType
from schemas.clip import Frame, UnitClip
from schemas.interval import Interval
from schemas.pair import Evidence
from schemas.shown import Shown
from stages.claims.nouns import to_search
from stages.models.chat import ChatReply, ChatRequest, ModelRole, NoReply
from stages.payloads import KnownAnswer, RoundQuestion, RoundVideo
from tests.scenes import deed, fixed, scene, search_of, track
from tests.stages.language.fake_chat import line

_FILLING = ("and", "so", "on", "as", "far", "as", "anybody", "can", "see", "from", "where", "they", "stand", "by")


def said(*, right: bool, words: int) -> str:
    """A sample of at least three words, of which the first says whether it is right."""
    return " ".join(["Right" if right else "Wrong", "it", "is", *_FILLING[: words - 3]]) + "."


@dataclass
class ScriptedPolicy:
    """Samples at random, right or wrong and long or short; and judges by truth, unless position or length decides."""

    right: float = 0.5
    """Share of samples that are right."""
    position_bias: float = 0.0
    """Share of verdicts that go to what is shown first."""
    length_bias: float = 0.0
    """Share of comparisons that go to the longer answer, in both orders."""
    samples: Sequence[str] = ()
    """What it samples, in place of drawing."""
    notes: Sequence[tuple[float, float, str]] = ()
    """What it writes of each clip, besides what it wrote before."""
    log_probs: bool = True
    """Whether the judge tells log-probabilities."""
    fails: type[NoReply] | None = None
    """What takes the place of every verdict."""
    asked: list[ChatRequest] = field(default_factory=list)

    async def ask(self, request: ChatRequest, /) -> ChatReply:
        """The reply to any prompt of a round."""
        self.asked.append(request)
        if request.role is ModelRole.TARGET:
            return self._reply(request, self._drawn(request))
        if request.role is ModelRole.WRITER:
            return self._reply(request, [json.dumps({"notes": self._noted(request)})])
        if request.reply is not None:
            worse = line(request, "Worse answer: ")
            reason = {"seen": "It.", "clause": worse.split()[0], "axis": "spatial"}
            return self._reply(request, [json.dumps(reason)])
        if self.fails is not None:
            raise self.fails(request.role)
        letter = self._letter(line(request, "Answer A: "), line(request, "Answer B: "))
        scores = {other: -0.1 if other == letter else -3.0 for other in request.choices}
        return self._reply(request, [f"{letter}."] * request.n, scores if self.log_probs else None)

    def model_of(self, role: ModelRole, /) -> str:
        """One model a role."""
        return f"fake-{role.value}"

    def _reply(self, request: ChatRequest, texts: Sequence[str], scores: dict[str, float] | None = None) -> ChatReply:
        return ChatReply(
            texts=tuple(texts),
            finish_reasons=("stop",) * len(texts),
            choice_log_probs=None if scores is None else (scores,) * len(texts),
            model=self.model_of(request.role),
        )

    def _drawn(self, request: ChatRequest) -> list[str]:
        if self.samples:
            return list(self.samples[: request.n])
        rng = default_rng(request.seed)
        return [said(right=rng.random() < self.right, words=int(rng.integers(3, 17))) for _ in range(request.n)]

    def _noted(self, request: ChatRequest) -> list[dict[str, object]]:
        before = re.findall(r"^- (\d+\.\d) to (\d+\.\d) s: (.+)$", request.text, re.MULTILINE)
        notes = [(float(start), float(end), text) for start, end, text in before]
        return [{"from": start, "to": end, "text": text} for start, end, text in (*self.notes, *notes)]

    def _letter(self, first: str, second: str) -> str:
        drawn = default_rng(sorted(f"{first}{second}".encode())).random()  # the same in both orders
        if drawn < self.position_bias:
            return "A"
        lengths = len(first.split()), len(second.split())
        if drawn < self.position_bias + self.length_bias and lengths[0] != lengths[1]:
            return "A" if lengths[0] > lengths[1] else "B"
        truths = first.startswith("Right"), second.startswith("Right")
        return "C" if truths[0] == truths[1] else "A" if truths[0] else "B"


def clip(clip_id: str = "clip", **fields: object) -> UnitClip:
    """Ten seconds of eight frames; `fields` are those of its scene."""
    return UnitClip(
        clip_id=clip_id,
        content_sha256="0" * 64,
        codec="h264",
        width=64,
        height=48,
        rotation_degrees=0,
        start_seconds=0.0,
        end_seconds=10.0,
        duration_seconds_from_header=10.0,
        duration_seconds_measured=10.0,
        frames=tuple(Frame(pts_seconds=1.25 * number, jpeg=f"{clip_id}-{number}".encode()) for number in range(8)),
        segments=(),
        scene=scene(**fields),  # type: ignore[arg-type]
    )


def farm() -> UnitClip:
    """A clip with a cat, with a dog from 5 seconds on that runs away, and without horses, which were searched for."""
    dog, cat = track("dog", fixed(0.3, 0.5), [(5.0, 10.0)], label="dog"), track("cat", fixed(0.7, 0.5), label="cat")
    nouns = to_search(["dog", "cat", "horse"])
    seen = scene(
        dog,
        cat,
        searched=[search_of(noun, [dog, cat]) for noun in nouns],
        events=[deed("runs", "the dog runs away", 7.0, 8.0)],
    )
    return clip().model_copy(update={"scene": seen.model_copy(update={"events_complete": True})})


def question(
    question_id: str = "q", answers: Sequence[KnownAnswer] = (), *, has_forms: bool = False, shown: Shown | None = None
) -> RoundQuestion:
    """A question about the clip "clip"."""
    return RoundQuestion(
        question_id=question_id,
        clip_id="clip",
        shown=shown or Shown(),
        text=f"What is {question_id}?",
        question_type=QuestionType.OBJECT,
        axis=Axis.SPATIAL,
        evidence=Evidence(frame_indices=(1,)),
        event_intervals=(Interval(start_seconds=1, end_seconds=2),),
        keyframe_indices=(1,),
        model="writer",
        prompt_hashes=("writer version 1",),
        answers=tuple(answers),
        has_forms=has_forms,
    )


def video(*questions: RoundQuestion, **fields: object) -> RoundVideo:
    """A video of one clip with these questions, or with one."""
    return RoundVideo("0" * 64, (clip(**fields),), questions or (question(),))
