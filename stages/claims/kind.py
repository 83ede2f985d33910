"""What was found of one kind of thing in a clip, and what may be of it.

Two thresholds of each search decide: a candidate above the upper one is such a thing, a frame without a candidate above
the lower one shows none, and between them nothing is known.
"""

from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import pairwise
from statistics import median

from schemas.box import Rectangle
from schemas.interval import Interval
from schemas.scene import ANNOTATIONS
from schemas.search import Candidate, Search
from stages.claims.looked_at import frames_inside, frames_of
from stages.claims.nouns import (
    is_one,
    noun_of,
    words_about,
    words_for,
    words_for_parts,
    words_for_wholes,
    words_near,
)
from stages.claims.scene_view import SceneView
from stages.claims.thing import Floats, Thing, overlaps_T, shared_boxes

_LEAST_FRAMES = 2  # a thing is there if it is sure in this many frames
_SPARE_STEPS = 2  # a thing may be found this many looked-at frames late, and lost as many early
_BARELY_SECONDS = 0.2  # a thing that comes or goes this near to an end of an interval is there during all of it
_ROUNDING_SECONDS = 1e-4
_SAME_PLACE = 0.5  # least IoU of two boxes that show one thing

Sighting = tuple[float, Candidate]
"""A candidate, and when it was seen."""


