"""Stretches of time as a text words them."""

from dataclasses import dataclass
from itertools import pairwise

from schemas.interval import Interval
from schemas.scene import Scene

_ORDINARY = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_LEAST_SHOT_SECONDS = 1.0
_SURE_NON_CUT = 0.85  # of the threshold, as for a number of shots


@dataclass(frozen=True)
class Stretch:
    """A worded stretch of a clip."""

    key: str
    """Short name, unique among the stretches of a clip."""
    words: str
    """As a text says it: "in the first half"."""
    interval: Interval
    """What the words mean; the checker reads the edges a little earlier and later too."""
    about: str | None = None
    """The name of the thing that the words speak of; they leave a gap {noun} then."""

    @property
    def is_moment(self) -> bool:
        """Whether the words speak of a moment: "about four seconds in"."""
        return self.key.startswith("at")

    def said(self, noun: str) -> str:
        """The words, with the noun of the text that they stand in."""
        return self.words.format(noun=noun) if self.about else self.words


def number_words(number: int) -> str:
    """A number as a text says it: in words below a hundred, so that no sentence mixes words and digits."""
    if number < len(_ORDINARY):
        return _ORDINARY[number]
    if number >= 100:
        return str(number)
    tens, units = divmod(number, 10)
    return f"{_TENS[tens - 2]}-{_ORDINARY[units]}" if units else _TENS[tens - 2]


def ordinal_words(number: int) -> str | None:
    """The word "first" for 0, and so on; None where nobody would count so far."""
    return _ORDINALS[number] if number < len(_ORDINALS) else None


def _seconds_words(count: int) -> str:
    return "second" if count == 1 else f"{number_words(count)} seconds"


def _count_words(count: int) -> str:
    return "one second" if count == 1 else _seconds_words(count)


def _between(start: float, end: float) -> Interval:
    return Interval(start_seconds=start, end_seconds=end)


def _part(scene: Scene, key: str, name: str, first: float, last: float) -> Stretch:
    """A share of the clip, 0..1."""
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
"""How many seconds at an end of the clip words speak of."""


def ends(scene: Scene, count: int) -> tuple[Stretch, Stretch]:
    """The first and the last `count` seconds."""
    start, end = scene.start_seconds, scene.end_seconds
    words = _seconds_words(count)
    return (
        Stretch(f"first{count}s", f"in the first {words}", _between(start, min(end, start + count))),
        Stretch(f"last{count}s", f"in the last {words}", _between(max(start, end - count), end)),
    )


def moments(scene: Scene) -> tuple[Stretch, ...]:
    """The words "about n seconds in", for every whole second, read as 0.4 s either way."""
    seconds = range(1, int(scene.end_seconds - scene.start_seconds - 0.4) + 1)
    return tuple(
        Stretch(
            f"at{second}s",
            f"about {_count_words(second)} in",
            _between(scene.start_seconds + second - 0.4, scene.start_seconds + second + 0.4),
        )
        for second in seconds
    )


def spans(scene: Scene) -> tuple[Stretch, ...]:
    """The halves and thirds of the clip, and "between one and three seconds in", two or three seconds long."""
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
    """The shots of a clip that is surely cut where `cuts` says, and nowhere else; none of a single shot."""
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
    """Whether no moment beside the cuts might be one: only then "the cut" and "the second shot" have one meaning.

    A fade parts shots too, but where the one ends and the next begins a viewer would not say to the second.
    """
    return scene.strongest_non_cut < _SURE_NON_CUT and not scene.fades


def around_cut(scene: Scene) -> tuple[Stretch, Stretch] | None:
    """Before and after the one cut of a clip; None where there is none, or more than one."""
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
    """The second right before, and right after, the one cut of a clip."""
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
