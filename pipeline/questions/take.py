"""The first step of a round: the clips and questions of a video are taken from a finished set."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from pipeline.questions.shelf import QuestionShelf, opened_sets
from schemas.claim import Claim
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.pair import OWN_WRITERS, Pair
from stages.claims.answers import prove_answer
from stages.claims.proof import ClipProver, ProofConfig
from stages.payloads import KnownAnswer, RoundQuestion, RoundVideo
from stages.retrospection.settings import Retrospect
from stages.stage import PixelReader, Stage

STAGE = "take"
_LENT = DropCause(DropReason.EVIDENCE_MISSING, "it shows a clip of another video")


@dataclass(frozen=True)
class TakeTools:
    """What the stage works with."""

    shelf: QuestionShelf
    read: PixelReader
    """Planted edits are measured on frames that are decoded through it."""


class TakeQuestions(Stage[str, TakeTools, RoundVideo]):
    """Take the clips, scenes and questions of a video, by its content hash; what the answers claim is proven again.

    Questions that show a clip of another video are left out (EVIDENCE_MISSING), and counted at the end.
    """

    retrospect: Retrospect
    """Where they lie."""
    proof: ProofConfig = ProofConfig()
    """What it takes to prove an answer; always the settings of `verify`."""

    def check(self) -> None:
        """RecipeError if no set of questions is named; DatasetError if there is none, or a damaged one."""
        self._shelf()

    def _shelf(self) -> QuestionShelf:
        return QuestionShelf(*opened_sets(self.retrospect))

    def open(self, read: PixelReader, /) -> TakeTools:
        """The sets, opened."""
        return TakeTools(self._shelf(), read)

    def process(self, item: str, tools: TakeTools, _rng: Generator, /) -> Iterator[RoundVideo | Drop]:
        """Yield the video with its questions."""
        clips = tools.shelf.clips(item)
        provers = {clip.clip_id: ClipProver(clip, self.proof, tools.read) for clip in clips}
        groups = tools.shelf.groups(item)
        lent = [pairs for pairs in groups if pairs[0].shown.other_clip_id is not None]
        contexts = (tools.shelf.earlier(clip.clip_id) for clip in clips)
        yield RoundVideo(
            item,
            clips,
            tuple(_question(pairs, provers[pairs[0].clip_id]) for pairs in groups if pairs not in lent),
            left_out=tuple(_LENT.drop(pairs[0].group_id, ItemType.QUESTION, STAGE) for pairs in lent),
            earlier=tuple(context for context in contexts if context is not None),
        )


def _question(pairs: Sequence[Pair], prover: ClipProver) -> RoundQuestion:
    first = pairs[0]
    given = [(first.chosen, first.chosen_claims, True), *((p.rejected, p.rejected_claims, False) for p in pairs)]
    answers = [_known(first, text, claims, prover, chosen=chosen) for text, claims, chosen in given]
    return RoundQuestion(
        question_id=first.group_id,
        clip_id=first.clip_id,
        shown=first.shown,
        text=first.question,
        question_type=first.question_type,
        axis=first.axis,
        evidence=first.evidence,
        event_intervals=first.event_intervals,
        keyframe_indices=first.keyframe_indices,
        model=first.question_model,
        prompt_hashes=first.prompt_hashes,
        answers=tuple(sorted(answers, key=lambda answer: hashlib.sha256(answer.text.encode()).digest())),
        has_forms=first.question_model in OWN_WRITERS,
    )


def _known(pair: Pair, text: str, claims: tuple[Claim, ...], prover: ClipProver, *, chosen: bool) -> KnownAnswer:
    """An answer with its claims, if they are proven again: this recipe may ask for wider margins."""
    frames = pair.evidence.frame_indices
    if not claims or prove_answer(claims, prover, pair.shown, frames, chosen=chosen).failures:
        return KnownAnswer(text, (), None)
    return KnownAnswer(text, claims, chosen)
