"""Names by a scripted detector, perfect or noisy, laid over what motion shows of a rendered clip."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from numpy.random import Generator

from pipeline.demo.world.world import Shape, World
from schemas.clip import Frame, UnitClip
from schemas.drop import Drop
from stages.claims.nouns import to_search
from stages.ground import GroundTools
from stages.linking.looked import SearchedFor
from stages.linking.naming import NamedLinking, lay_names_over
from stages.payloads import ClipHeader, DecodedClip, DecodedVideo, GroundedVideo
from tests.prove.clips import Rendered
from tests.prove.seen import RememberingGround
from tests.stages.linking.scripted import CERTAINTY, PERFECT, Filmed, Noise

_NOUNS = tuple(shape.value for shape in Shape)
_WANTED = SearchedFor("scripted", dict.fromkeys(to_search(_NOUNS), CERTAINTY), frozenset(_NOUNS))
_EVERY = 3  # analysis frames
_SHARE = 3  # one of so many clips gets names; in the others things are told by their colours alone
_ALWAYS = "kinds"
"""The scenario with several things of a kind: its clips always get names."""


def worlds_with_names(clips: Sequence[Rendered]) -> Mapping[str, World]:
    """The worlds of the clips in which things get names, by the content hashes of their files."""
    chosen = (clip for number, clip in enumerate(clips) if clip.world.scenario == _ALWAYS or number % _SHARE == 0)
    return {clip.content_sha256: clip.world for clip in chosen}


def with_names(clip: UnitClip, analysis_seconds: Sequence[float], world: World, noise: Noise = PERFECT) -> UnitClip:
    """The clip with what a scripted detector finds laid over its scene."""
    filmed = Filmed(world)
    header = ClipHeader(**{name: getattr(clip, name) for name in ClipHeader.__dataclass_fields__})
    analysis = tuple(Frame(pts_seconds=seconds, jpeg=b"") for seconds in analysis_seconds)
    scene = lay_names_over(
        clip.scene,
        DecodedClip(header, clip.frames, analysis),
        filmed.looked(analysis_seconds[::_EVERY], noise),
        lambda further: filmed.looked(further, noise),
        _WANTED,
        NamedLinking(),
    )
    return clip.model_copy(update={"scene": scene})


class NamingGround(RememberingGround):
    """Motion as remembered, and in some clips names by a perfect scripted detector.

    Drops: those of `Ground`.
    """

    worlds: Mapping[str, World]
    """The worlds of the clips that get names, by the content hashes of their files."""

    def process(self, item: DecodedVideo, tools: GroundTools, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Yield what `RememberingGround` gives, with names."""
        for outcome in super().process(item, tools, rng):
            world = self.worlds.get(item.content_sha256)
            if world is None or not isinstance(outcome, GroundedVideo):
                yield outcome
                continue
            clips = (
                with_names(clip, [frame.pts_seconds for frame in decoded.analysis], world)
                for clip, decoded in zip(outcome.clips, item.clips, strict=True)
            )
            yield replace(outcome, clips=tuple(clips))
