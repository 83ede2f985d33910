"""Language models write about every clip: questions, preferred answers and wrong ones."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from numpy.random import Generator

from schemas.drop import Drop, ItemType
from schemas.group import CandidateGroup
from stages.claims.proof import ClipProver, ProofConfig
from stages.language.asking import Asker
from stages.language.prompt_check import check_prompts
from stages.language.writer import LanguageWriter
from stages.models.chat import AskingStage, ChatModel, ExpectedCalls, ExpectedClip, ModelRole
from stages.payloads import WrittenVideo
from stages.stage import PixelReader


class Ask(AskingStage[WrittenVideo, ChatModel, WrittenVideo]):
    """Add what language models write to the groups of a video.

    Drops questions: NO_QUESTION, SINGLE_FRAME_ANSWERS, EVIDENCE_MISSING, REPEATED_TEXT and FORM_DIFFERS by their texts;
    CHOSEN_NOT_TRUE if the scene refutes the preferred answer; the reasons of `NoReply`; and the reason of its first
    wrong answer if it has no other. Drops answers for FORM_DIFFERS, REPEATED_TEXT, EVIDENCE_MISSING, REJECTED_NOT_FALSE
    and the reasons of `NoReply`.
    """

    language: LanguageWriter
    """What the models are asked."""
    proof: ProofConfig = ProofConfig()
    """What it takes to prove an answer; always the settings of `verify`."""

    def prompts(self) -> tuple[str, ...]:
        """The prompts of the roles."""
        return self.language.prompts()

    def prompt_names(self) -> Sequence[tuple[ModelRole, str]]:
        """As of what the writer asks."""
        return self.language.prompt_names()

    def check(self) -> None:
        """RecipeError if a prompt cannot be filled."""
        check_prompts(name for _, name in self.prompt_names())

    def roles(self) -> Sequence[ModelRole]:
        """Who is asked."""
        return self.language.roles()

    def expected_calls(self, clip: ExpectedClip, /) -> Sequence[ExpectedCalls]:
        """As of what the writer asks."""
        return self.language.expected_calls(clip)

    def expected_clip(self, clip: ExpectedClip, /) -> ExpectedClip:
        """The clip with the writer's groups."""
        return self.language.expected_clip(clip)

    def open_asking(self, _read: PixelReader, chat: ChatModel, /) -> ChatModel:
        """The models alone: frames are sent as they are stored."""
        return chat

    async def process(self, item: WrittenVideo, tools: ChatModel, rng: Generator, /) -> Sequence[WrittenVideo | Drop]:
        """The drops of questions and answers, then the video with more groups."""
        asker = Asker(tools, self.language.max_tokens)
        rngs = rng.spawn(len(item.clips))
        found = await asyncio.gather(
            *(
                self.language.write(asker, ClipProver(clip, self.proof), item.annotations, own)
                for clip, own in zip(item.clips, rngs, strict=True)
            )
        )
        offered = [one for clip in found for one in clip]
        drops = [one for one in offered if isinstance(one, Drop)]
        groups: list[CandidateGroup] = [group for one in offered if not isinstance(one, Drop) for group in one]
        asked = len({group.slot_id for group in groups})
        asked += sum(drop.item_type is ItemType.QUESTION for drop in drops)
        video = replace(item, groups=(*item.groups, *groups), questions_seen=item.questions_seen + asked)
        return [*drops, video]
