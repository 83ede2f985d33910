"""Answers questions about what is shown, rightly or in a named wrong way."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.scripted.asking import UNCHANGED, answers_to, best_answer, is_about, values_of
from pipeline.scripted.faults import share_of
from pipeline.scripted.known_clip import KnownClip, phrases_of
from pipeline.scripted.sentences import (
    DOES,
    HEIGHT,
    ORDER,
    READS,
    SIDE,
    WHILE,
    Statement,
    contrary_deed,
    read_answer,
    read_question,
)
from pipeline.scripted.truth import Verdict, holds
from pipeline.scripted.view import View
from schemas.annotations import AnnotatedQuestion
from schemas.pair import normalise_text

UNKNOWN = "Something is in view."
"""What is answered if nothing is known."""
_NOUN = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Asked:
    """A question about a view, as far as it is understood."""

    text: str
    view: View
    said: Statement | None
    """Without what answers say; None if it is of no form."""
    known: AnnotatedQuestion | None
    """The annotated question of the same text."""

    @property
    def near(self) -> View:
        """The frames that the question is about."""
        found = read_question(self.text)
        return self.view if found is None or found[1] is None else self.view.around(found[1])

    def truth(self, answer: str) -> Verdict:
        """Whether an answer is true of what is shown; None if it cannot be told."""
        if self.known is not None:
            known = self._annotated(answer, self.known)
            if known is not None:
                return known if self.view.has_seen(self.known.evidence_seconds) and self.view.runs_forward else None
        said = read_answer(answer)
        if said is None:
            words = set(normalise_text(answer).split())
            return False if words & self.view.clip.absent else None
        return holds(said, self.near)

    def _annotated(self, answer: str, known: AnnotatedQuestion) -> Verdict:
        text = normalise_text(answer)
        if text == normalise_text(known.answer):
            return True
        return False if text in map(normalise_text, known.wrong) else None

    def answers(self, *, only_fitting: bool = False) -> list[str]:
        """All answers that come to mind, in their first wording, or those alone that are about what is asked."""
        if self.known is not None:
            return [self.known.answer, *self.known.wrong]
        if self.said is None:
            return []
        found = (a for a in answers_to(self.said, self.view) if not only_fitting or is_about(a, self.view))
        return list(dict.fromkeys(answer.sentence() for answer in found))


def asked_of(text: str, view: View) -> Asked:
    """The question, understood."""
    found = read_question(text)
    plain = normalise_text(text)
    known = next((q for q in view.clip.annotations.questions if normalise_text(q.question) == plain), None)
    return Asked(text, view, found[0] if found else None, known)


def answer(asked: Asked, seed: int, *, errs: bool) -> str:
    """The true answer; one that is false if the writer errs, or one of all if nothing can be seen."""
    best = best_answer(asked.said, asked.near, seed) if asked.said and not asked.known and not errs else None
    if best is not None:
        return best.sentence()
    verdicts = [(text, asked.truth(text)) for text in _by_lot(asked.answers(only_fitting=not errs), seed, asked)]
    fitting = [text for text, truth in verdicts if truth is not None and truth is not errs]
    return next(iter([*fitting, *(text for text, _ in verdicts)]), UNKNOWN)


def corrupted(asked: Asked, given: str, error: str, seed: int, *, errs: bool) -> str:
    """A false answer that makes the named error, or if there is none another false one; true if the writer errs."""
    if errs:
        return _true_in_other_words(asked, given)
    said = read_answer(given)
    made = (change.sentence() for change in _ERRORS[error](said, asked.view)) if said and error in _ERRORS else ()
    made = (text for text in made if _answers(asked, text))
    others = _by_lot(asked.answers(), seed, asked)
    turn = list(_ERRORS).index(error) if error in _ERRORS else 0
    turn = (turn + (asked.truth(given) is False)) % max(1, len(others))  # another one for each error, and for both
    return _first_false(asked, given, [*made, *others[turn:], *others[:turn]])


def relevant(asked: Asked, given: str, seed: int, *, errs: bool) -> str:
    """A false answer that names only what the video shows; true if the writer errs."""
    if errs:
        return _true_in_other_words(asked, given)
    said = read_answer(given)
    made = (change.sentence() for change in _with_other_things(said, asked.view)) if said else ()
    made = (text for text in made if _answers(asked, text))
    return _first_false(asked, given, _by_lot([*made, *asked.answers()], seed, asked))


def irrelevant(question: str, given: str, entities: Sequence[str], nouns: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each entity with the answer in which it stands for what the answer names; nothing if it names no thing, or only
    what the question names.
    """
    said = read_answer(given)
    if said is not None and (said.n or (said.a and said.a.casefold() in question.casefold())):
        return
    for entity in entities:
        if said is not None and said.form is READS:
            yield entity, replace(said, v=entity).sentence()
        elif said is not None and said.form in (DOES, ORDER, WHILE):
            subject = re.match(r"the (?:\w+ )*?\w+(?= (?:comes|goes|sets) )", said.a, re.IGNORECASE)
            if subject is not None:
                yield entity, replace(said, a=f"the {entity}{said.a[subject.end() :]}").sentence()
        elif said is not None:
            yield entity, replace(said, a=f"the {entity}").sentence()
        else:
            yield from _with_noun_replaced(given, entity, nouns)


