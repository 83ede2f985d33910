"""The sentences that the scripted server asks and answers with, and how they are read again.

A form is one thing that can be said: its questions and answers have slots for two things or events ({a}, {b}), a kind
of thing ({n}) and a value ({v}). An answer has two wordings of the same meaning.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from schemas.claim import Axis

MOMENT = " about {t} seconds in"
_MOMENT = re.compile(r" about (\d+(?:\.\d+)?) seconds in(?=[?,. ])")
_SLOT = re.compile(r"\{(\w)\}")
_NUMBERS = ("one", "two", "three", "four", "five", "six")


@dataclass(frozen=True, eq=False)
class Form:
    """One thing that can be said; each is there once."""

    name: str
    axis: Axis
    questions: tuple[str, ...]
    """Ways to ask it."""
    answers: tuple[str, str]
    """Two wordings of one meaning."""
    opposites: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """For each value the one that says the contrary; empty if the form has no value, or values without a contrary."""
    values: tuple[str, ...] = ()
    """All values, if they are not the keys of `opposites`."""
    is_asked: bool = True
    """False if its question is that of another form, to which it is an answer, too."""

    @property
    def all_values(self) -> tuple[str, ...]:
        """What may stand for {v}; empty if anything may, or nothing does."""
        return self.values or tuple(self.opposites)

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """What reads each wording of the answer."""
        return tuple(_pattern(answer, self.all_values) for answer in self.answers)

    @cached_property
    def question_patterns(self) -> tuple[re.Pattern[str], ...]:
        """What reads each question."""
        return tuple(_pattern(question, self.all_values) for question in self.questions)


@dataclass(frozen=True)
class Statement:
    """What a sentence says."""

    form: Form
    a: str = ""
    b: str = ""
    n: str = ""
    v: str = ""

    def sentence(self, wording: int = 0) -> str:
        """The answer that says it."""
        return _filled(self.form.answers[wording % 2], self)

    def question(self, which: int = 0, moment: float | None = None) -> str:
        """The question that it answers."""
        if self.form is DOES:
            which = 0 if self.b else 1
        asked = _filled(self.form.questions[which], self)
        return asked if moment is None else f"{asked.rstrip('?')}{MOMENT.format(t=f'{moment:.1f}')}?"

    def opposite(self) -> "Statement | None":
        """What says the contrary."""
        value = self.form.opposites.get(self.v)
        return None if value is None else replace(self, v=value)


def _both(one: str, other: str) -> Mapping[str, str]:
    return MappingProxyType({one: other, other: one})


_WAYS = MappingProxyType({"to the left": "to the right", "to the right": "to the left", "up": "down", "down": "up"})
SIDE = Form(
    "side",
    Axis.SPATIAL,
    ("Where is {a}, seen from {b}?", "What is {v} of {b}?"),
    ("{a} is {v} of {b}.", "{a} lies on the {v} side of {b}."),
    _both("left", "right"),
)
HEIGHT = Form(
    "height",
    Axis.SPATIAL,
    ("How high in the picture is {a}, compared with {b}?", "What is {v} {b} in the picture?"),
    ("{a} is {v} {b}.", "{a} is at a place {v} {b}."),
    _both("above", "below"),
)
PART = Form(
    "part",
    Axis.SPATIAL,
    ("In which part of the picture is {a}?",),
    ("{a} is in the {v} part of the picture.", "{a} is in the {v} third of the picture."),
    values=("left", "centre", "right"),
)
COLOUR = Form(
    "colour",
    Axis.SPATIAL,
    ("Which colour is the {n}?",),
    ("The {n} is {v}.", "In colour the {n} is {v}."),
)
COUNT = Form(
    "count",
    Axis.SPATIAL,
    ("How many of this kind of thing are in view: {n}?",),
    ("The number of things in view of the kind {n} is {v}.", "Of the kind {n} the number in view is {v}."),
    values=_NUMBERS,
)
READS = Form(
    "reads",
    Axis.SPATIAL,
    ("What is written in the picture?",),
    ('The writing in the picture says "{v}".', 'It says "{v}" in the picture.'),
)
ORDER = Form(
    "order",
    Axis.TEMPORAL,
    ("In which order do these happen: {a}; {b}?",),
    ("{a} before {b}.", "{b} after {a}."),
)
WHILE = Form(
    "while", Axis.TEMPORAL, ORDER.questions, ("{a} while {b}.", "{a} at the same time as {b}."), is_asked=False
)
DOES = Form(
    "does",
    Axis.TEMPORAL,
    ("What happens to {b}?", "What happens in the picture?"),
    ("In the picture {a}.", "What can be seen is that {a}."),
)
VISIBLE = Form(
    "visible",
    Axis.SPATIAL,
    ("What is in view in the picture?",),
    ("{a} is in view.", "{a} can be seen."),
)
MOVES = Form("moves", Axis.TEMPORAL, ("Which way does {a} move?",), ("{a} moves {v}.", "{a} is moving {v}."), _WAYS)
STAYS = Form("stays", Axis.TEMPORAL, MOVES.questions, ("{a} stays still.", "{a} is still."), is_asked=False)
DISPLACED = Form(
    "displaced",
    Axis.CROSS_FRAME,
    ("Where is {a} at the end, compared with where it is at the start?",),
    ("{a} is further {v} at the end than at the start.", "At the end {a} has come further {v} than at the start."),
    _WAYS,
)
SAME_PLACE = Form(
    "same place",
    Axis.CROSS_FRAME,
    DISPLACED.questions,
    ("{a} is at the same place at the end as at the start.", "At the end {a} is where it is at the start."),
    is_asked=False,
)
SIZE = Form(
    "size",
    Axis.CROSS_FRAME,
    ("How does the size of {a} in the picture change?",),
    ("{a} looks {v} at the end than at the start.", "At the end {a} looks {v} than at the start."),
    _both("larger", "smaller"),
)
SAME_SIZE = Form(
    "same size",
    Axis.CROSS_FRAME,
    SIZE.questions,
    ("{a} looks as large at the end as at the start.", "The size of {a} is the same at the end as at the start."),
    is_asked=False,
)
DISTANCE = Form(
    "distance",
    Axis.CROSS_FRAME,
    ("How does the distance between {a} and {b} change?",),
    ("{a} and {b} are {v} at the end than at the start.", "At the end {a} and {b} are {v} than at the start."),
    _both("closer together", "further apart"),
)
_DEEDS = MappingProxyType({**_both("comes into view", "goes out of view"), **_both("sets off", "comes to rest")})


def contrary_deed(phrase: str) -> str | None:
    """What the event of a rendered thing is, played backwards: "the ball sets off" for "the ball comes to rest"."""
    deed = next((deed for deed in _DEEDS if phrase.endswith(deed)), None)
    return None if deed is None else phrase.removesuffix(deed) + _DEEDS[deed]


FORMS = (
    *(SIDE, HEIGHT, PART, COUNT, READS, WHILE, ORDER, DOES, STAYS, SAME_PLACE, VISIBLE),
    *(SAME_SIZE, SIZE, DISTANCE, DISPLACED, MOVES, COLOUR),
)
"""All forms, those that could be taken for others last."""


def number_word(number: int) -> str | None:
    """The value of a number from one to six."""
    return _NUMBERS[number - 1] if 1 <= number <= len(_NUMBERS) else None


def read_answer(text: str) -> Statement | None:
    """What an answer says; None if it is of no form."""
    return next((_said(form, match) for form in FORMS for match in _matches(form.patterns, text)), None)


def read_question(text: str) -> tuple[Statement, float | None] | None:
    """What is asked, without a value, and the moment that it names; None if it is of no form."""
    moment = _MOMENT.search(text)
    plain = _MOMENT.sub("", text)
    for form in (form for form in FORMS if form.is_asked):
        for match in _matches(form.question_patterns, plain):
            return _said(form, match), float(moment[1]) if moment else None
    return None


def _matches(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        if match := pattern.fullmatch(text.strip()):
            yield match


def _said(form: Form, match: re.Match[str]) -> Statement:
    slots = {name: _inside(value, match.start(name)) for name, value in match.groupdict().items()}
    return Statement(form, **{name: value for name, value in slots.items() if value})


def _inside(value: str | None, place: int) -> str | None:
    """A value as it is written inside a sentence."""
    return value[:1].lower() + value[1:] if value and place == 0 else value


def _filled(template: str, said: Statement) -> str:
    text = _SLOT.sub(lambda slot: str(getattr(said, slot[1])), template)
    return text[:1].upper() + text[1:]


def _pattern(template: str, values: tuple[str, ...]) -> re.Pattern[str]:
    parts = _SLOT.split(template)  # text, slot, text, slot, ..., text
    any_value = "|".join(map(re.escape, values)) or ".+?"
    slots = [f"(?P<{name}>{any_value if name == 'v' else '.+?'})" for name in parts[1::2]]
    texts = [re.escape(text) for text in parts[::2]]
    pattern = "".join(text + slot for text, slot in zip(texts, [*slots, ""], strict=True))
    return re.compile(pattern, re.IGNORECASE)
