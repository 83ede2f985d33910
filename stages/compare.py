"""The samples of a round are compared: what is proven, or what the judge says in both orders, becomes pairs."""

import asyncio
from collections.abc import Sequence

from numpy.random import Generator

from prompts.prompt import FOLDER, prompt
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.samples import Retrospection, SampledQuestion, SampleFate
from schemas.shown import AS_STORED
from stages.language.asking import Asker
from stages.language.prompt_check import check_prompts
from stages.models.chat import AskingStage, AskingTools, ChatModel, ExpectedCalls, ExpectedClip, ModelRole
from stages.payloads import RoundQuestion, RoundVideo, WrittenVideo
from stages.retrospection import preferring, sampling
from stages.retrospection.comparing import Compared, comparisons
from stages.retrospection.grouping import groups_of
from stages.retrospection.looking_back import notes_of
from stages.retrospection.preferring import PreferenceJudge
from stages.retrospection.settings import Retrospect
from stages.retrospection.shown import FramesAsShown
from stages.stage import PixelReader
from stages.video.unusable import UnusableVideo

STAGE = "judge"
_MAX_TOKENS = 256


class CompareSamples(AskingStage[RoundVideo, AskingTools, WrittenVideo]):
    """Compare the samples to each question, and make groups of those that are better with those that are worse.

    Drops pairs, one for each comparison that makes none: JUDGES_DISAGREE for ties, for verdicts that change with the
    order and for those that the scene contradicts; REJECTED_NOT_FALSE and CHOSEN_NOT_TRUE if both samples are proven
    true, or false; the reasons of `NoReply`. Drops questions without a pair: for the reason of the first comparison;
    if there is none for NOT_DISTINCT, as all samples say the same, FORM_DIFFERS or REPLY_TRUNCATED if too few can be
    used. Drops the video if what it shows cannot be made of its stored frames.
    """

    retrospect: Retrospect
    """How many are compared, and how clear a verdict must be."""

    def prompts(self) -> tuple[str, ...]:
        """The prompts of the judge, and the code that fills them."""
        return FOLDER, "prompt.py"

    def prompt_names(self) -> tuple[tuple[ModelRole, str], ...]:
        """Who gets which prompts."""
        names = (preferring.PROMPT, *((preferring.REASON_PROMPT,) if self.retrospect.reasons else ()))
        return tuple((ModelRole.JUDGE, name) for name in names)

    def check(self) -> None:
        """RecipeError if a prompt cannot be filled."""
        check_prompts(name for _, name in self.prompt_names())

    def roles(self) -> Sequence[ModelRole]:
        """Who is asked."""
        return (ModelRole.JUDGE,)

    def expected_calls(self, clip: ExpectedClip, /) -> Sequence[ExpectedCalls]:
        """What is asked if no claim decides and all samples differ: both orders of each comparison, and the reason."""
        drawn = self.retrospect.samples
        each = min(self.retrospect.comparisons, drawn * (drawn - 1) // 2)
        compared = self.retrospect.questions_per_clip * each
        asked = (ExpectedCalls(ModelRole.JUDGE, 2 * compared, clip.frames, 480, 1, _MAX_TOKENS),)
        reasons = ExpectedCalls(ModelRole.JUDGE, compared, clip.frames, 260, 50, _MAX_TOKENS)
        return (*asked, reasons) if self.retrospect.reasons else asked

    def open_asking(self, read: PixelReader, chat: ChatModel, /) -> AskingTools:
        """The models, and what edits."""
        return AskingTools(chat, read)

    async def process(self, item: RoundVideo, tools: AskingTools, _rng: Generator, /) -> Sequence[WrittenVideo | Drop]:
        """The drops, then the video with its groups and with all that was sampled and compared."""
        asker, clips = Asker(tools.chat, _MAX_TOKENS), {clip.clip_id: clip for clip in item.clips}
        contexts, frames = {context.clip_id: context for context in item.contexts}, FramesAsShown(tools.read)

        async def of(question: RoundQuestion, sampled: SampledQuestion) -> list[Compared]:
            clip = clips[question.clip_id]
            # what was written of the clip holds of the clip as it is stored alone
            context = contexts.get(question.clip_id) if question.shown == AS_STORED else None
            shown, notes = frames.of(clip, question.shown), notes_of(context, clip)
            judge = PreferenceJudge(asker, self.retrospect, question.text, notes, shown)
            return await comparisons(judge, question, sampled)

        try:
            found = await asyncio.gather(*map(of, item.questions, item.sampled))
        except UnusableVideo as unusable:
            return [unusable.drop(item.content_sha256, STAGE)]
        groups: list[CandidateGroup] = []
        drops = list(item.left_out)
        for question, sampled, compared in zip(item.questions, item.sampled, found, strict=True):
            consistent = [one.comparison for one in compared if one.failure is None]
            made = groups_of(question, sampled, consistent, _labels(compared))
            groups += made
            drops += _pair_drops(compared)
            if not made:
                drops.append(_no_pair(sampled, compared).drop(question.question_id, ItemType.QUESTION, STAGE))
        everything = tuple(one.comparison for compared in found for one in compared)
        kept = Retrospection(contexts=item.contexts, questions=item.sampled, comparisons=everything)
        seen = len(item.questions) + len(item.left_out)
        video = WrittenVideo(item.content_sha256, item.clips, tuple(groups), seen, retrospection=kept)
        return [*drops, video]


def _labels(compared: Sequence[Compared]) -> list[str]:
    """The prompts of the samples, and of the verdicts if there are any."""
    is_judged = any(one.comparison.judge for one in compared)
    return [prompt(name).label for name in (sampling.PROMPT, *((preferring.PROMPT,) if is_judged else ()))]


def _pair_drops(compared: Sequence[Compared]) -> list[Drop]:
    return [
        one.failure.drop(one.comparison.comparison_id, ItemType.PAIR, STAGE)
        for one in compared
        if one.failure is not None
    ]


def _no_pair(sampled: SampledQuestion, compared: Sequence[Compared]) -> DropCause:
    """Why a question has no pair."""
    failures = [one.failure for one in compared if one.failure is not None]
    if failures:
        return failures[0]
    kept = sum(sample.fate is SampleFate.KEPT for sample in sampled.samples)
    if sampled.no_reply is not None:
        return DropCause(sampled.no_reply, "by the target")
    if len(sampled.samples) < 2:
        return DropCause(DropReason.REPLY_TRUNCATED, "too few samples can be used", len(sampled.samples), 2)
    if any(sample.fate is SampleFate.UNUSABLE for sample in sampled.samples):
        return DropCause(DropReason.FORM_DIFFERS, "too few samples are plain answers", kept, 2)
    return DropCause(DropReason.NOT_DISTINCT, "all samples say the same", kept, 2)
