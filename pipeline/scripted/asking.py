"""Writes questions about what is shown, each with its true answer in mind."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, permutations, zip_longest
from typing import TypeVar

from pipeline.scripted.faults import share_of
from pipeline.scripted.known_clip import phrases_of
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
    Form,
    Statement,
)
from pipeline.scripted.truth import holds
from pipeline.scripted.view import View
from prompts.topics import topics
from schemas.annotations import AnnotatedEvent, AnnotatedQuestion
from schemas.claim import Axis, QuestionType

T = TypeVar("T")
_FORMS: Mapping[str, tuple[Form, ...]] = {
    "spatial": (SIDE, HEIGHT, PART),
    "temporal": (ORDER, DOES, MOVES),
    "cross_frame": (DISPLACED, DISTANCE, SIZE),
    "object": (SIDE, HEIGHT),
    "number": (COUNT,),
    "location": (PART,),
    "color": (COLOUR,),
    "static_relation": (SIDE, HEIGHT),
    "ocr": (READS,),
    "action": (DOES, MOVES),
    "dynamic_attribute": (SIZE,),
    "dynamic_relation": (DISTANCE, DISPLACED),
    "sequence": (ORDER,),
}
_ASKED_OF_PARTS: Mapping[Form, QuestionType] = {
    PART: QuestionType.LOCATION,
    SIDE: QuestionType.STATIC_RELATION,
    HEIGHT: QuestionType.STATIC_RELATION,
    COUNT: QuestionType.NUMBER,
    READS: QuestionType.OCR,
    VISIBLE: QuestionType.OBJECT,
    DOES: QuestionType.ACTION,
    MOVES: QuestionType.ACTION,
}
_PEOPLE = frozenset(["person", "man", "woman", "child", "boy", "girl"])
"""Their colour is that of their clothes."""
UNCHANGED: Mapping[Form, Form] = {MOVES: STAYS, DISPLACED: SAME_PLACE, SIZE: SAME_SIZE}
"""What else may be answered to a question about a change."""
_AROUND_SECONDS = 0.4
_PARTS = re.compile(r"Part [AB]: (\d+(?:\.\d+)?) to (\d+(?:\.\d+)?) seconds")


@dataclass(frozen=True)
class AskedQuestion:
    """A question, with what is true."""

    question: str
    answer: str
    evidence: tuple[tuple[float, float], ...]
    objects: tuple[str, ...]
    said: Statement | None = None


def count_in(prompt: str) -> int:
    """How many questions are asked for."""
    match = re.search(r"Write (\d+) questions", prompt)
    return int(match[1]) if match else 1


def questions_about(topic: str, view: View, count: int, seed: int) -> list[AskedQuestion]:
    """Up to `count` questions of a topic, annotated ones and others in turn; of a thing one in each form."""
    formed = _in_lots(_formed(topic, view), f"{topic} {view.clip.name}", seed)
    found = [one for pair in zip_longest(_annotated(topic, view), formed) for one in pair if one is not None]
    chosen: list[AskedQuestion] = []
    used: set[tuple[str, str]] = set()
    for asked in found:
        key = (asked.said.form.questions[0], asked.said.a + asked.said.n) if asked.said else ("", asked.question)
        if key not in used and len(chosen) < count:
            used.add(key)
            chosen.append(asked)
    return chosen


def parts_in(prompt: str) -> list[tuple[float, float]]:
    """Start and end of the parts that a prompt names."""
    return [(float(start), float(end)) for start, end in _PARTS.findall(prompt)]


def questions_of_parts(view: View, parts: Sequence[tuple[float, float]], count: int, seed: int) -> list[Statement]:
    """Questions that two parts of a video answer differently; each is said as the first part answers it."""
    views = [view.within(*part) for part in parts]
    if len(views) != 2 or not all(part.sightings for part in views):
        return []
    found = [
        answers[0]
        for form in _ASKED_OF_PARTS
        for asked in _subjects(form, view)
        for answers in [[best_answer(asked, part, seed) for part in views]]
        if answers[0] is not None and answers[1] is not None and _differ(answers[0], answers[1], views)
    ]
    return _in_lots(found, f"twins {view.clip.name}", seed)[:count]


def _differ(first: Statement, last: Statement, views: Sequence[View]) -> bool:
    """Whether each answer is false of the part that the other one is about."""
    return holds(first, views[1]) is False and holds(last, views[0]) is False


def best_answer(asked: Statement, view: View, seed: int) -> Statement | None:
    """The true answer that tells most of what is shown from the rest of the video; None if no answer is true."""
    true = [answer for answer in answers_to(asked, view) if is_about(answer, view) and holds(answer, view)]
    if not true or (asked.form not in (DOES, VISIBLE) and len(true) > 1):
        return None
    return min(
        true, key=lambda answer: (-round(_share(answer, view), 2), share_of(seed, view.clip.name, str(answer.a)))
    )


def _share(said: Statement, view: View) -> float:
    """Which share of what is said lies within what is shown."""
    event, thing = view.clip.event(said.a), view.clip.thing(said.a)
    return view.share_of([event] if event else thing.visible if thing else ())


def type_of_part(form: Form) -> QuestionType:
    """The type of a question that is asked of parts, by the form of its answer."""
    asked = next((asked for asked, answer in UNCHANGED.items() if answer is form), form)
    return _ASKED_OF_PARTS[asked]


def answers_to(asked: Statement, view: View) -> Iterator[Statement]:
    """All answers of the form that a question may have; it is asked without what answers name."""
    form = asked.form
    phrases = phrases_of(view.clip.things)
    if form is DOES:
        return (replace(asked, a=event.phrase) for event in view.clip.events)
    if form is VISIBLE:
        return (replace(asked, a=phrase) for phrase in phrases)
    if form is ORDER:
        in_order = (replace(asked, a=a, b=b) for a, b in permutations((asked.a, asked.b)))
        return chain(in_order, [Statement(WHILE, asked.a, asked.b)])
    if not asked.a and form in (SIDE, HEIGHT):
        return (replace(asked, a=phrase) for phrase in phrases if phrase != asked.b)
    changes = (replace(asked, v=value) for value in values_of(form, view))
    return chain(changes, [Statement(UNCHANGED[form], asked.a)] if form in UNCHANGED else ())


def values_of(form: Form, view: View) -> Sequence[str]:
    """What may be said in the place of {v}."""
    if form is COLOUR:
        return sorted({thing.colour for thing in view.clip.things if thing.colour} | {"red", "blue", "green"})
    if form is READS:
        return sorted({text.text for text in view.clip.annotations.texts if text.certain})
    return form.all_values


def is_about(said: Statement, view: View) -> bool:
    """Whether an event that is said is one of the thing that is asked about; true of other sentences."""
    event, thing = view.clip.event(said.a), view.clip.thing(said.b)
    return (
        said.form is not DOES or not said.b or (event is not None and thing is not None and thing.id in event.objects)
    )


def _true_of(form: Form, view: View) -> Iterator[Statement]:
    """Everything of a form that is true of a view, where no other answer to the question is."""
    for asked in _subjects(form, view):
        true = [a for a in answers_to(asked, view) if holds(a, view) is not False and is_about(a, view)]
        if len(true) == 1 and holds(true[0], view):
            yield true[0]


def _subjects(form: Form, view: View) -> Iterator[Statement]:
    """Everything that may be asked in a form, without the answer."""
    phrases = phrases_of(view.clip.things)
    if form in (SIDE, HEIGHT, DISTANCE):
        yield from (Statement(form, a, b) for a, b in permutations(phrases, 2))
    elif form is DOES:
        yield from (Statement(form, b=phrase) for phrase in ("", *phrases))
    elif form is ORDER:
        pairs = combinations(view.clip.events, 2)
        yield from (Statement(form, a.phrase, b.phrase) for a, b in pairs if not _goes_without_saying(a, b, view))
    elif form in (READS, VISIBLE):
        yield Statement(form)
    elif form in (COLOUR, COUNT):
        yield from (
            Statement(form, n=noun) for noun in sorted(view.clip.nouns - (_PEOPLE if form is COLOUR else set()))
        )
    else:
        yield from (Statement(form, phrase) for phrase in phrases)


def _goes_without_saying(one: AnnotatedEvent, other: AnnotatedEvent, view: View) -> bool:
    """Whether the order of two events may be told unseen: a rendered thing comes into view before it goes out of it."""
    return view.clip.annotations.events_complete and one.objects == other.objects


def _formed(topic: str, view: View) -> list[AskedQuestion]:
    return [asked for form in _FORMS[topic] for asked in _asked(form, view, is_object=topic == "object")]


def _asked(form: Form, view: View, *, is_object: bool) -> Iterator[AskedQuestion]:
    is_told_apart = form is not DOES or view.clip.annotations.events_complete  # else nothing else is surely false
    over_all = list(_true_of(form, view)) if is_told_apart else []
    for said in over_all:
        if not is_object:
            yield _question(said, view, None)
    if form.axis is Axis.SPATIAL or form is DOES:
        for moment in _moments(view):
            near = view.around(moment)
            for said in _true_of(form, near):
                if said in over_all and not is_object:
                    continue  # asked without a moment
                if not is_object or _is_only(said, near):
                    yield _question(said, view, moment, which=int(is_object))


def _is_only(said: Statement, view: View) -> bool:
    """Whether no other thing may be the answer to what is at that side of the second one."""
    answers = (holds(answer, view) for answer in answers_to(replace(said, a=""), view) if answer != said)
    nouns = {thing.noun.casefold() for thing in view.clip.things}
    return nouns <= view.clip.complete and all(answer is False or answer is None for answer in answers)


def _moments(view: View) -> list[float]:
    """Three moments in the first, the middle and the last part of the frames, by which things can be told."""
    seconds = sorted(second - view.clock_seconds for second in view.seconds)
    return [round(seconds[int(share * (len(seconds) - 1))], 1) for share in (0.15, 0.5, 0.85)]


def _question(said: Statement, view: View, moment: float | None, *, which: int = 0) -> AskedQuestion:
    things = [view.clip.thing(phrase) for phrase in (said.a, said.b) if phrase]
    nouns = tuple(dict.fromkeys(thing.noun for thing in things if thing)) or ((said.n,) if said.n else ())
    return AskedQuestion(said.question(which, moment), said.sentence(), _evidence(said, view, moment), nouns, said)


def _evidence(said: Statement, view: View, moment: float | None) -> tuple[tuple[float, float], ...]:
    """When the answer can be seen, in the seconds of the texts."""
    if moment is not None:
        return (_span(moment, moment),)
    events = [event for event in map(view.clip.event, (said.a, said.b)) if event]
    if events:
        clock = view.clock_seconds
        return tuple((max(0.0, event.start_seconds - clock), event.end_seconds - clock) for event in events)
    thing = view.clip.thing(said.a)
    numbers = [number for number, _ in view.places(thing)] if thing else range(len(view.seconds))
    seen = [view.seconds[number] - view.clock_seconds for number in numbers]
    if said.form.axis is Axis.CROSS_FRAME:
        return (_span(seen[0], seen[0]), _span(seen[-1], seen[-1]))
    return (_span(min(seen), max(seen)),)


def _span(start: float, end: float) -> tuple[float, float]:
    return max(0.0, round(start - _AROUND_SECONDS, 2)), round(end + _AROUND_SECONDS, 2)


def _annotated(topic: str, view: View) -> Iterator[AskedQuestion]:
    for given in view.clip.annotations.questions:
        if given.certain and given.wrong and _fits(given, topic) and view.has_seen(given.evidence_seconds):
            moments = [m - view.clock_seconds for m in given.evidence_seconds or (view.seconds[0], view.seconds[-1])]
            words = given.question.casefold().replace("?", "").split()
            nouns = tuple(sorted(noun for noun in view.clip.nouns if noun in words))
            yield AskedQuestion(given.question, given.answer, tuple(_span(m, m) for m in moments), nouns)


def _fits(given: AnnotatedQuestion, topic: str) -> bool:
    asked = topics()[topic]
    if topic in tuple(Axis):
        return given.axis is asked.axis
    return given.question_type is asked.question_type


def _in_lots(found: Sequence[T], name: str, seed: int) -> list[T]:
    """In an order that is drawn by lot."""
    return sorted(found, key=lambda one: share_of(seed, name, str(one)))
