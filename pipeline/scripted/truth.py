"""Whether what a sentence says is true of what is shown: true, false, or None where it cannot be seen.

Each check takes what is said and the view. Margins keep from being said what is hardly so.
"""

from collections.abc import Callable
from itertools import pairwise

from pipeline.scripted.known_clip import BoxInFrame
from pipeline.scripted.sentences import (
    COLOUR,
    COUNT,
    DISPLACED,
    DISTANCE,
    DOES,
    HEIGHT,
    MOVES,
    ORDER,
    PART,
    READS,
    SAME_PLACE,
    SAME_SIZE,
    SIDE,
    SIZE,
    STAYS,
    VISIBLE,
    WHILE,
    Statement,
    contrary_deed,
    number_word,
)
from pipeline.scripted.view import View
from schemas.annotations import AnnotatedObject

_LEAST_GAP = 0.08  # of centres, frame sides
_LEAST_SHIFT, _MOST_SHIFT = 0.12, 0.03  # frame sides: what has moved; what has not
_LEAST_RATIO, _MOST_RATIO = 1.6, 1.15  # of areas
_BORDER = 0.01  # frame sides
_LEAST_SECONDS = 1.0  # from the first sight to the last, to say what has changed
_THIRDS = (("left", 0.0, 1 / 3), ("centre", 1 / 3, 2 / 3), ("right", 2 / 3, 1.0))

Verdict = bool | None


def holds(said: Statement, view: View) -> Verdict:
    """Whether it is true of what is shown."""
    if not view.sightings:
        return None
    phrases = _things_of(said)
    if any(view.clip.lacks(phrase) or view.is_away(phrase) for phrase in phrases) or _names_absent(said, view):
        return False
    return _CHECKS[said.form.name](said, view)


def _things_of(said: Statement) -> tuple[str, ...]:
    """The phrases of things that an answer names."""
    names_none = said.form in (ORDER, WHILE, DOES, READS, COUNT, COLOUR)
    return () if names_none else tuple(phrase for phrase in (said.a, said.b) if phrase)


def _names_absent(said: Statement, view: View) -> bool:
    """Whether it names a kind of thing of which nothing is in the video."""
    words = f"{said.a} {said.b}".casefold().replace(",", " ").split()
    return any(noun in words for noun in view.clip.absent)


def _side(said: Statement, view: View) -> Verdict:
    return _compared(said, view, lambda place: place.x, is_less=said.v == "left")


def _height(said: Statement, view: View) -> Verdict:
    return _compared(said, view, lambda place: place.y, is_less=said.v == "above")


def _compared(said: Statement, view: View, of: Callable[[BoxInFrame], float], *, is_less: bool) -> Verdict:
    pairs = _both_places(said, view)
    if pairs is None:
        return None
    if not pairs:
        return False if _is_hidden(said, view) else None
    gaps = [of(b) - of(a) if is_less else of(a) - of(b) for a, b in pairs]
    return True if min(gaps) >= _LEAST_GAP else False if max(gaps) <= -_LEAST_GAP else None


def _part(said: Statement, view: View) -> Verdict:
    thing = view.clip.thing(said.a)
    places = view.places(thing) if thing else []
    if not places:
        return False if _is_hidden(said, view) else None
    centres = [place.x for _, place in places]
    _, low, high = next(third for third in _THIRDS if third[0] == said.v)
    if all(low + (0.03 if low else 0) <= x <= high - (0.03 if high < 1 else 0) for x in centres):
        return True
    return False if all(x < low - 0.03 or x > high + 0.03 for x in centres) else None


def _colour(said: Statement, view: View) -> Verdict:
    things = [thing for thing in view.clip.annotations.objects if thing.noun.casefold() == said.n.casefold()]
    if view.clip.lacks_kind(said.n.casefold()):
        return False
    if len(things) != 1 or things[0].colour is None or not (view.places(things[0]) or any(view.is_seen(things[0]))):
        return None
    return things[0].colour.casefold() == said.v.casefold()


