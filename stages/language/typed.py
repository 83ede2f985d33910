"""What a model says that an answer asserts becomes a claim about the scene, if the answer's own words bear it out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.predicates import ClaimWords, claim_words
from schemas.claim import PREDICATES, Claim, Names, Predicate
from schemas.interval import Interval
from stages.claims.nouns import head_of, noun_of, singular
from stages.claims.phrases import sole
from stages.claims.scene_view import SceneView
from stages.language.besides import says_more, without_names
from stages.language.replies import StatedClaim
from stages.language.times_said import said_interval
from stages.wording.stretch import number_words

_NEGATED = re.compile(r"\b(not|no|never|none|neither|nor|without|nothing|nobody|cannot)\b|n['’]t\b", re.IGNORECASE)
_JOINED = re.compile(r"\b(and|but|while|which|who|then|or)\b|[;:]")
_NUMBERS = {number_words(number): str(number) for number in range(21)}
_NUMBER = re.compile(rf"\b(?:\d+|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b")


@dataclass(frozen=True)
class Asserted:
    """What an answer asserts."""

    claim: Claim
    """If it is false, the answer is."""
    is_all: bool
    """Whether the answer says nothing besides: then it is true if the claim is."""


def predicate_lines() -> tuple[str, ...]:
    """The predicates as the prompt lists them."""
    return tuple(words.says for words in claim_words().values())


def typed_claim(stated: StatedClaim, question: str, answer: str, view: SceneView, shown: Interval) -> Asserted | None:
    """The claim of an answer; None if no predicate was stated, or if it does not fit the words or the scene.

    The names must be in the texts word for word, the predicate's own words in the answer, and nothing else of its
    family. An answer that denies something, or says two things, has no claim, nor has a number with words that narrow
    what is counted.

    Args:
        stated: what the model says.
        question: the question.
        answer: the answer.
        view: the scene of the whole clip.
        shown: what is shown of the clip.
    """
    if stated.predicate not in set(Predicate) or Predicate(stated.predicate) not in claim_words():
        return None
    predicate, said = Predicate(stated.predicate), answer.casefold()
    words = claim_words()[predicate]
    names = [_phrase(name) for name in (stated.subject, stated.object)]
    rest = without_names(said, names)
    value = stated.value.casefold().strip() or None
    if _NEGATED.search(answer) or _JOINED.search(rest) or not _fits(predicate, value, rest, said):
        return None
    first, second = names
    if words.ordered:
        if not (first and second):
            return None
        turned = words.words_after is not None and re.search(words.words_after, rest) is not None
        if _PRONOUN.search(rest) or not _in_order(said, (second, first) if turned else (first, second)):
            return None
    interval = said_interval(without_names(question.casefold(), names), _own(rest, words), shown)
    shape = PREDICATES[predicate]
    if shape.intervals and interval is None:
        return None
    intervals = (interval,) * shape.intervals if interval else ()
    more = says_more(question.casefold(), said, names, words, value)
    if PREDICATES[predicate].names is Names.NOUN:
        kind, is_plain = _kind(second or first, view)
        first, second, more = "", kind, more or not is_plain
    claim = None if more and words.narrows else _claim(predicate, first, second, value, intervals, view)
    return None if claim is None else Asserted(claim, is_all=not more)


def _claim(
    predicate: Predicate, first: str, second: str, value: str | None, intervals: tuple[Interval, ...], view: SceneView
) -> Claim | None:
    shape = PREDICATES[predicate]
    fields: dict[str, object] = {"predicate": predicate, "intervals": intervals, "value": value}
    if shape.names is Names.NOUN:
        fields |= {"noun": second, "in_video": value != "0"}
    elif shape.names is Names.EVENTS:
        fields |= {"subject_phrases": (first,), "object_phrases": (second,) if second else ()}
    elif shape.names is Names.THINGS and shape.subjects:
        parts = (("subject", first), ("object", second))[: shape.subjects + shape.objects]
        for part, phrase in parts:
            thing = sole(phrase, view, intervals, seen_then=False) if phrase else None
            if thing is None:
                return None
            fields |= {f"{part}_tracks": (thing.tracks[0].track_id,), f"{part}_phrases": (phrase,)}
    try:
        return Claim.model_validate(fields)
    except ValueError:  # a value or a name that the predicate does not take
        return None


_PRONOUN = re.compile(r"\b(of|than|before|after) (it|them|him|her|this|that|these|those)\b")
_ARTICLE = re.compile(r"^(the|an?|any|some) ")


def _kind(name: str, view: SceneView) -> tuple[str, bool]:
    """The kind of thing that a name is of, and whether the name says no more: "shoe" and false for "a black shoe"."""
    whole = singular(_ARTICLE.sub("", name))
    if noun_of(whole) is not None or whole in view.nouns:
        return whole, True
    words = head_of(whole).split()
    return (singular(words[-1]), False) if words else (whole, True)


def _phrase(name: str) -> str:
    return " ".join(name.casefold().strip(" .,?!").split())


def _own(rest: str, words: ClaimWords) -> str:
    """What is left without the words that the predicate itself is known by, such as "before"."""
    for pattern in (*words.words.values(), *filter(None, [words.words_after])):
        rest = re.sub(pattern, " ", rest)
    return rest


def _fits(predicate: Predicate, value: str | None, rest: str, said: str) -> bool:
    """Whether the answer has the words of the predicate with that value, and of no other of its family."""
    words = claim_words()[predicate]
    if "*" in words.words:
        return value is not None and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", said) is not None
    if "#" in words.words:
        numbers = [_NUMBERS.get(number, number) for number in _NUMBER.findall(rest)]
        return numbers == [value] and re.search(words.words["#"], rest) is not None
    meant = [
        (other, key)
        for other, family in claim_words().items()
        if family.family == words.family
        for key, pattern in family.words.items()
        if re.search(pattern, rest)
    ]
    return meant == [(predicate, value or "")]


def _in_order(said: str, names: Sequence[str]) -> bool:
    """Whether the answer names the first before the second; one of them may be named by the question."""
    places = [said.find(name) for name in names]
    return max(places) >= 0 and (min(places) < 0 or places[0] < places[1])
