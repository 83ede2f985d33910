"""Nouns: synonyms, wider and narrower ones, plurals, articles."""

import pytest
from pydantic import ValidationError

from pipeline.demo.world.world import Shape
from schemas.colour import ColourName
from stages.claims.nouns import (
    Noun,
    Nouns,
    _nouns,
    field_of,
    is_counted,
    is_one,
    is_vague,
    lives,
    noun_of,
    plural,
    singular,
    to_search,
    usual_colours,
    with_article,
    words_about,
    words_for,
    words_for_parts,
    words_for_wholes,
    words_near,
)


def test_a_narrower_noun_is_one_and_a_wider_one_need_not_be() -> None:
    """A puppy is a dog and an animal, by two steps; an animal may be a dog; a couch is a sofa, in both directions."""
    assert is_one("puppy", "dog")
    assert is_one("puppy", "animal")
    assert not is_one("animal", "dog")
    assert is_one("sofa", "couch")
    assert is_one("couch", "sofa")


def test_absence_is_about_synonyms_and_wider_and_narrower_nouns() -> None:
    """A dog may have been found as a hound, a puppy or an animal, and not as a cat; it may be taken for a wolf."""
    assert {"dog", "hound", "puppy", "animal"} <= words_about("dog")
    assert "cat" not in words_about("dog")
    assert "wolf" in words_near("dog")
    assert "dog" in words_near("wolf")
    assert not words_near("dog") & words_about("dog")


def test_parts_and_wholes_are_near_each_other() -> None:
    """A hand is a part of a woman, since she is a person; a finger of a hand, and so of a person."""
    assert {"hand", "finger"} <= words_for_parts("woman")
    assert {"hand", "person", "woman"} <= words_for_wholes("finger")
    assert "hand" in words_near("person")
    assert "woman" in words_near("hand")
    assert not words_for_parts("zeppelin") | words_for_wholes("zeppelin")


def test_a_noun_says_what_it_mostly_looks_like_and_where_it_belongs() -> None:
    """A puppy is in the field of its file, jeans are blue; what comes in many colours, or is not listed, has none."""
    assert usual_colours("jeans") == {ColourName.BLUE}
    assert usual_colours("balloon") == usual_colours("zeppelin") == frozenset()
    assert usual_colours("palm tree") == {ColourName.GREEN}  # as every tree
    assert (field_of("puppy"), field_of("zeppelin")) == ("animals", None)


def test_a_word_for_quite_different_things_names_none() -> None:
    """A player plays a game, or music; a drummer is a person."""
    assert is_vague("player")
    assert not is_one("player", "person")
    assert not is_vague("drummer")
    assert not is_vague("zeppelin")


def test_an_unlisted_noun_has_no_relations() -> None:
    """It is searched for as itself, and is not counted."""
    assert noun_of("zeppelin") is None
    assert words_for("zeppelin") == words_about("zeppelin") == {"zeppelin"}
    assert not words_near("zeppelin")
    assert not is_counted("zeppelin")


def test_what_is_searched_is_all_that_absence_needs() -> None:
    """In order of name, and once each."""
    words = to_search(["dog", "animal", "kite"])
    assert list(words) == sorted(set(words))
    assert words_about("dog") | words_about("kite") <= set(words)


@pytest.mark.parametrize(
    ("noun", "one", "several"),
    [
        ("dog", "a dog", "dogs"),
        ("apple", "an apple", "apples"),
        ("bus", "a bus", "buses"),
        ("box", "a box", "boxes"),
        ("ferry", "a ferry", "ferries"),
        ("boy", "a boy", "boys"),
        ("person", "a person", "people"),
        ("knife", "a knife", "knives"),
        ("grass", "grass", "grass"),
        ("scissors", "scissors", "scissors"),
        ("zeppelin", "a zeppelin", "zeppelins"),
    ],
)
def test_articles_and_plurals(noun: str, one: str, several: str) -> None:
    """As English has them; a regular plural needs no entry."""
    assert with_article(noun) == one
    assert plural(noun) == several


def test_a_plural_or_a_synonym_stands_for_its_noun() -> None:
    """So that labels in other words are understood."""
    assert [noun_of(word) for word in ("people", "dogs", "sofa", "dog")] == ["person", "dog", "couch", "dog"]
    assert noun_of("glasses") == "glasses"


def test_the_shapes_of_rendered_worlds_are_listed() -> None:
    """Each can be counted, and none is another."""
    assert all(is_counted(shape.value) for shape in Shape)
    assert not any(is_one(a.value, b.value) for a in Shape for b in Shape if a is not b)


def test_a_file_that_contradicts_itself_is_refused() -> None:
    """A word that stands for two nouns, and a wider noun that is not listed."""
    with pytest.raises(ValidationError, match="'sofa' is listed twice"):
        Nouns(listed={"couch": Noun(also=("sofa",)), "sofa": Noun()})
    with pytest.raises(ValidationError, match="'animal' is named"):
        Nouns(listed={"dog": Noun(wider=("animal",))})


def test_the_file_holds_some_hundreds_of_nouns_in_lower_case() -> None:
    """No noun is wider than itself: `wider` would not end."""
    listed = _nouns().listed
    assert len(listed) > 400
    assert all(word == word.lower() for name, noun in listed.items() for word in (name, *noun.also))
    assert not any(name in _nouns().wider(name) for name in listed)


@pytest.mark.parametrize(
    ("word", "one"),
    [("flowers", "flower"), ("people", "person"), ("glasses", "glasses"), ("dog", "dog"), ("zorgs", "zorgs")],
)
def test_a_plural_has_a_singular(word: str, one: str) -> None:
    """What is listed in the plural alone, and what is not listed, stays as it is."""
    assert singular(word) == one


def test_people_and_animals_live() -> None:
    """A puppy is a dog and so an animal; a ball and what is not listed do not live."""
    assert [noun for noun in ("woman", "puppy", "ball", "gizmo", None) if lives(noun)] == ["woman", "puppy"]
