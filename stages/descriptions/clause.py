"""A clause: one claim about one stretch of a clip, in words, and what may stand in its place."""

from dataclasses import dataclass, replace

from prompts.clauses import description_wordings
from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from stages.facts.same_fact import is_usual
from stages.wording.stretch import Stretch


@dataclass(frozen=True)
class Clause:
    """What one sentence of a description says."""

    topic: str
    """Its wording: camera, motion, ..."""
    key: str
    """What it says, for the balance: the topic's value, or the name of what is seen."""
    claim: Claim
    """What it asserts."""
    stretch: Stretch
    """When."""
    words: tuple[tuple[str, str], ...] = ()
    """What fills the other gaps of its sentence: names and texts."""
    others: "tuple[Clause, ...]" = ()
    """What may stand in its place: proven false."""

    @property
    def time(self) -> Interval:
        """When it is, in the order of the description; of two stretches that it compares, the later one."""
        return self.stretch.interval

    @property
    def feature(self) -> str:
        """What it says, as the balance counts it."""
        return f"described_{self.topic}={self.key}"

    @property
    def is_usual(self) -> bool:
        """Whether it says what is mostly so: what stands in its place would be known to be wrong, and the other way
        round.
        """
        return is_usual(self.claim) or self.claim.predicate is Predicate.STILL

    @property
    def compares(self) -> bool:
        """Whether it compares two stretches."""
        return len(self.claim.intervals) > 1

    def at(self, stretch: Stretch) -> "Clause | None":
        """The same said of another stretch; None if it compares two."""
        if self.compares:
            return None
        moved = self.claim.model_copy(update={"intervals": (stretch.interval,)})
        return replace(self, claim=moved, stretch=stretch, others=())

    def sentence(self, style: int) -> str:
        """The sentence of a style."""
        wording = description_wordings().clauses[self.topic]
        values = {"value": wording.values[self.key]} if wording.values else {}
        return wording.template(style).fill(when=self.stretch.words, **values, **dict(self.words))


def comes_before(one: Clause, other: Clause) -> bool:
    """Whether one may be told before the other: it begins and ends earlier, and the two share little time."""
    a, b = one.time, other.time
    shared = a.overlap_seconds(b) / min(a.duration_seconds, b.duration_seconds)
    return a.start_seconds < b.start_seconds and a.end_seconds < b.end_seconds and shared < _MOST_SHARED


_MOST_SHARED = 0.5  # of the shorter stretch
