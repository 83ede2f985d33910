"""Every clause that is proven of a clip: light, movement, the camera, kinds of things, writing, events."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple, TypeVar

from numpy.random import Generator

from schemas.claim import Claim, Predicate
from stages.claims.breaks import spans_break
from stages.claims.nouns import plural, with_article
from stages.claims.proof import ClipProver
from stages.claims.scene_view import SceneView
from stages.descriptions.clause import Clause
from stages.facts.entity import Entity, nameable_objects
from stages.facts.named_event import named_events
from stages.facts.named_kind import NamedKind, named_kinds
from stages.facts.stillness import camera_moves, is_still_picture, something_moves
from stages.facts.writing import written_words
from stages.wording.stretch import END_SECONDS, Stretch, around_cut, ends, number_words, shots, spans

T = TypeVar("T")

_P = Predicate
_WAYS = ("left", "right", "up", "down", "in", "out", "still")
_THIRDS = ("left", "centre", "right")
_EVENTS = ("enters", "leaves", "starts", "stops")
_NUMBERS = (1, 2, 3, 4)
_MOST_APART = 1  # a false number is next to the true one: nobody takes one face for four
_STRETCHES = 32
"""Stretches of a clip of which something is said."""
_PAIRS = 40
"""Pairs of stretches that are compared."""
_OBJECT = "object"


class _Said(NamedTuple):
    """What may be said of a stretch, before anything is proven."""

    topic: str
    key: str
    claim: Claim
    words: tuple[tuple[str, str], ...] = ()


def proven_clauses(prover: ClipProver, rng: Generator) -> tuple[Clause, ...]:
    """The clauses that are proven true of some stretches, drawn at random, each with those that are proven false."""
    view = prover.view()
    found: list[Clause] = []
    for stretch in _drawn(_stretches(view), _STRETCHES, rng):
        for choices in _choices(view, stretch):
            found += _proven(list(choices), stretch, prover)
    for earlier, later in _drawn(_pairs(view), _PAIRS, rng):
        for choices in _comparisons(earlier, later):
            found += _proven(choices, later, prover)
    return tuple(found)


def _proven(choices: Sequence[_Said], stretch: Stretch, prover: ClipProver) -> Iterator[Clause]:
    """The true ones of what may be said, with the false ones in their place."""
    clauses = [Clause(said.topic, said.key, said.claim, stretch, said.words) for said in choices]
    true = [clause for clause in clauses if _is(clause, prover, chosen=True)]
    if true:
        plausible = (clause for clause in clauses if clause not in true and _is_near(clause, true[0]))
        others = tuple(clause for clause in plausible if _is(clause, prover, chosen=False))
        yield from (Clause(c.topic, c.key, c.claim, c.stretch, c.words, others) for c in true)


def _is_near(clause: Clause, true: Clause) -> bool:
    """Whether it is not a number that nobody would take for the true one."""
    return clause.topic != "counted" or abs(int(clause.key) - int(true.key)) <= _MOST_APART


def _is(clause: Clause, prover: ClipProver, *, chosen: bool) -> bool:
    shown_alone = prover.single_frame_failure(clause.claim, ())
    return prover.prove(clause.claim, chosen=chosen).failure is None and shown_alone is None


def _stretches(view: SceneView) -> list[Stretch]:
    return [*spans(view.scene), *shots(view.scene), *(around_cut(view.scene) or ())]


def _pairs(view: SceneView) -> list[tuple[Stretch, Stretch]]:
    """Stretches of which the second begins after the first has ended, with no cut in either and no break between."""
    parts = _stretches(view) + [end for seconds in END_SECONDS for end in ends(view.scene, seconds)]
    uncut = [part for part in parts if not _is_cut(part, view)]
    alike = combinations(sorted(uncut, key=lambda part: part.interval.start_seconds), 2)
    return [
        (a, b)
        for a, b in alike
        if a.interval.end_seconds <= b.interval.start_seconds + 1e-6
        and not spans_break((a.interval, b.interval), view.scene)
        and abs(a.interval.duration_seconds - b.interval.duration_seconds) < 1e-6
    ]


def _is_cut(stretch: Stretch, view: SceneView) -> bool:
    """Whether a shot ends and another begins in it."""
    start, end = stretch.interval.start_seconds, stretch.interval.end_seconds
    return any(start < at < end for at in view.scene.shot_starts)


def _choices(view: SceneView, stretch: Stretch) -> Iterator[Iterable[_Said]]:
    """For each topic what may be said of a stretch: of these something is true, and others are false."""
    moving = something_moves(view, stretch.interval)
    if not is_still_picture(view) and (moving or camera_moves(view)):
        yield [_said("camera", way, _P.CAMERA_MOVES, stretch, value=way) for way in _WAYS]
    if moving:
        yield [_said("motion", third, _P.MOTION_IN, stretch, value=third) for third in _THIRDS]
    kinds = list(named_kinds(view))
    yield [_kind(kind, stretch) for kind in kinds]
    yield from ([_number(kind, number, stretch) for number in _NUMBERS] for kind in kinds if kind.in_clip)
    yield [
        _said("written", word.name, _P.READS, stretch, {"entity": word.phrase("")}, value=word.name)
        for word in written_words(view)
    ]
    yield [
        _said("happens", event.name, _P.HAPPENS_IN, stretch, {"entity": event.name}, subject_phrases=(event.name,))
        for event in named_events(view.scene)
    ]
    for thing in nameable_objects(view):
        yield [_of_object("event", kind, _P.EVENT_IN, thing, stretch, kind) for kind in _EVENTS]
        ways = [_of_object("moves", way, _P.MOVES, thing, stretch, way) for way in ("left", "right", "up", "down")]
        yield [*ways, _of_object("moves", "still", _P.STILL, thing, stretch, None)]


def _comparisons(earlier: Stretch, later: Stretch) -> Iterator[list[_Said]]:
    for topic, predicate in (("brighter", _P.BRIGHTER), ("busier", _P.BUSIER)):
        orders = {"more": (later, earlier), "less": (earlier, later)}
        yield [
            _Said(
                topic,
                key,
                Claim(predicate=predicate, intervals=tuple(stretch.interval for stretch in order)),
                (("other", earlier.words),),
            )
            for key, order in orders.items()
        ]


def _said(
    topic: str, key: str, predicate: Predicate, stretch: Stretch, words: dict[str, str] | None = None, **fields: object
) -> _Said:
    claim = Claim.model_validate({"predicate": predicate, "intervals": (stretch.interval,), **fields})
    return _Said(topic, key, claim, tuple((words or {}).items()))


def _kind(kind: NamedKind, stretch: Stretch) -> _Said:
    words = {"entity": with_article(kind.name)}
    return _said("seen", kind.name, _P.PRESENT, stretch, words, noun=kind.name, in_video=kind.in_clip)


def _number(kind: NamedKind, number: int, stretch: Stretch) -> _Said:
    entity = f"one {kind.name} is" if number == 1 else f"{number_words(number)} {plural(kind.name)} are"
    return _said("counted", str(number), _P.NAMED_COUNT, stretch, {"entity": entity}, noun=kind.name, value=str(number))


def _of_object(topic: str, key: str, predicate: Predicate, thing: Entity, stretch: Stretch, value: str | None) -> _Said:
    phrase = thing.phrase(_OBJECT)
    named = {"subject_tracks": thing.track_ids[:1], "subject_phrases": (phrase,), "value": value}
    return _said(topic, key, predicate, stretch, {"entity": phrase}, **named)


def _drawn(items: Sequence[T], count: int, rng: Generator) -> list[T]:
    return [items[int(i)] for i in rng.permutation(len(items))[:count]]
