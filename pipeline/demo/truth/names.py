"""The kinds of a world's things, each with all of its things, as a person would list them."""

from collections.abc import Iterable

from pipeline.demo.truth.visible import StretchInView, VisiblePart, point_at
from pipeline.demo.world.world import Shape, World
from schemas.scene import ANNOTATIONS, FACE
from schemas.search import Candidate, Search, SearchedFrame

_SURE, _MAYBE = 0.9, 0.1


def listed_kinds(stretches: Iterable[StretchInView], world: World) -> tuple[Search, ...]:
    """For each kind of thing all frames, with the things in view; also for faces, of which there are none."""
    parts: dict[tuple[str, int], list[tuple[str, VisiblePart]]] = {}
    for one in stretches:
        for part in one.parts:
            parts.setdefault((one.thing.shape.value, part.index), []).append((one.name, part))
    return tuple(
        Search(
            noun=noun,
            source=ANNOTATIONS,
            sure=_SURE,
            maybe=_MAYBE,
            frames=tuple(
                SearchedFrame(
                    pts_seconds=index / world.fps,
                    candidates=tuple(_candidate(name, part, world) for name, part in parts.get((noun, index), ())),
                )
                for index in range(world.frame_count)
            ),
        )
        for noun in (*(shape.value for shape in Shape), FACE)
    )


def _candidate(name: str, part: VisiblePart, world: World) -> Candidate:
    point = point_at(part.index, part.box, world)
    return Candidate(x0=point.x0, y0=point.y0, x1=point.x1, y1=point.y1, score=1.0, track_id=name)