def _count(said: Statement, view: View) -> Verdict:
    noun = said.n.casefold()
    if noun in view.clip.complete:
        things = [thing for thing in view.clip.annotations.objects if thing.noun.casefold() == noun]
        seen = {sum(in_view) for in_view in zip(*map(view.is_seen, things), strict=True)} or {0}
    elif view.clip.lacks_kind(noun):
        seen = {0}
    else:
        given = [count for count in view.clip.annotations.counts if count.certain and count.noun.casefold() == noun]
        known = [[count.count for count in given if number in view.shows(count)] for number in range(len(view.seconds))]
        if not all(known):
            return None
        seen = {number for numbers in known for number in numbers}
    words = {number_word(number) for number in seen}
    return said.v in words if len(words) == 1 else None if said.v in words else False


def _reads(said: Statement, view: View) -> Verdict:
    texts = view.clip.annotations.texts
    if view.is_mirrored or not texts:
        return None
    word = said.v.casefold()
    if any(text.text.casefold() == word and view.shows(text) for text in texts):
        return True
    shown = [text for text in texts if view.shows(text)]
    return False if shown and not any(word in known for known in view.clip.words if known != word) else None


def _order(said: Statement, view: View) -> Verdict:
    first, second = view.clip.event(said.a), view.clip.event(said.b)
    if first is None or second is None:
        return False if view.clip.annotations.events_complete else None
    a, b = view.first_and_last(first), view.first_and_last(second)
    if a is None or b is None or not _is_known_order(said, view):
        return None
    return True if a[1] < b[0] else False if b[1] < a[0] else None


def _is_known_order(said: Statement, view: View) -> bool:
    """Whether the two events do not overlap."""
    one, other = view.clip.event(said.a), view.clip.event(said.b)
    if one is None or other is None:
        return False
    return one.end_seconds <= other.start_seconds or other.end_seconds <= one.start_seconds


def _while(said: Statement, view: View) -> Verdict:
    one, other = view.clip.event(said.a), view.clip.event(said.b)
    if one is None or other is None or not (view.shows(one) and view.shows(other)):
        return None
    return False if _is_known_order(said, view) else True if set(view.shows(one)) & set(view.shows(other)) else None


def _does(said: Statement, view: View) -> Verdict:
    if not view.runs_forward:
        return _does_backwards(said, view)
    event = view.clip.event(said.a)
    if event is None:
        named = any(known.phrase.casefold() == said.a.casefold() for known in view.clip.annotations.events)
        return False if view.clip.annotations.events_complete and not named else None
    start, end = min(view.seconds), max(view.seconds)
    if view.shows(event):
        return True
    return False if event.end_seconds <= start - 0.2 or event.start_seconds >= end + 0.2 else None


def _does_backwards(said: Statement, view: View) -> Verdict:
    """Of a rendered thing the contrary is seen if the frames run backwards; else nobody can tell."""
    contrary = contrary_deed(said.a)
    if contrary is None or not view.runs_backward or not view.clip.annotations.events_complete:
        return None
    event = view.clip.event(contrary)
    return event is not None and bool(view.shows(event))


def _visible(said: Statement, view: View) -> Verdict:
    thing = view.clip.thing(said.a)
    return True if thing is not None and any(view.is_seen(thing)) else None


def _moves(said: Statement, view: View) -> Verdict:
    places = _places(said, view)
    shift = _shift(places, said.v)
    if shift is None:
        return None
    along, across = shift
    steps = [(later.x - earlier.x, later.y - earlier.y) for earlier, later in pairwise(places)]
    way = _WAYS[said.v]
    back = min(step[0] * way[0] + step[1] * way[1] for step in steps)
    if back < -0.02:
        jumps = back <= -_LEAST_SHIFT / 2 and not view.runs_forward
        return False if jumps or along <= -_LEAST_SHIFT or across >= 2 * abs(along) else None
    return _verdict_of_shift(along, across)


def _stays(said: Statement, view: View) -> Verdict:
    places = _places(said, view)
    if len(places) < 2:
        return None
    reach = max(max(axis) - min(axis) for axis in ([p.x for p in places], [p.y for p in places]))
    return True if reach <= _MOST_SHIFT else False if reach >= _LEAST_SHIFT else None


def _displaced(said: Statement, view: View) -> Verdict:
    shift = _shift(_places(said, view), said.v) if _is_long(view) else None
    return None if shift is None else _verdict_of_shift(*shift)


