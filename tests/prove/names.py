"""Names by a scripted detector, perfect or noisy, laid over what motion shows of a rendered clip."""

from collections.abc import Sequence

from pipeline.demo.world.world import Shape, World
from schemas.clip import Frame, UnitClip
from stages.claims.nouns import to_search
from stages.linking.looked import SearchedFor
from stages.linking.naming import NamedLinking, lay_names_over
from stages.payloads import ClipHeader, DecodedClip
from tests.stages.linking.scripted import CERTAINTY, PERFECT, Filmed, Noise

_NOUNS = tuple(shape.value for shape in Shape)
_WANTED = SearchedFor("scripted", dict.fromkeys(to_search(_NOUNS), CERTAINTY), frozenset(_NOUNS))
_EVERY = 3  # analysis frames


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