class Kind:
    """One kind of thing in one clip."""

    def __init__(self, noun: str, view: SceneView) -> None:
        self._noun = noun
        self._view = view
        self._searches = view.scene.searched
        self._own = tuple(search for search in self._searches if is_one(search.noun, noun))
        self._about = words_about(noun) | words_near(noun)
        self._numbers: dict[Interval, tuple[int, float] | None] = {}

    @cached_property
    def _listed(self) -> tuple[Search, ...]:
        """What people say of this very kind. They list all things of it, those of narrower kinds too."""
        same = noun_of(self._noun) or self._noun
        return tuple(s for s in self._own if s.source == ANNOTATIONS and (noun_of(s.noun) or s.noun) == same)

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """The things that are surely of this kind: each is sure in at least two frames of one search."""
        sure = {name for search in self._own for name in _sure_tracks(search)}
        return tuple(thing for thing in self._view.things if any(track.track_id in sure for track in thing.tracks))

    def presence(self, interval: Interval) -> float:
        """By how much the surest thing's second best score in the interval is above the upper threshold; at most 0 if
        nothing is sure. People also list things without saying where they are.
        """
        interval = _without_edges(interval)
        found = [self.sureness(thing, interval) for thing in self.things]
        for search in self._listed:
            frames = (frame for frame in search.frames if interval.contains(frame.pts_seconds))
            best = sorted(max((c.score for c in frame.candidates), default=0.0) for frame in frames)
            found += [best[-_LEAST_FRAMES] - search.sure] if len(best) >= _LEAST_FRAMES else []
        return max(found, default=0.0)

    def sureness(self, thing: Thing, interval: Interval) -> float:
        """By how much its second best score in the interval is above the upper threshold; at most 0 if it is not."""
        best = -1.0
        for search in self._own:
            for scores in _scores(search, {track.track_id for track in thing.tracks}, interval).values():
                best = max(best, sorted(scores)[-_LEAST_FRAMES] - search.sure if len(scores) >= _LEAST_FRAMES else -1.0)
        return best

    def clearness(self, interval: Interval) -> float:
        """How far the thresholds of the searches that cover the interval are apart: the margin of what is not there."""
        covering = (s for s in self._searches if s.noun in self._about and frames_of(s, interval) is not None)
        return min((search.sure - search.maybe for search in covering), default=0.0)

    def is_searched(self, interval: Interval, words: Collection[str]) -> bool:
        """Whether a detector looked for all the words throughout the interval, or a person for the kind.

        Who lists all animals of a clip has listed the dogs.
        """
        looked = [search for search in self._searches if frames_of(search, interval) is not None]
        by_people = any(search.source == ANNOTATIONS and is_one(self._noun, search.noun) for search in looked)
        return by_people or set(words) <= {search.noun for search in looked if search.source != ANNOTATIONS}

    def may_be_there(self, interval: Interval) -> bool:
        """Whether something in the interval, or shortly before or after, may be of this kind.

        What people say of this very kind goes before what is known of wider ones.
        """
        told = any(frames_of(search, interval) is not None for search in self._listed)
        words = words_for(self._noun) | words_near(self._noun) if told else self._about
        return self._is_doubtful(_without_edges(self._widened(interval)), words, ())

    def number(self, interval: Interval) -> tuple[int, float] | None:
        """How many things of this kind are in view during all of the interval, and how clear that is; None if that is
        not known. What people say of this very kind decides. Each interval is looked at once.
        """
        if interval not in self._numbers:
            self._numbers[interval] = self._number(interval)
        return self._numbers[interval]

    def _number(self, interval: Interval) -> tuple[int, float] | None:
        inner = _without_edges(interval)
        for search in self._listed:
            frames = frames_of(search, inner)
            if frames is not None:
                numbers = {len(frame.candidates) for frame in frames}
                unsure = any(c.score < search.sure for frame in frames for c in frame.candidates)
                return None if unsure or len(numbers) > 1 else (numbers.pop(), search.sure - search.maybe)
        things = self.counted(interval)
        if things is None:
            return None
        whole = self._view.whole_clip
        return len(things), min((self.sureness(thing, whole) for thing in things), default=self.clearness(interval))

    def counted(self, interval: Interval) -> tuple[Thing, ...] | None:
        """The things of this kind that are in view during all of the interval; None if their number is not known.

        It is not if a thing comes or goes in the interval, or shortly before or after, if something else may be of the
        kind, or if two things cannot be told apart.
        """
        wider, inner = _without_edges(self._widened(interval)), _without_edges(interval)
        things = [thing for thing in self.things if thing.is_seen(wider)]
        if self._fades(interval) or not all(_stays(thing, wider) for thing in things):
            return None
        words = self._about - words_for_wholes(self._noun)
        return None if self._is_doubtful(inner, words, things) else _told_apart(things, inner)

    def _widened(self, interval: Interval) -> Interval:
        """The interval with what a detector may miss at its ends, as far as its shots go."""
        steps = [b.pts_seconds - a.pts_seconds for search in self._own for a, b in pairwise(search.frames)]
        spare = _SPARE_STEPS * median(steps) if steps else 0.0
        scene = self._view.scene
        borders = (scene.start_seconds, *scene.shot_starts, scene.end_seconds)
        first = max(at for at in borders if at <= max(interval.start_seconds, scene.start_seconds))
        last = min(at for at in borders if at >= min(interval.end_seconds, scene.end_seconds))
        return Interval(
            start_seconds=max(first, interval.start_seconds - spare),
            end_seconds=min(last, interval.end_seconds + spare),
        )

    def _fades(self, interval: Interval) -> bool:
        """Whether the picture is dark at some time of the interval."""
        start, end = interval.start_seconds, interval.end_seconds
        return any(fade.start_seconds < end and start < fade.end_seconds for fade in self._view.scene.fades)

    def _is_doubtful(self, interval: Interval, words: Collection[str], known: Collection[Thing]) -> bool:
        """Whether anything is called by one of the words in the interval that is no known thing and no part of one."""
        for search in self._searches:
            found = _sightings(search, interval) if search.noun in words else ()
            if not all(self._is_explained(candidate, moment, search.noun, known) for moment, candidate in found):
                return True
        called = (track for track in self._view.scene.tracks if track.label in words)
        for track in called:
            if not any(stretch.overlap_seconds(interval) > 0 for stretch in track.visible):
                continue
            points = [point for point in track.path if interval.contains(point.pts_seconds)]
            if not points or not all(
                self._is_explained(point, point.pts_seconds, track.label, known) for point in points
            ):
                return True
        return False

    def _is_explained(self, box: Rectangle, moment: float, word: str, known: Collection[Thing]) -> bool:
        """Whether what was found under a word is a known thing of this kind, or a part of one.

        What was found under a wider word may also be a thing that is surely of another kind.
        """
        if word in words_for_parts(self._noun):
            return any(_lies_in(box, moment, thing) for thing in known)
        is_wider = word not in words_for(self._noun) and is_one(self._noun, word)
        return any(_is_on(box, moment, thing) for thing in (*known, *(self._others if is_wider else ())))

    @cached_property
    def _others(self) -> tuple[Thing, ...]:
        """The things that are surely of another kind: a cat, if this kind is the dog."""
        searches = (search for search in self._searches if search.noun not in self._about)
        sure = {name for search in searches for name in _sure_tracks(search)}
        by_people = (t for t in self._view.scene.tracks if t.source == ANNOTATIONS and t.label not in self._about)
        sure |= {track.track_id for track in by_people if noun_of(track.label) is not None}
        return tuple(thing for thing in self._view.things if any(track.track_id in sure for track in thing.tracks))


