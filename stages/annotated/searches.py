"""What annotations say is there and is not there becomes searches: every third analysis frame, with every candidate.

Where a noun is complete (absent, listed as complete, or certainly counted), the frames list all its things. Elsewhere
there may be others: each frame then has one more candidate in doubt, whose place is not known.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemas.annotations import AnnotatedCount, Annotations
from schemas.interval import Interval
from schemas.scene import ANNOTATIONS, WRITING
from schemas.search import Candidate, Search, SearchedFrame
from stages.annotated.things import KnownThing, noun_of_text
from stages.annotated.times import ClipTimes
from stages.claims.nouns import head_of, is_one

SURE, MAYBE = 0.9, 0.1
_CERTAIN, _DOUBTFUL = 1.0, 0.5
_DOT = 0.001


def searches_of(annotations: Annotations, things: Sequence[KnownThing], times: ClipTimes) -> tuple[Search, ...]:
    """One search for each noun that the annotations list, count or call absent, in order of noun."""
    nouns = {thing.noun for thing in things} | {noun_of_text(count.noun) for count in annotations.counts}
    nouns |= {noun_of_text(noun) for noun in (*annotations.absent, *annotations.complete)}
    said = " ".join(_texts(annotations)).casefold()
    made = (_Search(noun, annotations, things, times, said).made() for noun in sorted(nouns - {WRITING}))
    return tuple(search for search in made if search.frames)


@dataclass(frozen=True)
class _Search:
    noun: str
    annotations: Annotations
    things: Sequence[KnownThing]
    times: ClipTimes
    said: str
    """All texts that say what the video shows, in lower case."""

    def made(self) -> Search:
        own = [thing for thing in self.things if _is_called(thing, self.noun)]
        frames = (self._frame(seconds, own) for seconds in self.times.looked_at)
        return Search(
            noun=self.noun,
            source=ANNOTATIONS,
            sure=SURE,
            maybe=MAYBE,
            frames=tuple(frame for frame in frames if frame is not None),
        )

    def _frame(self, seconds: float, own: Sequence[KnownThing]) -> SearchedFrame | None:
        """What is known of the noun at that moment; None if nothing is."""
        found = [one for thing in own if (one := self._candidate(thing, seconds)) is not None]
        sure = sum(one.score >= SURE for one in found)
        counted = None if any(thing.is_several for thing in own) else self._counted(seconds)
        if counted is not None and counted > sure and sure == len(found):
            found += [_somewhere(_CERTAIN)] * (counted - sure)  # counted, but not listed with a box
        elif any(thing.is_several for thing in own) or not self._is_complete(counted, sure):
            if not found:
                return None
            found.append(_somewhere(_DOUBTFUL))
        return SearchedFrame(pts_seconds=seconds, candidates=tuple(found))

    def _is_complete(self, counted: int | None, sure: int) -> bool:
        """Whether every such thing is listed: an absent noun that a text names all the same is in doubt."""
        if counted is not None:
            return counted == sure
        absent = any(noun_of_text(noun) == self.noun for noun in self.annotations.absent)
        if absent:
            return re.search(rf"\b{re.escape(self.noun)}(s|es)?\b", self.said) is None
        return any(noun_of_text(noun) == self.noun for noun in self.annotations.complete)

    def _candidate(self, thing: KnownThing, seconds: float) -> Candidate | None:
        """The thing at that moment, certain or in doubt; None if it is not in view."""
        is_sure = thing.given.certain and self._is_in(map(self.times.surely, thing.spans), seconds)
        # if it was not noted when it is in view, it may be at any time
        is_perhaps = not thing.given.visible or self._is_in(map(self.times.perhaps, thing.spans), seconds)
        if not is_sure and not is_perhaps:
            return None
        return Candidate(
            score=_CERTAIN if is_sure else _DOUBTFUL,
            track_id=thing.track.track_id if thing.track else None,
            **thing.area(seconds, self.times).model_dump(include={"x0", "y0", "x1", "y1"}),
        )

    @staticmethod
    def _is_in(stretches: Iterable[Interval | None], seconds: float) -> bool:
        return any(stretch is not None and stretch.contains(seconds) for stretch in stretches)

    def _counted(self, seconds: float) -> int | None:
        """How many there certainly are at that moment; None if that is not said, or said in two ways."""
        numbers = {count.count for count in self._counts() if count.certain and self._holds(count, seconds)}
        doubtful = any(not count.certain and self._holds(count, seconds) for count in self._counts())
        return numbers.pop() if len(numbers) == 1 and not doubtful else None

    def _counts(self) -> Iterator[AnnotatedCount]:
        return (count for count in self.annotations.counts if noun_of_text(count.noun) == self.noun)

    def _holds(self, count: AnnotatedCount, seconds: float) -> bool:
        return self._is_in([self.times.surely(count)], seconds)


def _somewhere(score: float) -> Candidate:
    """A candidate whose place nobody noted: a dot in the corner, which no thing of the clip can be taken for."""
    return Candidate(x0=0.0, y0=0.0, x1=_DOT, y1=_DOT, score=score, track_id=None)


def _is_called(thing: KnownThing, noun: str) -> bool:
    """Whether an object is such a thing: by its noun, or by the noun of its phrase ("the woman in the pink top")."""
    if is_one(thing.noun, noun):
        return True
    return re.search(rf"\b{re.escape(noun)}$", head_of(thing.given.phrase or "")) is not None


def _texts(annotations: Annotations) -> Iterator[str]:
    """What the annotations say of the video in words."""
    yield from annotations.captions
    yield from (event.phrase for event in annotations.events)
    yield from (thing.phrase or "" for thing in annotations.objects)
    yield from (question.answer for question in annotations.questions)
