"""Annotated writing becomes tracks of lines."""

from collections.abc import Iterator

from schemas.annotations import AnnotatedText, Annotations
from schemas.box import Box, PathPoint, SizeClass, size_class
from schemas.scene import ANNOTATIONS, WRITING, Track
from stages.annotated.times import ClipTimes

_UNSURE_SCORE = 0.5


def lines_of(annotations: Annotations, times: ClipTimes) -> Iterator[Track]:
    """One track for each annotated line that is in view in the clip.

    A line that was not plain to read has no text, but it is there: the clip cannot be mirrored.
    """
    for number, line in enumerate(annotations.texts):
        visible = times.inside(line)
        if visible is None:
            continue
        seen = [seconds for seconds in times.analysis if visible.contains(seconds)]
        corners = _corners(line, annotations)
        path = tuple(PathPoint(pts_seconds=seconds, **corners) for seconds in seen) if corners else ()
        sampled = [i for i, seconds in enumerate(times.sampled) if visible.contains(seconds)]
        yield Track(
            track_id=f"w{number}",
            label=WRITING,
            source=ANNOTATIONS,
            text=" ".join(line.text.split()) if line.certain else None,
            score=1.0 if line.certain else _UNSURE_SCORE,
            colour=None,
            size=size_class(path) if path else SizeClass.SMALL,
            moves=False,
            first_seconds=visible.start_seconds,
            last_seconds=visible.end_seconds,
            visible=(visible,),
            enters_from=None,
            leaves_to=None,
            boxes=tuple(Box(frame_index=i, **corners) for i in sampled) if corners else (),
            path=path,
        )


def _corners(line: AnnotatedText, annotations: Annotations) -> dict[str, float] | None:
    if line.box is None:
        return None
    width, height = annotations.frame_width or 1, annotations.frame_height or 1
    box = line.box
    return {"x0": box.x0 / width, "y0": box.y0 / height, "x1": box.x1 / width, "y1": box.y1 / height}
