"""Nouns: their synonyms, the wider and narrower ones, plurals and articles; from nouns.yaml beside this file."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Self

import yaml
from pydantic import model_validator

from schemas.colour import ColourName
from schemas.record import Record

_AFTER_NOUN = re.compile(
    r"\b(in|on|at|of|with|under|over|behind|before|beside|below|above|by|from|near|to|who|that|which|seen|held|and)\b"
)
_VOWELS = "aeiou"
_HISSING = ("s", "x", "z", "ch", "sh")


class Noun(Record):
    """What the file says of one noun."""

    also: tuple[str, ...] = ()
    """Other words for the same things: "sofa" for a couch."""
    wider: tuple[str, ...] = ()
    """Nouns of which each such thing is one too: "animal" for a dog."""
    near: tuple[str, ...] = ()
    """Nouns that somebody might use for such a thing, or the other way round: "wolf" for a dog."""
    part: tuple[str, ...] = ()
    """Nouns of which each such thing is a part: "person" for a hand. Where one is seen, the other may be there too."""
    plural: str | None = None
    """The plural, where it is not regular."""
    bare: bool = False
    """True if it takes no "a" ("grass", "scissors"): then its things are not counted."""
    vague: bool = False
    """True if the word fits quite different things: a player is a person or plays music. By itself it names nothing."""
    colours: tuple[ColourName, ...] = ()
    """The colours that nearly all such things have: nobody needs to see the grass to call it green."""
    field: str = ""
    """The heading under which it stands, such as "kitchen"."""


class Nouns(Record):
    """All listed nouns. A word is a noun, or one of its synonyms."""

    listed: Mapping[str, Noun]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        words = [word for name, noun in self.listed.items() for word in (name, *noun.also)]
        if twice := {word for word in words if words.count(word) > 1}:
            raise ValueError(f"{min(twice)!r} is listed twice")
        named = {other for noun in self.listed.values() for other in (*noun.wider, *noun.near, *noun.part)}
        if unknown := named - self.listed.keys():
            raise ValueError(f"{min(unknown)!r} is named as wider, near or part, but not listed")
        return self

    def wider(self, name: str) -> frozenset[str]:
        """The nouns of which each such thing is one too, without itself; they may be wider by several steps."""
        above = set(self.listed[name].wider)
        return frozenset(above.union(*(self.wider(noun) for noun in above)))

    def narrower(self, name: str) -> frozenset[str]:
        """The nouns whose things are all of this noun too, without itself."""
        return frozenset(noun for noun in self.listed if name in self.wider(noun))

    def words(self, names: Iterable[str]) -> frozenset[str]:
        """The nouns with their synonyms."""
        return frozenset(word for name in names for word in (name, *self.listed[name].also))


@cache
def _nouns() -> Nouns:
    fields = yaml.safe_load(files("stages.claims").joinpath("nouns.yaml").read_text(encoding="utf-8"))
    by_field = {field: set(nouns) for field, nouns in fields.items()}
    if twice := {noun for a, b in combinations(by_field.values(), 2) for noun in a & b}:
        raise ValueError(f"{min(twice)!r} is listed twice")
    return Nouns(
        listed={
            name: Noun(**{**record, "field": field})
            for field, nouns in fields.items()
            for name, record in nouns.items()
        }
    )


@cache
def _by_word() -> Mapping[str, str]:
    """The noun that each word or plural stands for."""
    nouns = _nouns().listed
    plurals = {plural(name): name for name in nouns}
    return plurals | {word: name for name, noun in nouns.items() for word in (name, *noun.also)}


def noun_of(word: str) -> str | None:
    """The listed noun that a word, a synonym or a plural stands for; None if there is none."""
    return _by_word().get(word)


def head_of(phrase: str) -> str:
    """A phrase, in lower case, up to its noun: "the grey dog" of "the grey dog by the door"."""
    return _AFTER_NOUN.split(phrase.casefold(), maxsplit=1)[0].strip()


def singular(word: str) -> str:
    """A noun that is given in the plural as one thing is called: "flower" for "flowers"; any other word as it is."""
    name = noun_of(word)
    return name if name is not None and word == plural(name) else word


@lru_cache(maxsize=4096)
def is_one(word: str, noun: str) -> bool:
    """Whether everything called by the word is of that noun too: the word itself, a synonym or a narrower one."""
    return word in words_for(noun)


@lru_cache(maxsize=4096)
def words_for(noun: str) -> frozenset[str]:
    """All words whose things are of that noun: its synonyms and narrower nouns. An unlisted noun has but itself."""
    name = noun_of(noun)
    return frozenset({noun}) if name is None else _nouns().words({name} | _nouns().narrower(name)) | {noun}


@lru_cache(maxsize=4096)
def words_about(noun: str) -> frozenset[str]:
    """All words under which a thing of that noun may have been found: `words_for`, and wider nouns.

    None of them may be in view where it is said that no such thing is.
    """
    name = noun_of(noun)
    return words_for(noun) if name is None else words_for(noun) | _nouns().words(_nouns().wider(name))


@lru_cache(maxsize=4096)
def words_near(noun: str) -> frozenset[str]:
    """Further words for what somebody might call so, what is a part of one, and what it is a part of."""
    name = noun_of(noun)
    if name is None:
        return frozenset()
    nouns = _nouns()
    own = {name} | nouns.narrower(name)
    near = {other for one in own for other in nouns.listed[one].near}
    near |= {other for other, record in nouns.listed.items() if own & set(record.near)}
    near |= {below for one in near for below in nouns.narrower(one)}
    return (nouns.words(near) | words_for_parts(noun) | words_for_wholes(noun)) - words_about(noun)


@lru_cache(maxsize=4096)
def words_for_parts(noun: str) -> frozenset[str]:
    """The words for parts of such a thing: of a woman those of a person."""
    name = noun_of(noun)
    if name is None:
        return frozenset()
    nouns = _nouns()
    wholes = {name} | nouns.wider(name) | nouns.narrower(name)
    parts = {part for part, record in nouns.listed.items() if wholes & set(record.part)}
    deeper = (words_for_parts(part) for part in parts)
    return nouns.words(parts.union(*(nouns.narrower(part) for part in parts))).union(*deeper)


@lru_cache(maxsize=4096)
def words_for_wholes(noun: str) -> frozenset[str]:
    """The words for what such a thing is a part of: of a hand those for persons."""
    name = noun_of(noun)
    if name is None:
        return frozenset()
    nouns = _nouns()
    wholes = {whole for one in {name} | nouns.wider(name) for whole in nouns.listed[one].part}
    above = (words_for_wholes(whole) for whole in wholes)
    return nouns.words(wholes.union(*(nouns.narrower(whole) for whole in wholes))).union(*above)


def to_search(nouns: Iterable[str]) -> tuple[str, ...]:
    """All that a detector has to look for, so that each of the nouns can be found absent; in order of name."""
    return tuple(sorted({word for noun in nouns for word in words_about(noun)}))


def lives(noun: str | None) -> bool:
    """Whether it is a noun of people or animals."""
    return noun is not None and (is_one(noun, "person") or is_one(noun, "animal"))


def is_counted(noun: str) -> bool:
    """Whether things of that noun can be counted; false for "grass", and for unlisted nouns."""
    name = noun_of(noun)
    return name is not None and not _nouns().listed[name].bare


def is_vague(noun: str) -> bool:
    """Whether the word fits quite different things, so that "a player" may be a person or a machine."""
    name = noun_of(noun)
    return name is not None and _nouns().listed[name].vague


def usual_colours(noun: str) -> frozenset[ColourName]:
    """The colours that nearly all such things have; none if they come in many, or if the noun is not listed."""
    name, nouns = noun_of(noun), _nouns()
    if name is None:
        return frozenset()
    return frozenset(colour for one in {name} | nouns.wider(name) for colour in nouns.listed[one].colours)


def field_of(noun: str) -> str | None:
    """Where such things belong, such as "kitchen"; None if the noun is not listed."""
    name = noun_of(noun)
    return None if name is None else _nouns().listed[name].field


def with_article(noun: str) -> str:
    """The noun as one thing is called: "a dog", "an apple", "grass"."""
    name = noun_of(noun)
    if name is not None and _nouns().listed[name].bare:
        return noun
    return f"{'an' if noun[:1] in _VOWELS else 'a'} {noun}"


def plural(noun: str) -> str:
    """The noun as several things are called: "dogs", "people", "grass"."""
    listed = _nouns().listed.get(noun)
    if listed is not None and (listed.plural or listed.bare):
        return listed.plural or noun
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(_HISSING) else f"{noun}s"
