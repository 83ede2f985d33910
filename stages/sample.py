"""The policy of a round samples answers to every question of a video."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from numpy.random import Generator

from prompts.prompt import FOLDER
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.samples import SampledQuestion, SampleFate
from stages.language.asking import Asker
from stages.language.prompt_check import check_prompts
from stages.models.chat import AskingStage, AskingTools, ChatModel, ExpectedCalls, ExpectedClip, ModelRole
from stages.payloads import RoundQuestion, RoundVideo
from stages.retrospection.sampling import PROMPT, sampled
from stages.retrospection.settings import Retrospect
from stages.retrospection.shown import FramesAsShown
from stages.seeding import rng_for
from stages.stage import PixelReader
from stages.video.unusable import UnusableVideo

STAGE = "sample"
_TOKENS_OF_ANSWER = 20


class SampleAnswers(AskingStage[RoundVideo, AskingTools, RoundVideo]):
    """Sample answers to every question.

    Drops answers: REPEATED_TEXT if another sample says the same, FORM_DIFFERS if one is no plain answer. Whatever
    becomes of the samples, the question stays until they are compared. Drops the video if what it shows cannot be made
    of its stored frames.
    """

    retrospect: Retrospect
    """How many, and how they are drawn."""

    def prompts(self) -> tuple[str, ...]:
        """The prompt of the policy, and the code that fills it."""
        return FOLDER, "prompt.py"

    def prompt_names(self) -> tuple[tuple[ModelRole, str], ...]:
        """Who gets which prompt."""
        return ((ModelRole.TARGET, PROMPT),)

    def check(self) -> None:
        """RecipeError if a prompt cannot be filled."""
        check_prompts(name for _, name in self.prompt_names())

    def roles(self) -> Sequence[ModelRole]:
        """Who is asked."""
        return (ModelRole.TARGET,)

    def expected_calls(self, clip: ExpectedClip, /) -> Sequence[ExpectedCalls]:
        """One call for each question, with several replies."""
        replies, most = self.retrospect.samples * _TOKENS_OF_ANSWER, self.retrospect.max_answer_tokens
        return (ExpectedCalls(ModelRole.TARGET, self.retrospect.questions_per_clip, clip.frames, 60, replies, most),)

    def open_asking(self, read: PixelReader, chat: ChatModel, /) -> AskingTools:
        """The models, and what edits."""
        return AskingTools(chat, read)

    async def process(self, item: RoundVideo, tools: AskingTools, rng: Generator, /) -> Sequence[RoundVideo | Drop]:
        """The drops of samples, then the video with all of them."""
        seed, clips = int(rng.integers(2**31)), {clip.clip_id: clip for clip in item.clips}
        frames = FramesAsShown(tools.read)

        async def of(question: RoundQuestion) -> SampledQuestion:
            # by question and round, so that no other question changes what is drawn, and each round draws anew
            own = rng_for(seed, f"{STAGE} {self.retrospect.round}", question.question_id)
            asker = Asker(tools.chat, self.retrospect.max_answer_tokens, int(own.integers(2**31)))
            shown = frames.of(clips[question.clip_id], question.shown)
            return await sampled(asker, question, shown, self.retrospect)

        try:
            found = await asyncio.gather(*map(of, item.questions))
        except UnusableVideo as unusable:
            return [unusable.drop(item.content_sha256, STAGE)]
        drops = [drop for question in found for drop in _answer_drops(question)]
        return [*drops, replace(item, sampled=tuple(found))]


_FATES = {
    SampleFate.REPEATED: DropCause(DropReason.REPEATED_TEXT, "another sample says the same"),
    SampleFate.UNUSABLE: DropCause(DropReason.FORM_DIFFERS, "a sample is no plain answer"),
}


def _answer_drops(question: SampledQuestion) -> list[Drop]:
    return [
        cause.drop(f"{question.question_id}-sample-{place}", ItemType.ANSWER, STAGE)
        for place, sample in enumerate(question.samples)
        if (cause := _FATES.get(sample.fate)) is not None
    ]
