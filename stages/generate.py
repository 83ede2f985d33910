"""A grounded video becomes a written one: questions with a true answer and proven-false ones."""

from collections.abc import Iterator
from typing import Literal, Protocol

from numpy.random import Generator
from pydantic import Field

from schemas.clip import UnitClip
from schemas.drop import Drop
from schemas.group import CandidateGroup
from stages.alone.writer import SegmentTwinWriter
from stages.annotated.asked import asked
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.writing import may_be_mirrored
from stages.descriptions.writer import DescriptionWriter
from stages.facts.twins import TWIN_EDITS, TwinMaker
from stages.facts.writer import FactsWriter
from stages.negatives.check import ClipChecks
from stages.payloads import GroundedVideo, WrittenVideo
from stages.planted.writer import PlantedWriter
from stages.stage import PixelReader, Stage
from stages.video.unusable import UnusableVideo


class Writer(Protocol):
    """Writes the questions."""

    def prompts(self) -> tuple[str, ...]:
        """As `Stage.prompts`."""

    def write(
        self, clip: UnitClip, max_groups: int, proof: ProofConfig, rng: Generator
    ) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        """Per question the groups that are alternatives of each other, or the Drop that came of it."""


class Generate(Stage[GroundedVideo, PixelReader, WrittenVideo]):
    """Ask about every clip what its scene can prove.

    Drops, of questions: CHOSEN_NOT_TRUE, MARGIN_TOO_SMALL, PARTLY_SEEN, SINGLE_FRAME_ANSWERS, REJECTED_NOT_FALSE,
    NO_ABSENT_ENTITY, OVER_REPRESENTED, OVER_MAX_GROUPS; of planted edits TOO_FEW_FRAMES, EDIT_NOT_VISIBLE and
    OVER_MAX_GROUPS; of stretches SEGMENT_TOO_SHORT. The video is passed on even if nothing could be asked. Drops the
    video if its stored frames cannot be looked at.
    """

    writer: Literal["facts", "models", "mixed", "self"] = "facts"
    """The writer: `facts` writes only what it can prove from the scene, `models` are asked in the next step, and with
    `mixed` a set holds both. With `self` a policy samples answers to the questions of a finished set."""
    models_share: float = Field(default=0.5, gt=0, lt=1)
    """Writer `mixed`: largest share of the set's pairs that language models may have written."""
    max_groups: int = Field(default=60, ge=1)
    """Most questions of the writer about one clip; planted edits, descriptions and segment twins have limits of
    their own."""
    facts: FactsWriter = FactsWriter()
    """Settings of the writer `facts`."""
    planted: PlantedWriter = PlantedWriter()
    """Questions about edits that are planted into the clips, besides those of the writer."""
    descriptions: DescriptionWriter = DescriptionWriter()
    """Answers of several clauses, besides those of the writer; of planted edits only if `planted` asks about these."""
    segment_twins: SegmentTwinWriter = SegmentTwinWriter()
    """Questions about two stretches of a clip, each shown alone, besides those of the writer."""
    annotated_questions: bool = False
    """Whether annotated questions with right and wrong answers become groups, too. Where no claim fits, their truth
    rests on the annotation (verdict `annotated`): they are counted and audited apart from those that are proven."""
    proof: ProofConfig = ProofConfig()
    """What it takes to prove an answer; always the settings of `verify`."""

    @property
    def asks_models(self) -> bool:
        """Whether language models write about clips, too."""
        return self.writer in ("models", "mixed")

    @property
    def plants(self) -> bool:
        """Whether questions about planted edits are asked."""
        return self.writer != "models" and self.planted.share > 0

    def prompts(self) -> tuple[str, ...]:
        """The prompt files of the writer."""
        if self.writer == "models":
            return ()
        return tuple(dict.fromkeys((*self.facts.prompts(), *self.planted.prompts(), *self.descriptions.prompts())))

    def open(self, read: PixelReader, /) -> PixelReader:
        """Planted edits are measured on frames that are decoded through `read`."""
        return read

    def process(self, item: GroundedVideo, tools: PixelReader, rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Yield the drops of questions, then the video with its groups."""
        try:
            yield from self._written(item, tools, rng)
        except UnusableVideo as unusable:
            yield unusable.drop(item.content_sha256, "generate")

    def _written(self, item: GroundedVideo, read: PixelReader, rng: Generator) -> Iterator[WrittenVideo | Drop]:
        if self.writer == "models":
            yield WrittenVideo(item.content_sha256, item.clips, (), 0, item.annotations)
            return
        writer: Writer = self.facts
        groups: list[CandidateGroup] = []
        questions_seen = 0
        for clip in item.clips:
            annotations = item.annotations if self.annotated_questions else None
            prover = ClipProver(clip, self.proof, read)
            for offered in (
                *writer.write(clip, self.max_groups, self.proof, rng),
                *self.planted.write(clip, prover, rng),
                *self._described(prover, rng),
                *(asked(clip, annotations, self.proof, rng) if annotations else ()),
                *self._of_stretches(prover, rng),
            ):
                questions_seen += 1
                if isinstance(offered, Drop):
                    yield offered
                else:
                    groups.extend(offered)
        yield WrittenVideo(item.content_sha256, item.clips, tuple(groups), questions_seen, item.annotations)

    def _of_stretches(self, prover: ClipProver, rng: Generator) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        own_rng = rng.spawn(1)[0]
        view = self.facts.askable_scene(prover.view(), self.proof.min_gap_seconds, own_rng)
        return self.segment_twins.write(view, ClipChecks(prover, self.proof), own_rng)

    def _described(self, prover: ClipProver, rng: Generator) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        clip, own_rng = prover.clip, rng.spawn(1)[0]  # other questions stay as they are
        mirrored = self.facts.mirror and may_be_mirrored(clip.scene)
        twins = TwinMaker(prover, TWIN_EDITS if mirrored else TWIN_EDITS[:1])
        return self.descriptions.write(clip, prover, twins, own_rng, edits=self.planted.share > 0)