def _verdict_of_shift(along: float, across: float) -> Verdict:
    if along >= _LEAST_SHIFT and along >= 2 * across:
        return True
    return False if along <= 0 and max(-along, across) >= _LEAST_SHIFT / 2 else None


def _same_place(said: Statement, view: View) -> Verdict:
    places = _places(said, view)
    if len(places) < 2 or not _is_long(view):
        return None
    reach = max(abs(places[-1].x - places[0].x), abs(places[-1].y - places[0].y))
    return True if reach <= _MOST_SHIFT else False if reach >= _LEAST_SHIFT else None


def _size(said: Statement, view: View) -> Verdict:
    places = _whole_places(said, view)
    if len(places) < 2 or not _is_long(view):
        return None
    ratio = places[-1].area / places[0].area
    ratio = ratio if said.v == "larger" else 1 / ratio
    return True if ratio >= _LEAST_RATIO else False if ratio <= 1 / _MOST_RATIO else None


def _same_size(said: Statement, view: View) -> Verdict:
    places = _whole_places(said, view)
    if len(places) < 2 or not _is_long(view):
        return None
    ratio = max(places[-1].area / places[0].area, places[0].area / places[-1].area)
    return True if ratio <= _MOST_RATIO else False if ratio >= _LEAST_RATIO else None


def _distance(said: Statement, view: View) -> Verdict:
    pairs = _both_places(said, view)
    if not pairs or len(pairs) < 2 or not _is_long(view):
        return None
    first, last = (((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5 for a, b in (pairs[0], pairs[-1]))
    nearer = first - last if said.v == "closer together" else last - first
    return True if nearer >= _LEAST_SHIFT else False if nearer <= -_LEAST_SHIFT / 2 else None


_WAYS = {"to the left": (-1, 0), "to the right": (1, 0), "up": (0, -1), "down": (0, 1)}


def _shift(places: list[BoxInFrame], way: str) -> tuple[float, float] | None:
    """How far the last place is from the first along a way, and how far across it."""
    if len(places) < 2:
        return None
    x, y = places[-1].x - places[0].x, places[-1].y - places[0].y
    along = _WAYS[way]
    return x * along[0] + y * along[1], abs(x * along[1]) + abs(y * along[0])


def _is_long(view: View) -> bool:
    return view.lasts_seconds >= _LEAST_SECONDS


def _places(said: Statement, view: View) -> list[BoxInFrame]:
    """Where the subject is, in the order shown."""
    thing = view.clip.thing(said.a)
    return [place for _, place in view.places(thing)] if thing else []


def _whole_places(said: Statement, view: View) -> list[BoxInFrame]:
    """Where the subject is, of the frames that do not cut it off."""
    return [place for place in _places(said, view) if min(place.x0, place.y0, 1 - place.x1, 1 - place.y1) > _BORDER]


def _both_places(said: Statement, view: View) -> list[tuple[BoxInFrame, BoxInFrame]] | None:
    """Where both things are, of the frames that show both; None if one of them is not known."""
    a, b = view.clip.thing(said.a), view.clip.thing(said.b)
    if a is None or b is None:
        return None
    others = dict(view.places(b))
    return [(place, others[number]) for number, place in view.places(a) if number in others]


def _is_hidden(said: Statement, view: View) -> bool:
    things: list[AnnotatedObject | None] = [view.clip.thing(phrase) for phrase in (said.a, said.b) if phrase]
    return any(thing is not None and view.is_hidden(thing) for thing in things)


_CHECKS: dict[str, Callable[[Statement, View], Verdict]] = {
    form.name: check
    for form, check in (
        (SIDE, _side),
        (HEIGHT, _height),
        (PART, _part),
        (COLOUR, _colour),
        (COUNT, _count),
        (READS, _reads),
        (ORDER, _order),
        (WHILE, _while),
        (DOES, _does),
        (VISIBLE, _visible),
        (MOVES, _moves),
        (STAYS, _stays),
        (DISPLACED, _displaced),
        (SAME_PLACE, _same_place),
        (SIZE, _size),
        (SAME_SIZE, _same_size),
        (DISTANCE, _distance),
    )
}
