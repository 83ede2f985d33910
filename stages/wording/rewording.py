"""What the words of a claim's intervals mean on another clip, such as a reversed or shuffled version of its own."""

from collections.abc import Iterator, Sequence

from schemas.claim import Claim
from schemas.interval import Interval
from schemas.scene import Scene
from stages.wording.stretch import (
    END_SECONDS,
    Stretch,
    around_cut,
    ends,
    halves,
    moments,
    near_cut,
    shots,
    spans,
    thirds,
    whole_clip,
)

_SAME_SECONDS = 1e-6


class WordedStretches:
    """The stretches of a clip that words name by clock or by cuts: "in the first half", "in the second shot"."""

    def __init__(self, scene: Scene) -> None:
        self._stretches = tuple(_stretches(scene))
        self._intervals = {stretch.words: stretch.interval for stretch in self._stretches}

    def words(self, interval: Interval, texts: Sequence[str]) -> str | None:
        """The words in the texts that mean an interval; None if they name it by what happens ("while both move")."""
        fitting = [s.words for s in self._stretches if _same(s.interval, interval) and _said(s.words, texts)]
        return max(fitting, key=len, default=None)

    def meant(self, words: str) -> Interval | None:
        """The interval that the words mean on this clip; None if it has none ("in the third shot" of two)."""
        return self._intervals.get(words)


def reworded(claim: Claim, texts: Sequence[str], here: WordedStretches, there: WordedStretches) -> Claim | None:
    """The claim with the intervals that its words mean on another clip.

    Args:
        claim: what is asserted of the clip `here`.
        texts: question and answer, whose words name the claim's intervals.
        here: the stretches of the clip that the claim is about.
        there: the stretches of the other clip.

    Returns: the claim; None if an interval is not worded by clock or cuts, or if the other clip has no such stretch.
    """
    intervals = []
    for interval in claim.intervals:
        words = here.words(interval, texts)
        meant = there.meant(words) if words else None
        if meant is None:
            return None
        intervals.append(meant)
    return claim.model_copy(update={"intervals": tuple(intervals)})


def _stretches(scene: Scene) -> Iterator[Stretch]:
    yield from (whole_clip(scene), *halves(scene), *thirds(scene), *spans(scene), *moments(scene))
    for seconds in END_SECONDS:
        yield from ends(scene, seconds)
    yield from (*shots(scene), *(around_cut(scene) or ()), *near_cut(scene))


def _same(a: Interval, b: Interval) -> bool:
    starts, ends_ = a.start_seconds - b.start_seconds, a.end_seconds - b.end_seconds
    return max(abs(starts), abs(ends_)) < _SAME_SECONDS


def _said(words: str, texts: Sequence[str]) -> bool:
    return any(words.casefold() in text.casefold() for text in texts)
