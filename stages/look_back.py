"""The policy of a round writes what each clip shows; what the scene refutes is struck."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from numpy.random import Generator

from prompts.prompt import FOLDER
from schemas.clip import UnitClip
from schemas.context import ClipContext
from schemas.drop import Drop, DropCause, ItemType
from stages.claims.proof import ClipProver, ProofConfig
from stages.language.asking import Asker
from stages.language.prompt_check import check_prompts
from stages.models.chat import AskingStage, ChatModel, ExpectedCalls, ExpectedClip, ModelRole
from stages.payloads import RoundVideo
from stages.retrospection.looking_back import PROMPT, context_of
from stages.retrospection.settings import Retrospect
from stages.stage import PixelReader

STAGE = "context"
_TOKENS_OF_NOTE = 30


class LookBack(AskingStage[RoundVideo, ChatModel, RoundVideo]):
    """Write the context of every clip that a question is about.

    A clip without a usable context is judged without one: that is counted as a dropped answer, for a reason of
    `NoReply`, or EVIDENCE_MISSING if it says nothing.
    """

    retrospect: Retrospect
    """When contexts begin anew, and how long they are."""
    proof: ProofConfig = ProofConfig()
    """What it takes to refute a clause; always the settings of `verify`."""

    def prompts(self) -> tuple[str, ...]:
        """The prompt of the writer, and the code that fills it."""
        return FOLDER, "prompt.py"

    def prompt_names(self) -> tuple[tuple[ModelRole, str], ...]:
        """Who gets which prompt."""
        return ((ModelRole.WRITER, PROMPT),)

    def check(self) -> None:
        """RecipeError if a prompt cannot be filled."""
        check_prompts(name for _, name in self.prompt_names())

    def roles(self) -> Sequence[ModelRole]:
        """Who is asked."""
        return (ModelRole.WRITER,)

    def expected_calls(self, clip: ExpectedClip, /) -> Sequence[ExpectedCalls]:
        """One call for each clip."""
        reply, most = self.retrospect.notes * _TOKENS_OF_NOTE, self.retrospect.max_context_tokens
        return (ExpectedCalls(ModelRole.WRITER, 1, clip.frames, 250, reply, most),)

    def open_asking(self, _read: PixelReader, chat: ChatModel, /) -> ChatModel:
        """The models alone: frames are sent as they are stored."""
        return chat

    async def process(self, item: RoundVideo, tools: ChatModel, _rng: Generator, /) -> Sequence[RoundVideo | Drop]:
        """The drops of contexts, then the video with those that there are."""
        asker = Asker(tools, self.retrospect.max_context_tokens)
        earlier = {} if self.retrospect.is_fresh else {context.clip_id: context for context in item.earlier}
        asked = {question.clip_id for question in item.questions}

        async def of(clip: UnitClip) -> ClipContext | DropCause:
            prover = ClipProver(clip, self.proof)
            return await context_of(asker, prover, earlier.get(clip.clip_id), self.retrospect.notes)

        clips = [clip for clip in item.clips if clip.clip_id in asked]
        found = await asyncio.gather(*map(of, clips))
        drops = [
            cause.drop(f"{clip.clip_id}-context", ItemType.ANSWER, STAGE)
            for clip, cause in zip(clips, found, strict=True)
            if isinstance(cause, DropCause)
        ]
        contexts = tuple(one for one in found if isinstance(one, ClipContext))
        return [*drops, replace(item, contexts=contexts)]
