"""Questions about planted edits: in which part, from when to when, which of two stretches, which edit, which order.

Every question is asked once for each of its answers, about a clip in which that answer is the true one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from schemas.claim import PREDICATES, Claim, Names, Predicate
from schemas.interval import Interval
from schemas.shown import OPEN_CLIP, EditKind, Shown, ShownEdit
from stages.planted.parts import PARTS, Parts
from stages.visuals.change import right_order
from stages.visuals.standard import reordering, standard_edit

ORDERS = ((1, 3, 0, 2), (2, 0, 3, 1), (2, 1, 3, 0), (1, 2, 0, 3))
"""In which the parts are shown: so that the right orders are two and their reverses."""
ORDINALS = ("first", "second", "third", "last")
"""What the parts are called."""
_LONG_SECONDS = 20.0
"""From this length of a clip on times are told in whole seconds, else in half ones."""

PREDICATE_OF: Mapping[EditKind, Predicate] = {
    EditKind(value): predicate
    for predicate, shape in PREDICATES.items()
    if shape.names is Names.EDITS and predicate is not Predicate.PARTS_ORDERED
    for value in shape.values
}
"""What is said of an edit of each kind."""


@dataclass(frozen=True)
class PlantedAnswer:
    """An answer, and the clip of which it is true."""

    claim: Claim
    shown: Shown
    value: str | None
    """The key of the words that fill the gap {value}; None without one."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What fills the other gaps of the answer."""


@dataclass(frozen=True)
class PlantedQuestion:
    """A question with its answers, each of which is true of another version of the clip."""

    key: str
    """Unique among the questions of the clip."""
    wording: str
    """Its wording, "file.entry"."""
    answers: tuple[PlantedAnswer, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    """What fills the gaps of the question."""
    negatives: tuple[Shown, ...] = ()
    """Versions of the clip of which no answer is true."""

    @property
    def edits(self) -> tuple[ShownEdit, ...]:
        """Every edit that is planted for it."""
        found = (edit for answer in self.answers for edit in answer.shown.planted)
        return tuple(dict.fromkeys(found))


def part_questions(kind: EditKind, parts: Parts, visible: Sequence[int]) -> Iterator[PlantedQuestion]:
    """In which quarter, from when to when, and in which of two quarters an edit is.

    Args:
        kind: the edit.
        parts: the parts of the clip.
        visible: the parts in which it would be seen; if it would in all, all of them are answers.
    """
    at = {part: standard_edit(kind, parts.stretches[part]) for part in visible}
    plain = (parts.shown(),)
    if len(visible) == PARTS:
        answers = tuple(_answer(edit, parts, f"part{part}") for part, edit in at.items())
        yield PlantedQuestion(f"{kind}/part", f"part.{kind}", answers, negatives=plain)
        times = tuple(_answer(edit, parts, None, _times(edit.stretch, parts.whole)) for edit in at.values())
        yield PlantedQuestion(f"{kind}/time", f"time.{kind}", times, negatives=plain)
    for one, two in combinations(visible, 2):
        answers = tuple(_answer(at[part], parts, f"part{part}") for part in (one, two))
        words = {"one": ORDINALS[one], "other": ORDINALS[two]}
        yield PlantedQuestion(f"{kind}/{one}or{two}", f"stretches.{kind}", answers, words, plain)


def kind_question(part: int, kinds: Sequence[EditKind], parts: Parts) -> PlantedQuestion:
    """Which of some edits a part has."""
    edits = {kind: standard_edit(kind, parts.stretches[part]) for kind in kinds}
    answers = tuple(_answer(edit, parts, kind.value) for kind, edit in edits.items())
    words = {"one": ORDINALS[part]}
    return PlantedQuestion(f"kind/{part}", "kind.kind", answers, words, (parts.shown(),))


def swap_question(parts: Parts) -> PlantedQuestion:
    """Which part is of another video; it is chosen later, when it is known which others there are."""
    edits = (
        ShownEdit(
            kind=EditKind.SWAPPED,
            start_seconds=stretch.start_seconds,
            end_seconds=stretch.end_seconds,
            other_clip_id=OPEN_CLIP,
            amount=0.0,
        )
        for stretch in parts.stretches
    )
    answers = tuple(_answer(edit, parts, f"part{part}") for part, edit in enumerate(edits))
    return PlantedQuestion("swapped/part", "part.swapped", answers, negatives=(parts.shown(),))


def order_question(parts: Parts) -> PlantedQuestion:
    """In which order the four parts belong."""
    return PlantedQuestion("order", "order.order", tuple(_ordered(parts, order) for order in ORDERS))


def _ordered(parts: Parts, order: Sequence[int]) -> PlantedAnswer:
    edit = reordering(parts.whole, order)
    right = right_order(edit)
    claim = Claim(predicate=Predicate.PARTS_ORDERED, value="".join(str(place + 1) for place in right))
    said = dict(zip(("first", "second", "third", "fourth"), claim.value or "", strict=True))
    return PlantedAnswer(claim, parts.shown(edit), None, said)


def _answer(edit: ShownEdit, parts: Parts, value: str | None, words: Mapping[str, str] | None = None) -> PlantedAnswer:
    claim = Claim(predicate=PREDICATE_OF[edit.kind], intervals=(edit.stretch,), value=edit.kind.value)
    return PlantedAnswer(claim, parts.shown(edit), value, words or {})


def _times(stretch: Interval, whole: Interval) -> dict[str, str]:
    """Start and end in seconds of the clip, rounded."""
    steps = 1 if whole.duration_seconds >= _LONG_SECONDS else 2
    ends = (stretch.start_seconds - whole.start_seconds, stretch.end_seconds - whole.start_seconds)
    start, end = (f"{round(seconds * steps) / steps:g}" for seconds in ends)
    return {"start": start, "end": end}
