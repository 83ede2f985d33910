"""Where two answers differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.template import Template
from schemas.group import CandidateAnswer
from schemas.pair import normalise_text
from schemas.text_span import outside
from stages.wording.differing import differing_spans


def plain(text: str) -> CandidateAnswer:
    """An answer whose parts nobody knows."""
    return CandidateAnswer(text=text, rejected_kind=None, model="test")


def filled(template: str, **fillings: str) -> CandidateAnswer:
    """An answer that a writer has made of a template."""
    text, parts = Template(text=template).filled(**fillings)
    return CandidateAnswer(text=text, parts=parts, rejected_kind=None, model="test")


def words(one: CandidateAnswer, other: CandidateAnswer) -> tuple[list[str], list[str]]:
    """The words in the spans of two answers."""
    spans, others = differing_spans(one, other)
    return [span.of(one.text) for span in spans], [span.of(other.text) for span in others]


SAYS = "{thing} {does}."


@pytest.mark.parametrize(
    ("does", "other", "expected"),
    [
        ("moves mainly left", "moves mainly right", (["left"], ["right"])),
        ("moves mainly left", "stays in place", (["moves mainly left"], ["stays in place"])),
        ("goes left", "goes left and right", (["left"], ["left and right"])),
        ("is here first", "is there first", (["here"], ["there"])),
    ],
)
def test_parts_that_a_writer_filled_in_differ_in_their_own_words(
    does: str, other: str, expected: tuple[list[str], list[str]]
) -> None:
    """Words with which both parts begin or end are left out, but some of each part stay."""
    assert words(filled(SAYS, thing="it", does=does), filled(SAYS, thing="it", does=other)) == expected


def test_each_part_that_differs_is_a_span_however_much_of_the_text_it_is() -> None:
    """The thing and what it does: two spans on either side, though nearly all of the text differs."""
    one, other = filled(SAYS, thing="the red ball", does="goes"), filled(SAYS, thing="the blue ball", does="stays")
    assert words(one, other) == (["red", "goes"], ["blue", "stays"])


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("The man sits on a bench.", "The man sits on a chair.", (["bench"], ["chair"])),
        ("The man sits on a bench.", "The man sits on a red bench.", (["a"], ["a red"])),
        ("The man sits on a bench.", "Yes, the man sits on a bench.", (["The"], ["Yes, the"])),
        ("He sits.", "He runs off.", (["He sits."], ["He runs off."])),
        ("B c d e f g.", "X b, y c d e f g.", (["B"], ["X b, y"])),
    ],
    ids=["word", "more", "before", "rewritten", "one word between"],
)
def test_other_texts_differ_word_by_word(text: str, other: str, expected: tuple[list[str], list[str]]) -> None:
    """An added word takes a neighbour along, so that either side has one; more than half changed is all changed."""
    assert words(plain(text), plain(other)) == expected
    assert words(plain(other), plain(text)) == expected[::-1]


def test_parts_of_other_wordings_are_not_compared() -> None:
    """Both have two parts, but the words around them differ: the whole texts are compared."""
    one, other = filled("{a} is {b}.", a="it", b="red"), filled("{a} has become {b}.", a="it", b="blue")
    assert words(one, other) == (["It is red."], ["It has become blue."])


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1), st.lists(st.sampled_from("abcd"), min_size=1))
def test_outside_of_the_spans_two_answers_say_the_same(one: list[str], other: list[str]) -> None:
    """Whatever the texts: spans lie in order, hold something, and leave equal words."""
    said, told = plain(" ".join(one) + "."), plain(" ".join(other) + ".")
    if one == other:
        return
    spans, others = differing_spans(said, told)
    assert spans
    assert others
    assert normalise_text(outside(said.text, spans)) == normalise_text(outside(told.text, others))