def _with_noun_replaced(given: str, entity: str, nouns: Iterable[str]) -> Iterator[tuple[str, str]]:
    known = set(nouns)
    for word in _NOUN.finditer(given.casefold()):
        if word[0] in known:
            yield entity, f"{given[: word.start()]}{entity}{given[word.end() :]}"
            return


def _true_in_other_words(asked: Asked, given: str) -> str:
    """A true answer that does not read like the given one; the given one if there is none."""
    said = read_answer(given)
    candidates = [said.sentence(1), said.sentence(0)] if said else []
    others = [text for text in (*candidates, *asked.answers()) if normalise_text(text) != normalise_text(given)]
    return next((text for text in others if asked.truth(text)), given)


def _answers(asked: Asked, text: str) -> bool:
    """Whether a sentence is about the things that the question names."""
    said = read_answer(text)
    if said is None or asked.said is None or not asked.said.a:
        return True
    things = {thing.casefold() for thing in (said.a, said.b)}
    return things == {asked.said.a.casefold(), asked.said.b.casefold()}


def _first_false(asked: Asked, given: str, candidates: Iterable[str]) -> str:
    """The first that is false; if none is known to be, the first that may be, and is not the given one."""
    others = [text for text in candidates if normalise_text(text) != normalise_text(given)]
    truths = {text: asked.truth(text) for text in others}
    return min(others, key=lambda text: _RANKS[truths[text]], default=UNKNOWN)


_RANKS = {False: 0, None: 1, True: 2}


def _by_lot(texts: Iterable[str], seed: int, asked: Asked) -> list[str]:
    return sorted(texts, key=lambda text: share_of(seed, "answer", asked.view.clip.name, asked.text, text))


def _opposite(said: Statement, _view: View) -> Iterator[Statement]:
    if (opposite := said.opposite()) is not None:
        yield opposite


def _other_values(said: Statement, view: View) -> Iterator[Statement]:
    if said.v:
        yield from (replace(said, v=value) for value in values_of(said.form, view) if value != said.v)


def _with_other_things(said: Statement, view: View) -> Iterator[Statement]:
    """The same of other things of the video, or other things that happen in it."""
    if said.form in (ORDER, WHILE, DOES):
        yield from (replace(said, a=event.phrase) for event in view.clip.events if event.phrase != said.b)
    elif said.a:
        others = (phrase for phrase in phrases_of(view.clip.things) if phrase.casefold() != said.b.casefold())
        yield from (replace(said, a=phrase) for phrase in others)


def _other_side(said: Statement, _view: View) -> Iterator[Statement]:
    """Where the thing is in the other direction: above or below for left or right."""
    other = {SIDE: HEIGHT, HEIGHT: SIDE}.get(said.form)
    if other is not None:
        yield from (Statement(other, said.a, said.b, v=value) for value in other.all_values)


def _other_order(said: Statement, _view: View) -> Iterator[Statement]:
    if said.form is ORDER:
        yield replace(said, a=said.b, b=said.a)


def _together(said: Statement, _view: View) -> Iterator[Statement]:
    if said.form is ORDER:
        yield Statement(WHILE, said.a, said.b)


def _other_deed(said: Statement, view: View) -> Iterator[Statement]:
    contrary = contrary_deed(said.a) if said.form is DOES else None
    if contrary is not None:
        yield replace(said, a=contrary)
    yield from _opposite(said, view)
    if said.form in (DOES, ORDER):
        yield from _with_other_things(said, view)


def _unchanged(said: Statement, _view: View) -> Iterator[Statement]:
    if said.form in UNCHANGED:
        yield Statement(UNCHANGED[said.form], said.a)


_ERRORS: Mapping[str, Callable[[Statement, View], Iterator[Statement]]] = {
    "wrong side": _opposite,
    "wrong thing": _with_other_things,
    "hidden thing seen": _other_side,
    "wrong order": _other_order,
    "at the same time": _together,
    "wrong deed": _other_deed,
    "one taken for two": _with_other_things,
    "moved thing stays": _unchanged,
    "change turned round": _opposite,
}


def nouns_of(clips: Iterable[KnownClip]) -> frozenset[str]:
    """All nouns of things of some videos."""
    return frozenset(noun for clip in clips for noun in clip.nouns)