def _without_edges(interval: Interval) -> Interval:
    """The interval without what may belong to it, or to the next shot, by a rounding error of times."""
    if interval.duration_seconds < 4 * _ROUNDING_SECONDS:
        return interval
    start, end = interval.start_seconds + _ROUNDING_SECONDS, interval.end_seconds - _ROUNDING_SECONDS
    return Interval(start_seconds=start, end_seconds=end)


def _sightings(search: Search, interval: Interval | None) -> Iterator[Sighting]:
    for frame in search.frames if interval is None else frames_inside(search, interval):
        yield from ((frame.pts_seconds, candidate) for candidate in frame.candidates)


def _scores(search: Search, tracks: Collection[str] | None, interval: Interval | None) -> dict[str, list[float]]:
    """The scores of each of the tracks (None: of every track) in the interval (None: in the clip)."""
    scores: dict[str, list[float]] = {}
    for _, candidate in _sightings(search, interval):
        if candidate.track_id is not None and (tracks is None or candidate.track_id in tracks):
            scores.setdefault(candidate.track_id, []).append(candidate.score)
    return scores


def _sure_tracks(search: Search) -> Iterator[str]:
    for name, scores in _scores(search, None, None).items():
        if sum(score >= search.sure for score in scores) >= _LEAST_FRAMES:
            yield name


def _stays(thing: Thing, interval: Interval) -> bool:
    """Whether a thing is in view during all of an interval, but for a moment at its ends."""
    return any(
        start <= interval.start_seconds + _BARELY_SECONDS and interval.end_seconds - _BARELY_SECONDS <= end
        for start, end in thing.visible
    )


def _told_apart(things: Collection[Thing], interval: Interval) -> tuple[Thing, ...] | None:
    """The things, without those that were found twice under different nouns; None if they cannot be told apart."""
    apart: list[Thing] = []
    for thing in things:
        labels = {track.label for track in thing.tracks}
        twice = False
        for other in apart:
            least, most = _overlap(thing, other, interval)
            on_each_other = least >= _SAME_PLACE and labels.isdisjoint(track.label for track in other.tracks)
            if most >= _SAME_PLACE and not on_each_other:
                return None
            twice |= on_each_other
        if not twice:
            apart.append(thing)
    return tuple(apart)


def _overlap(a: Thing, b: Thing, interval: Interval) -> tuple[float, float]:
    """The least and the largest IoU of two things' boxes in the interval; 0 where they are not seen together."""
    boxes_a, boxes_b = shared_boxes(a.path.inside(interval), b.path.inside(interval))
    if not len(boxes_a):
        return 0.0, 0.0
    ious_T = overlaps_T(boxes_a, boxes_b)
    return float(ious_T.min()), float(ious_T.max())


def _place(thing: Thing, moment: float) -> Rectangle | None:
    """Where a thing is at a moment; None if it is not in view then."""
    if not len(thing.path):
        return None
    nearest = _nearest(thing.path.times_T, moment)
    if abs(thing.path.times_T[nearest] - moment) > _BARELY_SECONDS:
        return None
    x0, y0, x1, y1 = (float(side) for side in thing.path.boxes_T4[nearest])
    return Rectangle(x0=x0, y0=y0, x1=x1, y1=y1)


def _nearest(times_T: Floats, moment: float) -> int:
    """The place of the time next to a moment, of two alike the earlier one."""
    after = int(times_T.searchsorted(moment))
    if after == 0:
        return 0
    is_after = after < len(times_T) and times_T[after] - moment < moment - times_T[after - 1]
    return after if is_after else after - 1


def _is_on(box: Rectangle, moment: float, thing: Thing) -> bool:
    """Whether what was found in a frame is that thing."""
    if isinstance(box, Candidate) and any(track.track_id == box.track_id for track in thing.tracks):
        return True
    place = _place(thing, moment)
    return place is not None and box.iou(place) >= _SAME_PLACE


def _lies_in(box: Rectangle, moment: float, thing: Thing) -> bool:
    """Whether most of what was found in a frame lies within that thing."""
    place = _place(thing, moment)
    if place is None:
        return False
    return box.shared_area(place) >= _SAME_PLACE * box.area
