"""Hand-made readings of writing for tests."""

from collections.abc import Iterable, Mapping, Sequence

from schemas.scene import WRITING, Scene, Track
from schemas.search import Reading, Search, SearchedFrame
from tests.scenes import scene

MOMENTS = tuple(0.25 + 0.5 * i for i in range(20))
"""The frames that are read of a clip of 10 seconds."""


def reading(
    at: float,
    text: str,
    *,
    x: float = 0.4,
    y: float = 0.5,
    score: float = 0.99,
    height: float = 30.0,
    scale: float = 1.0,
    width: float = 0.2,
) -> Reading:
    """A line whose box is centred at (x, y)."""
    tall = height / 448
    return Reading(
        pts_seconds=at,
        text=text,
        score=score,
        height_pixels=height,
        scale=scale,
        x0=x - width / 2,
        x1=x + width / 2,
        y0=y - tall / 2,
        y1=y + tall / 2,
    )


def sign(
    text: str = "EVAN",
    moments: Iterable[float] = MOMENTS,
    *,
    enlarged: bool = True,
    path: Mapping[float, float] | None = None,
    **of: float,
) -> list[Reading]:
    """A line that is read alike at each moment, in enlarged frames too; `path` gives its x at some moments."""
    found = []
    for at in moments:
        where = {**of, **({"x": path[at]} if path else {})}
        found += [reading(at, text, scale=scale, **where) for scale in ((1.0, 1.5) if enlarged else (1.0,))]
    return found


def read_scene(*readings: Reading, moments: Sequence[float] = MOMENTS, tracks: Sequence[Track] = ()) -> Scene:
    """A clip of 10 seconds in whose frames at those moments this was read."""
    frames = tuple(SearchedFrame(pts_seconds=at, candidates=()) for at in moments)
    search = Search(noun=WRITING, source="reading", sure=0.8, maybe=0.3, frames=frames)
    return scene(*tracks, searched=[search]).model_copy(update={"readings": readings})
