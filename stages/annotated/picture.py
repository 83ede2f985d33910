"""Shots and camera by the annotations and by the pixels: where the two disagree, neither is asserted."""

from collections.abc import Iterator

from schemas.annotations import AnnotatedCamera, Annotations
from schemas.scene import MEASURE_SECONDS, Break, Measure, Scene
from stages.annotated.times import UNSTEADY, ClipTimes

_SAME_CUT_SECONDS = 0.25
_UNSURE_CUT = 1.0
"""A `strongest_non_cut` at which the number of shots is open."""
_STILL_SHIFT, _STILL_SCALE = 0.01, 0.01
"""Over one second, a camera that stands still shifts the picture by less than this, frame sides and share."""


def agreed(scene: Scene, annotations: Annotations, times: ClipTimes) -> Scene:
    """The scene without what its shots and its camera assert against the annotations."""
    found: dict[str, object] = {"measures": tuple(_measure(measure, annotations) for measure in scene.measures)}
    if annotations.shots and not _same_shots(scene, annotations, times):
        found["strongest_non_cut"] = max(scene.strongest_non_cut, _UNSURE_CUT)
        found["breaks"] = tuple(sorted((*scene.breaks, *_unseen(scene, annotations, times)), key=_when))
    return scene.model_copy(update=found)


def _when(one: Break) -> float:
    return one.pts_seconds


def _unseen(scene: Scene, annotations: Annotations, times: ClipTimes) -> Iterator[Break]:
    """The borders between annotated shots that pixels do not show: nothing runs over them, either."""
    seen = (*scene.shot_starts, *map(_when, scene.breaks))
    for start in annotations.shot_starts:
        inside = times.start_seconds < start < times.end_seconds
        if inside and not any(abs(start - other) <= _SAME_CUT_SECONDS for other in seen):
            yield Break(pts_seconds=start, share=1.0, ratio=0.0)


def _same_shots(scene: Scene, annotations: Annotations, times: ClipTimes) -> bool:
    """Whether annotations and pixels have the same borders between shots."""
    given = [start for start in annotations.shot_starts if times.start_seconds < start < times.end_seconds]
    seen = scene.shot_starts
    if len(given) != len(seen):
        return False
    fades = [(fade.start_seconds, fade.end_seconds) for fade in scene.fades]
    return all(
        abs(a - b) <= _SAME_CUT_SECONDS or any(start <= a <= end and start <= b <= end for start, end in fades)
        for a, b in zip(given, seen, strict=True)
    )


def _measure(measure: Measure, annotations: Annotations) -> Measure:
    """The measure; without the camera's motion if the annotations say otherwise of that second, or are not sure."""
    end = measure.pts_seconds + MEASURE_SECONDS
    said = [one for one in annotations.camera if one.start_seconds < end and measure.pts_seconds < one.end_seconds]
    if all(_fits(one, measure) for one in said):
        return measure
    return measure.model_copy(update={"shift_x": None, "shift_y": None, "scale": None})


def _fits(said: AnnotatedCamera, measure: Measure) -> bool:
    if measure.shift_x is None or measure.shift_y is None or measure.scale is None:
        return True
    if not said.certain or said.motion.casefold() in UNSTEADY:
        return False
    stands = max(abs(measure.shift_x), abs(measure.shift_y)) < _STILL_SHIFT and abs(measure.scale - 1) < _STILL_SCALE
    return stands == (said.motion.casefold() == "still")
