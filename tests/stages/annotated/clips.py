"""Ten seconds of a clip at ten analysis frames a second, and annotations of it."""

from typing import Any

from schemas.annotations import AnnotatedBox, AnnotatedObject, AnnotatedSpan, Annotations
from schemas.clip import Frame
from schemas.scene import Scene
from stages.annotated.lay_over import lay_over
from stages.annotated.times import ClipTimes, times_of
from stages.payloads import ClipHeader, DecodedClip
from tests import scenes


def stretch(start: float, end: float) -> AnnotatedSpan:
    """[start, end) seconds."""
    return AnnotatedSpan(start_seconds=start, end_seconds=end)


def clip(start: float = 0.0, end: float = 10.0, duration: float = 10.0) -> DecodedClip:
    """A clip whose frames hold no picture: annotations are laid over it without looking."""
    header = ClipHeader("c0", "0" * 64, "h264", 640, 360, 0, start, end, None, duration)
    moments = [start + number / 10 for number in range(round((end - start) * 10))]
    frames = tuple(Frame(pts_seconds=moment, jpeg=b"") for moment in moments)
    return DecodedClip(header, frames[::5], frames)


def thing(
    name: str, *boxes: tuple[float, float], visible: tuple[tuple[float, float], ...] = ((0.0, 10.0),), **rest: Any
) -> AnnotatedObject:
    """An object with a box 0.2 wide at each (seconds, left edge)."""
    return AnnotatedObject(
        id=name,
        noun=rest.pop("noun", "dog"),
        phrase=rest.pop("phrase", f"the {name}"),
        moves=rest.pop("moves", True),
        visible=tuple(stretch(*one) for one in visible),
        boxes=tuple(AnnotatedBox(pts_seconds=at, x0=x, y0=0.4, x1=x + 0.2, y1=0.6) for at, x in boxes),
        **rest,
    )


def times(annotations: Annotations | None = None, seen: Scene | None = None) -> ClipTimes:
    """The moments of that clip."""
    return times_of(clip(), seen or scenes.scene(), annotations or Annotations())


def laid(annotations: Annotations, *tracks: Any, **rest: Any) -> Scene:
    """The scene of that clip with annotations laid over it."""
    return lay_over(scenes.scene(*tracks, **rest), clip(), annotations)
