"""What language models wrote is judged by the frames, as far as the scene does not prove it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from numpy.random import Generator
from pydantic import Field

from prompts.prompt import FOLDER
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import BY_MODELS, CandidateGroup
from schemas.visual_negative import VisualNegative
from stages.claims.proof import ProofConfig
from stages.judging.group import GroupJudge, JudgedGroup
from stages.judging.judge import MOST_SURE, Judge
from stages.judging.visuals import VisualJudge
from stages.language.asking import Asker
from stages.language.form import is_symmetric
from stages.language.prompt_check import check_prompts
from stages.models.chat import AskingStage, AskingTools, ChatModel, ExpectedCalls, ExpectedClip, ModelRole
from stages.payloads import WrittenVideo
from stages.question_drops import with_questions
from stages.seeding import rng_for
from stages.stage import PixelReader

STAGE = "judge"
_TELLS = DropCause(DropReason.WOULD_TELL, "the right answer would be told by its likeness to the others")
_TWIN_FELL = DropCause(DropReason.EVIDENCE_MISSING, "its twin is missing")


@dataclass(frozen=True)
class _Outcome:
    """What became of one group and its visual negatives."""

    judged: JudgedGroup
    negatives: Mapping[VisualNegative, DropCause | None]


class JudgeAnswers(AskingStage[WrittenVideo, AskingTools, WrittenVideo]):
    """Keep what the scene proves or the judge confirms; proof comes first, and what is proven is not judged.

    Drops groups: JUDGED_WRONG if the judge does not accept the preferred answer; SINGLE_FRAME_ANSWERS if it accepts it
    of one frame of a question across frames; the reason of the first wrong answer if none is left; EVIDENCE_MISSING if
    its twin is dropped. Drops answers: JUDGED_TRUE, OFF_AXIS, NOT_DISTINCT and JUDGES_DISAGREE; WOULD_TELL for
    adversaries without which the answers of a group are alike. Drops visual negatives: PREFERRED_NOT_TRUE,
    NEGATIVE_NOT_FALSE, CONTROL_NOT_TRUE and BOX_NOT_CONFIRMED. Drops any of these for the reasons of `NoReply`. A
    question goes with its last group.
    """

    least_sure: int = Field(default=3, ge=1, le=MOST_SURE)
    """A verdict counts only if the judge says that it is at least as sure, from 1 (a guess) to 5 (certain)."""
    evidence_frames: int = Field(default=2, ge=0)
    """Most frames of the evidence, each alone, that must not answer a question across frames."""
    blind: bool = True
    """Whether the blind judge is asked which answer is right; what it says is stored, and drops nothing."""
    max_tokens: int = Field(default=256, ge=16)
    """Most tokens of a reply."""
    proof: ProofConfig = ProofConfig()
    """What it takes to prove an answer; always the settings of `verify`."""

    def prompts(self) -> tuple[str, ...]:
        """The prompts of the judges, and the code that fills them."""
        return FOLDER, "prompt.py"

    def prompt_names(self) -> tuple[tuple[ModelRole, str], ...]:
        """Who gets which prompts, in the order of a build."""
        names = ("judge_faithful", "judge_genuine", "judge_compare")
        blind = [(ModelRole.BLIND_JUDGE, "blind")] if self.blind else []
        return (*((ModelRole.JUDGE, name) for name in names), *blind)

    def check(self) -> None:
        """RecipeError if a prompt cannot be filled."""
        check_prompts(name for _, name in self.prompt_names())

    def roles(self) -> Sequence[ModelRole]:
        """Who is asked."""
        return (ModelRole.JUDGE, ModelRole.BLIND_JUDGE) if self.blind else (ModelRole.JUDGE,)

    def expected_calls(self, clip: ExpectedClip, /) -> Sequence[ExpectedCalls]:
        """What is asked if no answer is proven: each chosen answer once, each wrong one once and in both orders."""
        groups, wrong = clip.groups, clip.wrong_answers

        def calls(role: ModelRole, number: float, shown: int, text: int) -> ExpectedCalls:
            return ExpectedCalls(role, number, shown, text, 30, self.max_tokens)

        return (
            calls(ModelRole.JUDGE, groups, clip.frames, 180),
            calls(ModelRole.JUDGE, 3 * wrong, clip.frames, 220),
            *((calls(ModelRole.BLIND_JUDGE, 2 * wrong, 0, 130),) if self.blind else ()),
        )

    def open_asking(self, read: PixelReader, chat: ChatModel, /) -> AskingTools:
        """The models, and what paints."""
        return AskingTools(chat, read)

    async def process(self, item: WrittenVideo, tools: AskingTools, rng: Generator, /) -> Sequence[WrittenVideo | Drop]:
        """The drops, then the video with the groups that are left."""
        seed = int(rng.integers(2**31))
        clips = {clip.clip_id: clip for clip in item.clips}
        judge = Judge(Asker(tools.chat, self.max_tokens), self.least_sure)
        written = [group for group in item.groups if group.form == BY_MODELS]
        outcomes = dict(
            zip(
                (group.group_id for group in written),
                await asyncio.gather(
                    *(self._outcome(judge, clips[group.clip_id], group, tools.read) for group in written)
                ),
                strict=True,
            )
        )
        failures = _failures(written, outcomes)
        twins = {name for group in written if group.twin_of for name in (group.group_id, group.twin_of)}
        kept = [group for group in item.groups if group.form != BY_MODELS]
        drops: list[Drop] = []
        for group_id, outcome in outcomes.items():
            drops += _answer_drops(group_id, outcome)
            if outcome.judged.group is not None and group_id not in failures:
                drops += _negative_drops(group_id, outcome)
                good = tuple(spec for spec, failure in outcome.negatives.items() if failure is None)
                even, left_out = outcome.judged.group, 0
                if group_id not in twins:
                    even, left_out = symmetric(even, rng_for(seed, STAGE, group_id))
                drops += (_TELLS.drop(f"{group_id}-even-{n}", ItemType.ANSWER, STAGE) for n in range(left_out))
                kept += alternatives(even.model_copy(update={"visual_negatives": good}))
        dropped = {group_id: cause.drop(group_id, ItemType.GROUP, STAGE) for group_id, cause in failures.items()}
        return [*drops, *with_questions(item.groups, dropped), replace(item, groups=tuple(kept))]

    async def _outcome(self, judge: Judge, clip: UnitClip, group: CandidateGroup, read: PixelReader) -> _Outcome:
        groups = GroupJudge(judge, clip, self.proof.other_frames, self.evidence_frames, self.blind)
        judged = await groups.judged(group)
        if judged.group is None or group.chosen.claims:
            return _Outcome(judged, dict.fromkeys(group.visual_negatives))
        visuals, shown = VisualJudge(judge, clip, read), groups.shown(group)
        found = await asyncio.gather(*(visuals.failure(group, spec, shown) for spec in group.visual_negatives))
        return _Outcome(judged, dict(zip(group.visual_negatives, found, strict=True)))


def symmetric(group: CandidateGroup, rng: Generator) -> tuple[CandidateGroup, int]:
    """The group, and how many wrong answers it lost: if its answers are not alike, it keeps a single adversary, drawn
    at random. Only adversaries of an axis are counted, which are made from each other.
    """
    adversaries = [place for place, answer in enumerate(group.rejected) if answer.adversary_axis is not None]
    if len(adversaries) < 2 or is_symmetric([answer.text for answer in group.answers]):
        return group, 0
    one = adversaries[int(rng.integers(len(adversaries)))]
    places = [place for place in range(len(group.rejected)) if place == one or place not in adversaries]
    return _with_rejected(group, places, ""), len(adversaries) - 1


def alternatives(group: CandidateGroup) -> list[CandidateGroup]:
    """The group as finalise may choose it: with one of its irrelevant answers, or, as a second choice, with none.

    Which of their things right answers about other videos name is known over the whole set alone.
    """
    irrelevant = [place for place, answer in enumerate(group.rejected) if answer.absent is not None]
    if not irrelevant:
        return [group]
    others = [place for place in range(len(group.rejected)) if place not in irrelevant]
    choices = [[*others, place] for place in irrelevant]
    made = [_with_rejected(group, sorted(places), f"-{number}") for number, places in enumerate(choices)]
    if others:
        made.append(_with_rejected(group, others, "").model_copy(update={"second_choice": True}))
    return made


def _with_rejected(group: CandidateGroup, places: Sequence[int], suffix: str) -> CandidateGroup:
    kept = [group.rejected[place] for place in places]
    return group.model_copy(
        update={
            "group_id": group.group_id + suffix,
            "answers": tuple(answer for answer in group.answers if answer is group.chosen or answer in kept),
            "balance_others": tuple(group.balance_others[place] for place in places),
            "absent": tuple(answer.absent for answer in kept if answer.absent is not None),
        }
    )


def _failures(groups: Sequence[CandidateGroup], outcomes: Mapping[str, _Outcome]) -> dict[str, DropCause]:
    """Why groups are dropped, by id; twins go together."""
    found = {i: one.judged.failure for i, one in outcomes.items() if one.judged.failure is not None}
    fallen = set(found)
    for group in groups:
        if group.twin_of is not None and {group.group_id, group.twin_of} & fallen:
            found.setdefault(group.group_id, _TWIN_FELL)
            found.setdefault(group.twin_of, _TWIN_FELL)
    return {group.group_id: found[group.group_id] for group in groups if group.group_id in found}


def _answer_drops(group_id: str, outcome: _Outcome) -> Iterator[Drop]:
    for place, cause in enumerate(outcome.judged.answers):
        yield cause.drop(f"{group_id}-{place}", ItemType.ANSWER, STAGE)


def _negative_drops(group_id: str, outcome: _Outcome) -> Iterator[Drop]:
    for spec, cause in outcome.negatives.items():
        if cause is not None:
            yield cause.drop(f"{group_id}-{spec.kind}", ItemType.VISUAL_NEGATIVE, STAGE)
