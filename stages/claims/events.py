"""Predicates about events: their order, whether they are simultaneous, when they happen, which borders are crossed."""

from collections.abc import Callable

from schemas.scene import EventKind
from stages.claims.breaks import is_near_break
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, true_by
from stages.claims.scene_view import WITH_SECONDS, Case
from stages.claims.thing import Thing

CLEAR_NON_CUT = 1.0
"""A moment that is not in `cuts` is certainly not a cut only if its score is below this."""

_TURNS = (EventKind.STARTS, EventKind.STOPS)


def _moments(case: Case, thing: Thing, kind: EventKind) -> tuple[float, ...]:
    """When it happens to the thing; empty if it does not, if one of the moments may be nothing but a break, or if
    there may be others.
    """
    # a face that is not detected may still be in view: its first and last detection are not events
    if thing.is_face and kind in (EventKind.ENTERS, EventKind.LEAVES):
        return ()
    # where the camera may move, or a thing creeps, some of its turns may not be found
    if kind in _TURNS and any(track.moves and not track.turns_known for track in thing.tracks):
        return ()
    moments = thing.event_seconds.get(kind, ())
    return () if any(is_near_break(moment, case.view.scene) for moment in moments) else moments


def _leads(case: Case, kind: EventKind) -> tuple[float, float] | None:
    """Least and most seconds by which a's event precedes b's, over all their events of that kind; None without any."""
    a, b = (_moments(case, thing, kind) for thing in (case.subject, case.object))
    if not a or not b:
        return None
    return min(b) - max(a), max(b) - min(a)


def _before(kind: EventKind) -> Callable[[Case], Checked]:
    def before(case: Case) -> Checked:
        leads = _leads(case, kind)
        if leads is None:
            return UNKNOWN
        least, most = leads
        return true_by(least, MarginKind.ORDER) if least > 0 else false_by(-most, MarginKind.ORDER)

    before.__doc__ = f"""a's event "{kind}" comes before b's; false if b's comes before a's."""
    return before


def _before_or_with(kind: EventKind) -> Callable[[Case], Checked]:
    def before_or_with(case: Case) -> Checked:
        leads = _leads(case, kind)
        if leads is None:
            return UNKNOWN
        least, most = leads
        if least > WITH_SECONDS:
            return true_by(least, MarginKind.ORDER)
        if most < -WITH_SECONDS:
            return false_by(-most, MarginKind.ORDER)
        return false_by(WITH_SECONDS - max(abs(least), abs(most)), MarginKind.SIMULTANEITY)

    before_or_with.__doc__ = f"""a's event "{kind}" comes before b's; false if b's comes before a's.

    False also if the two happen at the same time, because that is another answer to the same question."""
    return before_or_with


def _with(kind: EventKind) -> Callable[[Case], Checked]:
    def happens_with(case: Case) -> Checked:
        leads = _leads(case, kind)
        if leads is None:
            return UNKNOWN
        least, most = leads
        if least > WITH_SECONDS or most < -WITH_SECONDS:
            return false_by(max(least, -most) - WITH_SECONDS, MarginKind.SIMULTANEITY)
        return true_by(WITH_SECONDS - max(abs(least), abs(most)), MarginKind.SIMULTANEITY)

    happens_with.__doc__ = f"""a's and b's events "{kind}" are at most 0.25 s apart; false if they are further apart."""
    return happens_with


enters_before = _before_or_with(EventKind.ENTERS)
leaves_before = _before_or_with(EventKind.LEAVES)
starts_before = _before(EventKind.STARTS)
stops_before = _before(EventKind.STOPS)
enters_with = _with(EventKind.ENTERS)
leaves_with = _with(EventKind.LEAVES)


def _border_side(case: Case, kind: EventKind) -> Checked:
    entering = kind is EventKind.ENTERS
    if not _moments(case, case.subject, kind):
        return UNKNOWN
    sides, clearances = set(), []
    for track in case.subject.tracks:
        events = sum(e.kind is kind and track.track_id in e.track_ids for e in case.view.scene.events)
        side = track.enters_from if entering else track.leaves_to
        if not events:
            continue
        if events > 1 or side is None:  # only the first border is known of a track that enters twice
            return UNKNOWN
        point = track.path[0 if entering else -1]
        sides.add(side)
        clear = {"left": point.x0, "right": 1 - point.x1, "top": point.y0, "bottom": 1 - point.y1}
        clearances += [clearance for border, clearance in clear.items() if border != side]
    if len(sides) != 1:
        return UNKNOWN
    least = min(clearances)
    return by_sign(least if case.value in sides else -least, MarginKind.CLEARANCE)


def enters_from(case: Case) -> Checked:
    """In its first visible moment a touches that border and no other; false if it touches only another one.

    Unknown if it enters several times over different borders.
    """
    return _border_side(case, EventKind.ENTERS)


def leaves_to(case: Case) -> Checked:
    """In its last visible moment a touches that border and no other; false if it touches only another one.

    Unknown if it leaves several times over different borders.
    """
    return _border_side(case, EventKind.LEAVES)


def event_in(case: Case) -> Checked:
    """That event of a, or a cut of the clip, lies in I; false if there is such an event, but none in I.

    A claim about a cut is false too if the clip has no cut, no fade and nothing that might be one. A break might be a
    cut: if there is one, the claim is unknown.
    """
    interval, whole = case.interval, case.view.whole_clip
    if case.value == "cut":
        if case.view.scene.breaks:
            return UNKNOWN
        moments = tuple(cut.pts_seconds for cut in case.view.scene.cuts)
        sure = case.view.scene.strongest_non_cut < CLEAR_NON_CUT and not case.view.scene.fades
        if not moments:
            return false_by(whole.duration_seconds if sure else 0.0, MarginKind.EVENT)
    else:
        moments = _moments(case, case.subject, EventKind(case.value))
        sure = True
    # > 0: inside I by this many seconds; < 0: outside
    depths = [min(moment - interval.start_seconds, interval.end_seconds - moment) for moment in moments]
    if not depths:
        return UNKNOWN
    deepest = max(depths)
    return true_by(deepest, MarginKind.EVENT) if deepest > 0 else false_by(-deepest if sure else 0.0, MarginKind.EVENT)
