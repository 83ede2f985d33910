"""Templates: what is filled, and what is refused."""

import pytest

from prompts.template import Template, gaps_of_all


def test_fills_every_gap_and_opens_sentences_with_a_capital() -> None:
    """Each gap takes its filling, and each sentence begins with a capital letter."""
    template = Template(text="{who} comes in. {who} leaves from {where}.")
    assert (
        template.fill(who="the red thing", where="there") == "The red thing comes in. The red thing leaves from there."
    )


@pytest.mark.parametrize("fillings", [{}, {"who": "x", "where": "y"}], ids=["missing", "unused"])
def test_refuses_a_missing_and_an_unused_filling(fillings: dict[str, str]) -> None:
    """A gap without a filling, and a filling without a gap, are errors that name both sides."""
    with pytest.raises(ValueError, match=r"missing .* unused"):
        Template(text="{who} comes in.").fill(**fillings)


@pytest.mark.parametrize("text", ["{} comes.", "{who!r} comes.", "{who:>3} comes.", "{0} comes."])
def test_refuses_a_gap_that_is_more_than_a_name(text: str) -> None:
    """A position, a conversion or a format is not the name of a gap."""
    with pytest.raises(ValueError, match="plain"):
        _ = Template(text=text).gaps


def test_digest_follows_the_text_alone() -> None:
    """Equal texts have equal digests of 16 hex digits, others do not."""
    first, again, other = (Template(text=text).digest for text in ("A {b}.", "A {b}.", "A {c}."))
    assert first == again != other
    assert len(first) == 16
    assert int(first, 16) >= 0


def test_wordings_of_one_use_must_share_their_gaps() -> None:
    """Wordings with different gaps cannot replace each other."""
    assert gaps_of_all([Template(text="{a} b."), Template(text="c {a}.")]) == {"a"}
    with pytest.raises(ValueError, match="same gaps"):
        gaps_of_all([Template(text="{a} b."), Template(text="{b} c.")])
