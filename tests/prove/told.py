"""What scripted detectors tell of rendered clips: words in all of them, names in some."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow.parquet as pq
from numpy.random import Generator

from pipeline.demo.truth.events import events_of, named_events_of
from pipeline.demo.truth.visible import stretches_in_view
from pipeline.demo.world.palette import PALETTE
from pipeline.demo.world.world import World
from schemas.arrow import from_table
from schemas.clip import UnitClip
from schemas.colour import ColourName
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.pair import Pair
from schemas.scene import EventKind
from stages.claims.proof import ProofConfig
from stages.facts.writer import FactsWriter
from stages.ground import GroundTools
from stages.payloads import DecodedVideo, GroundedVideo
from stages.seeding import rng_for
from tests.prove.clips import Rendered
from tests.prove.names import with_names
from tests.prove.proof import Proof, Wrong
from tests.prove.seen import TIMES, RememberingGround, Seen
from tests.prove.words import with_words
from tests.stages.linking.scripted import NOISY, PERFECT, Noise

_SHARE = 3  # one of so many clips gets names; in the others things are told by their colours alone
_ALWAYS = "kinds"
"""The scenario with several things of a kind: its clips always get names."""
_EVENT_ERROR_SECONDS = 0.1
_MOST_QUESTIONS = 40
_NEVER_TRUE = frozenset(ColourName) - frozenset(PALETTE)
"""Colours that no thing has: finalise lets no answer name them."""


def named_clips(clips: Sequence[Rendered]) -> list[Rendered]:
    """The clips in which things get names."""
    return [c for number, c in enumerate(clips) if c.world.scenario == _ALWAYS or number % _SHARE == 0]


def told(clip: UnitClip, times: Sequence[float], world: World, *, named: bool, noise: Noise = PERFECT) -> UnitClip:
    """The clip with words, and with names if wanted, laid over its scene."""
    read = with_words(clip, world, noise)
    return with_events(with_names(read, times, world, noise), world) if named else read


def with_events(clip: UnitClip, world: World) -> UnitClip:
    """The clip with its events in words, as a person would list them, each a little too early or too late."""
    scene, rng = clip.scene, rng_for(world.seed, "events", world.name)
    own = [event for event in scene.events if event.kind is not EventKind.NAMED]
    named = []
    for event in named_events_of(events_of(stretches_in_view(world), world), world):
        late = float(rng.uniform(-_EVENT_ERROR_SECONDS, _EVENT_ERROR_SECONDS))
        start, end = (
            max(scene.start_seconds, event.start_seconds + late),
            min(scene.end_seconds, event.end_seconds + late),
        )
        named.append(
            event.model_copy(
                update={"track_ids": (), "pts_seconds": start, "start_seconds": start, "end_seconds": max(start, end)}
            )
        )
    events = tuple(sorted((*own, *named), key=lambda event: event.pts_seconds))
    return clip.model_copy(update={"scene": scene.model_copy(update={"events": events, "events_complete": True})})


class TellingGround(RememberingGround):
    """Motion as remembered, with words by a perfect scripted reader, and in some clips names by such a detector.

    Drops: those of `Ground`.
    """

    worlds: Mapping[str, World]
    """The world of each clip, by the content hash of its file."""
    named: frozenset[str]
    """The content hashes of the clips in which things get names."""

    def process(self, item: DecodedVideo, tools: GroundTools, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Yield what `RememberingGround` gives, with words and names."""
        content = item.content_sha256
        for outcome in super().process(item, tools, rng):
            if not isinstance(outcome, GroundedVideo):
                yield outcome
                continue
            clips = (
                told(
                    clip,
                    [frame.pts_seconds for frame in decoded.analysis],
                    self.worlds[content],
                    named=content in self.named,
                )
                for clip, decoded in zip(outcome.clips, item.clips, strict=True)
            )
            yield replace(outcome, clips=tuple(clips))


def telling_ground(ground: RememberingGround, clips: Sequence[Rendered]) -> TellingGround:
    """The memory, with scripted detectors for these clips."""
    return TellingGround(
        detector=ground.detector,
        motion=ground.motion,
        reading=ground.reading,
        folder=ground.folder,
        worlds={clip.content_sha256: clip.world for clip in clips},
        named=frozenset(clip.content_sha256 for clip in named_clips(clips)),
    )


@dataclass(frozen=True)
class NoisyClaims:
    """What is said of clips with noisy names and words."""

    said: int
    """Claims that are asserted or denied."""
    wrong: tuple[Wrong, ...]


def noisy_claims(clips: Sequence[Rendered], ground: RememberingGround) -> NoisyClaims:
    """The claims of all questions about the clips with names, if detector and reader make mistakes."""
    said, wrong = 0, list[Wrong]()
    for clip in named_clips(clips):
        table = pq.read_table(ground.folder / f"{clip.content_sha256}.parquet")
        (unit,) = from_table(UnitClip, table)
        times = json.loads(table.schema.metadata[TIMES])
        shown = told(unit, times, clip.world, named=True, noise=NOISY)
        written = FactsWriter(negatives=()).write(shown, _MOST_QUESTIONS, ProofConfig(), np.random.default_rng(0))
        groups = (group for offered in written if not isinstance(offered, Drop) for group in offered)
        pairs = [pair for group in groups if not _NEVER_TRUE & set(group.absent) for pair in _pairs(group)]
        said += len(pairs)
        proof = Proof([clip], [Seen(shown.scene, tuple(times))])
        wrong += proof.wrong_claims([(clip.content_sha256, pair) for pair in pairs])
    return NoisyClaims(said, tuple(wrong))


def _pairs(group: CandidateGroup) -> Iterator[Pair]:
    for number, answer in enumerate(group.rejected):
        yield Pair.model_construct(
            pair_id=f"{group.group_id}-{number}",
            group_id=group.group_id,
            axis=group.axis,
            question=group.question,
            chosen=group.chosen.text,
            rejected=answer.text,
            chosen_claims=group.chosen.claims,
            rejected_claims=answer.claims,
            shown=group.shown,
        )
