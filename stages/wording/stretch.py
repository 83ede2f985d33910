"""Stretches: intervals of a clip with the words that name them in a text."""

from dataclasses import dataclass
from itertools import pairwise

from schemas.interval import Interval
from schemas.scene import Scene
from stages.claims.whole_picture import SHORTEST_SHOT_SECONDS

_ORDINARY = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_LEAST_SHOT_SECONDS = 1.0  # shorter shots are not asked about
_SURE_NON_CUT = 0.85  # of the threshold: the same limit as for the number of shots (`Margins.cuts`)
_MOMENT_SECONDS = 0.4  # "about two seconds in" means from 1.6 to 2.4 s


@dataclass(frozen=True)
class Stretch:
    """An interval of a clip and its words."""

    key: str
    """A short name, unique among the stretches of a clip."""
    words: str
    """Such as "in the first half of the clip"."""
    interval: Interval
    """What the words mean; the checker also moves its edges a little in both directions."""
    about: str | None = None
    """The name of the thing that the words refer to; the words then have a gap {noun}."""

    @property
    def is_moment(self) -> bool:
        """Whether the words mean a moment: "about four seconds in"."""
        return self.key.startswith("at")

    def said(self, noun: str) -> str:
        """The words, with the noun that the text uses for the thing."""
        return self.words.format(noun=noun) if self.about else self.words


def number_words(number: int) -> str:
    """A number in words below a hundred, so that no sentence mixes words and digits; in digits from there on."""
    if number < len(_ORDINARY):
        return _ORDINARY[number]
    if number >= 100:
        return str(number)
    tens, units = divmod(number, 10)
    return f"{_TENS[tens - 2]}-{_ORDINARY[units]}" if units else _TENS[tens - 2]


def ordinal_words(number: int) -> str | None:
    """The word "first" for 0, "second" for 1, ...; None from 6 on, which nobody would count to."""
    return _ORDINALS[number] if number < len(_ORDINALS) else None


def _seconds_words(count: int) -> str:
    return "second" if count == 1 else f"{number_words(count)} seconds"


def _count_words(count: int) -> str:
    return "one second" if count == 1 else _seconds_words(count)


def _between(start: float, end: float) -> Interval:
    return Interval(start_seconds=start, end_seconds=end)


def _part(scene: Scene, key: str, name: str, first: float, last: float) -> Stretch:
    """A part of the clip from share `first` to share `last` of its length, 0..1."""
    begin, length = scene.start_seconds, scene.end_seconds - scene.start_seconds
    return Stretch(key, f"in {name} of the clip", _between(begin + length * first, begin + length * last))


def whole_clip(scene: Scene) -> Stretch:
    """The whole clip."""
    return Stretch("whole", "over the whole clip", _between(scene.start_seconds, scene.end_seconds))


def halves(scene: Scene) -> tuple[Stretch, Stretch]:
    """The first and the second half."""
    return (
        _part(scene, "half0", "the first half", 0, 0.5),
        _part(scene, "half1", "the second half", 0.5, 1),
    )


def thirds(scene: Scene) -> tuple[Stretch, Stretch, Stretch]:
    """The first, the middle and the last third."""
    return (
        _part(scene, "third0", "the first third", 0, 1 / 3),
        _part(scene, "third1", "the middle third", 1 / 3, 2 / 3),
        _part(scene, "third2", "the last third", 2 / 3, 1),
    )


END_SECONDS = (1, 2, 3)
"""The lengths in seconds that words use for an end of the clip: "in the last two seconds"."""


def ends(scene: Scene, count: int) -> tuple[Stretch, Stretch]:
    """The first and the last `count` seconds."""
    start, end = scene.start_seconds, scene.end_seconds
    words = _seconds_words(count)
    return (
        Stretch(f"first{count}s", f"in the first {words}", _between(start, min(end, start + count))),
        Stretch(f"last{count}s", f"in the last {words}", _between(max(start, end - count), end)),
    )


def moments(scene: Scene) -> tuple[Stretch, ...]:
    """The words "about n seconds in", for every full second of the clip."""
    seconds = range(1, int(scene.end_seconds - scene.start_seconds - _MOMENT_SECONDS) + 1)
    return tuple(
        Stretch(
            f"at{second}s",
            f"about {_count_words(second)} in",
            _between(scene.start_seconds + second - _MOMENT_SECONDS, scene.start_seconds + second + _MOMENT_SECONDS),
        )
        for second in seconds
    )


def spans(scene: Scene) -> tuple[Stretch, ...]:
    """The halves and thirds of the clip, and stretches of two or three seconds: "between one and three seconds in"."""
    found = [*halves(scene), *thirds(scene)]
    for duration in (2, 3):
        for first in range(int(scene.end_seconds - scene.start_seconds) - duration + 1):
            begin = scene.start_seconds + first
            if first == 0:
                words = f"in the first {_seconds_words(duration)}"
            else:
                words = f"between {number_words(first)} and {number_words(first + duration)} seconds in"
            found.append(Stretch(f"span{first}_{first + duration}s", words, _between(begin, begin + duration)))
    return tuple(found)


def shots(scene: Scene) -> tuple[Stretch, ...]:
    """The shots of a clip; none if it has one shot, or if its cuts are not certain."""
    if not scene.cuts or not is_surely_cut(scene):
        return ()
    borders = (scene.start_seconds, *(cut.pts_seconds for cut in scene.cuts), scene.end_seconds)
    found = []
    for number, (start, end) in enumerate(pairwise(borders)):
        name = "last" if number == len(scene.cuts) else ordinal_words(number)
        if name and end - start >= _LEAST_SHOT_SECONDS:
            found.append(Stretch(f"shot{number}", f"in the {name} shot", _between(start, end)))
    return tuple(found)


def is_surely_cut(scene: Scene) -> bool:
    """Whether the clip certainly has no other cut, no break and no fade: only then "the second shot" has one meaning.

    A fade separates shots too, but viewers do not agree on the moment at which the next shot begins; nor do they on
    whether a break is a cut, and whether what lasts for a moment is a shot.
    """
    edges = (scene.start_seconds, *(cut.pts_seconds for cut in scene.cuts), scene.end_seconds)
    shortest = min(end - start for start, end in pairwise(edges))
    doubtful = scene.fades or scene.breaks or shortest < SHORTEST_SHOT_SECONDS
    return scene.strongest_non_cut < _SURE_NON_CUT and not doubtful


def around_cut(scene: Scene) -> tuple[Stretch, Stretch] | None:
    """Before and after the only cut of a clip; None if it has no cut or several, or if one side is under a second."""
    if len(scene.cuts) != 1 or not is_surely_cut(scene):
        return None
    cut = scene.cuts[0].pts_seconds
    if min(cut - scene.start_seconds, scene.end_seconds - cut) < 1.0:
        return None
    return (
        Stretch("before_cut", "before the cut", _between(scene.start_seconds, cut)),
        Stretch("after_cut", "after the cut", _between(cut, scene.end_seconds)),
    )


def near_cut(scene: Scene) -> tuple[Stretch, ...]:
    """The second right before, and the second right after, the only cut of a clip."""
    parts = around_cut(scene)
    if parts is None:
        return ()
    cut = scene.cuts[0].pts_seconds
    return (
        Stretch("right_before_cut", "right before the cut", _between(cut - 1.0, cut)),
        Stretch("right_after_cut", "right after the cut", _between(cut, cut + 1.0)),
    )


def gap_seconds(first: Stretch, second: Stretch) -> float:
    """Seconds from the end of the first to the start of the second."""
    return second.interval.start_seconds - first.interval.end_seconds
