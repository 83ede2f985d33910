"""What is shown becomes a plan: for each moment the stored frame whose picture is shown, and what is done to it.

Nothing is decoded here, so edits are applied before frames are chosen: who shows fewer frames picks them from the plan.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from schemas.clip import Frame, UnitClip
from schemas.interval import Interval
from schemas.shown import EditKind, Shown, ShownEdit
from stages.visuals.unborne import UnborneEditError

_SAME_SECONDS = 1e-6
_K = EditKind


@dataclass(frozen=True)
class PlannedFrame:
    """One frame as it is shown."""

    frame: Frame
    """The stored frame whose picture is shown, of the clip, of one of its segments or of another clip."""
    at_seconds: float
    """When it is shown, on the clip's clock."""
    looks: tuple[ShownEdit, ...] = ()
    """What is done to its picture, in this order."""


Plan = tuple[PlannedFrame, ...]


def planned(clip: UnitClip, shown: Shown, other: UnitClip | None = None) -> Plan:
    """The frames that are shown of a clip, in order of time.

    Args:
        clip: the clip, as it is stored.
        shown: what is shown of it.
        other: the clip that a stretch is swapped with.

    Raises: UnborneEditError if the stored frames do not bear the edits out; KeyError if the clip lacks the segment.
    """
    plan = tuple(PlannedFrame(frame, frame.pts_seconds) for frame in _frames(clip, shown.segment_id))
    for edit in shown.edits:
        plan = _PLANNERS.get(edit.kind, _looks)(plan, edit, clip, other)
    return plan


def content_stretch(edit: ShownEdit, clip_start: float, clip_end: float) -> Interval:
    """The stretch of the clip that a slowed or sped-up stretch shows: about its middle, and inside the clip."""
    length = min((edit.end_seconds - edit.start_seconds) * (edit.amount or 1.0), clip_end - clip_start)
    start = (edit.start_seconds + edit.end_seconds - length) / 2
    start = min(max(start, clip_start), clip_end - length)
    return Interval(start_seconds=start, end_seconds=start + length)


def within(plan: Sequence[PlannedFrame], edit: ShownEdit) -> list[int]:
    """Places of the plan that lie in an edit's stretch. UnborneEditError if there are none."""
    places = [i for i, one in enumerate(plan) if edit.start_seconds <= one.at_seconds < edit.end_seconds]
    if not places:
        raise UnborneEditError(
            f"edit {edit.kind}: no stored frame lies in {edit.start_seconds:.3f} to {edit.end_seconds:.3f} s"
        )
    return places


def _frames(clip: UnitClip, segment_id: str | None) -> tuple[Frame, ...]:
    if segment_id is None:
        return clip.frames
    if segment := clip.segment(segment_id):
        return segment.frames
    raise KeyError(f"clip {clip.clip_id} has no segment {segment_id}")


def _looks(plan: Plan, edit: ShownEdit, _clip: UnitClip, _other: UnitClip | None) -> Plan:
    """The picture of each frame is changed, the frames stay in their places."""
    places = set(within(plan, edit))
    return tuple(replace(one, looks=(*one.looks, edit)) if i in places else one for i, one in enumerate(plan))


def _filled(plan: Plan, places: Sequence[int], sources: Sequence[PlannedFrame]) -> Plan:
    """The plan with what other frames show in some places, at the places' own times."""
    changed = list(plan)
    for place, source in zip(places, sources, strict=True):
        changed[place] = replace(source, at_seconds=plan[place].at_seconds)
    return tuple(changed)


def _reversed(plan: Plan, edit: ShownEdit, _clip: UnitClip, _other: UnitClip | None) -> Plan:
    places = within(plan, edit)
    changed = list(plan)
    for place, source in zip(places, (plan[i] for i in reversed(places)), strict=True):
        backwards = edit.start_seconds + edit.end_seconds - source.at_seconds
        changed[place] = replace(source, at_seconds=backwards)
    return tuple(changed)


def _frozen(plan: Plan, edit: ShownEdit, _clip: UnitClip, _other: UnitClip | None) -> Plan:
    places = within(plan, edit)
    return _filled(plan, places, [plan[places[0]]] * len(places))


def _reordered(plan: Plan, edit: ShownEdit, _clip: UnitClip, _other: UnitClip | None) -> Plan:
    places = within(plan, edit)
    if len(places) < len(edit.order):
        raise UnborneEditError(
            f"edit {edit.kind}: {len(places)} stored frames cannot be cut into {len(edit.order)} parts"
        )
    parts = np.array_split(np.array(places), len(edit.order))
    return _filled(plan, places, [plan[int(i)] for number in edit.order for i in parts[number]])


def _at_speed(plan: Plan, edit: ShownEdit, clip: UnitClip, _other: UnitClip | None) -> Plan:
    places = within(plan, edit)
    content = content_stretch(edit, clip.start_seconds, clip.end_seconds)
    pool = clip.frames if (edit.amount or 1.0) > 1 else _dense(clip, content)
    times_N = np.array([frame.pts_seconds for frame in pool])
    share = content.duration_seconds / (edit.end_seconds - edit.start_seconds)
    moments = [content.start_seconds + (plan[i].at_seconds - edit.start_seconds) * share for i in places]
    nearest = [pool[int(np.abs(times_N - moment).argmin())] for moment in moments]
    return _filled(plan, places, [PlannedFrame(frame, frame.pts_seconds) for frame in nearest])


def _dense(clip: UnitClip, content: Interval) -> tuple[Frame, ...]:
    """The segment that stores just that stretch, whose frames lie nearer to each other than the clip's."""
    for segment in clip.segments:
        ends = (segment.start_seconds - content.start_seconds, segment.end_seconds - content.end_seconds)
        if max(map(abs, ends)) <= _SAME_SECONDS:
            return segment.frames
    raise UnborneEditError(
        f"clip {clip.clip_id}: no segment stores {content.start_seconds:.3f} to {content.end_seconds:.3f} s, "
        "which a slowed stretch shows"
    )


def _swapped(plan: Plan, edit: ShownEdit, clip: UnitClip, other: UnitClip | None) -> Plan:
    if other is None or other.clip_id != edit.other_clip_id:
        given = other.clip_id if other else "none"
        raise UnborneEditError(f"clip {clip.clip_id}: a stretch is swapped with clip {edit.other_clip_id}, got {given}")
    places = within(plan, edit)
    times_N = np.array([frame.pts_seconds for frame in other.frames])
    moments = [(edit.amount or 0.0) + plan[i].at_seconds - edit.start_seconds for i in places]
    nearest = [other.frames[int(np.abs(times_N - moment).argmin())] for moment in moments]
    return _filled(plan, places, [PlannedFrame(frame, frame.pts_seconds, (edit,)) for frame in nearest])


_PLANNERS: Mapping[EditKind, Callable[[Plan, ShownEdit, UnitClip, UnitClip | None], Plan]] = {
    _K.REVERSED: _reversed,
    _K.FROZEN: _frozen,
    _K.SHUFFLED: _reordered,
    _K.REORDERED: _reordered,
    _K.SLOWED: _at_speed,
    _K.SPED_UP: _at_speed,
    _K.SWAPPED: _swapped,
}
"""The kinds that show other frames; all others change the picture of each."""
