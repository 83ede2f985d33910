"""Habits that are counted: lengths, denial, what answers share, and where they differ. Covers pairs and habits."""

import io

import pytest
from rich.console import Console

from pipeline.audit.habit_tables import habit_tables
from pipeline.audit.habits import echo_bias, likeness_bias, negation_bias, part_habits
from pipeline.audit.measure import audit
from pipeline.audit.pairs import pair_texts
from pipeline.blind_readers.groups import BlindGroup
from schemas.claim import Axis
from schemas.pair import RejectedKind
from stages.seeding import rng_for

RELEVANT, IRRELEVANT = RejectedKind.RELEVANT, RejectedKind.IRRELEVANT
RNG = rng_for(0, "tests", "habits")


def group(number: int, question: str, *texts: str, kinds: tuple[RejectedKind | None, ...] | None = None) -> BlindGroup:
    """A group of one clip."""
    kinds = kinds or (RELEVANT,) * (len(texts) - 1)
    return BlindGroup(str(number), f"v{number % 3}", "clip none", Axis.SPATIAL, question, texts, kinds)


def test_length_and_negation_are_counted_over_pairs() -> None:
    """Chosen is longer in one pair of two, and denies in one of two; ties count one half."""
    pairs = pair_texts(
        [group(0, "?", "It is red.", "It is."), group(1, "?", "It is not red.", "It is not anything red.")]
    )
    [whole] = part_habits(pairs, RNG)
    negation = negation_bias(pairs, RNG)
    assert (whole.part, whole.pairs, whole.length.chosen_more) == ("all", 2, 0.5)
    assert (whole.length.chosen_mean, whole.length.rejected_mean) == (12.0, 14.5)
    assert negation.chosen_more == 0.5
    assert (negation.chosen_mean, negation.rejected_mean) == (0.5, 0.5)


def test_each_kind_and_each_writer_is_a_part() -> None:
    """Two kinds and two writers are four parts beside the whole; what is not known is in no part of its own."""
    known = group(0, "?", "Red.", "Blue.", "Green.", kinds=(RELEVANT, IRRELEVANT))
    written = BlindGroup("1", "v", "c", None, "?", ("Up.", "Down.", "Left."), (RELEVANT, None), writers=("one", "two"))
    parts = {part.part: part.pairs for part in part_habits(pair_texts([known, written]), RNG)}
    assert parts == {"all": 4, "relevant": 2, "irrelevant": 1, "one": 1, "two": 1}
    assert [part.part for part in part_habits(pair_texts([group(0, "?", "Red.", "Blue.")]), RNG)] == ["all"]


@pytest.mark.parametrize(
    ("chosen", "rejected", "share", "third"),
    [
        ("The red car is left.", "The red car is right.", 1 / 5, "end"),
        ("Red is the car.", "Blue is the car.", 1 / 4, "start"),
        ("The red one.", "The very red one.", 0.0, "middle"),
        ("It is a big old dog here.", "It is a cat here.", 3 / 7, "middle"),
        ("No.", "Yes, it is.", 1.0, "middle"),
    ],
)
def test_a_difference_reaches_from_the_first_word_to_the_last_that_is_not_the_same(
    chosen: str, rejected: str, share: float, third: str
) -> None:
    """Its share of the words of the chosen answer, and the third that its middle lies in."""
    [whole] = part_habits(pair_texts([group(0, "?", chosen, rejected)]), RNG)
    assert whole.difference.share == pytest.approx(share, abs=1e-4)
    found = {name: getattr(whole.difference, name) for name in ("start", "middle", "end")}
    assert found == {name: float(name == third) for name in found}


def test_words_of_the_question_and_of_the_other_answers_are_counted() -> None:
    """The chosen answer has "car" and "red" of the question, a rejected one neither: 2 to 0. Of two answers each is
    as like the other as the other is; of three, the one in the middle is most like the rest.
    """
    asked = group(0, "Is the car red?", "A red car.", "A blue bus.", "A red bus.")
    pairs = pair_texts([asked])
    assert echo_bias(pairs, RNG).chosen_mean == 2
    assert echo_bias(pairs, RNG).rejected_mean == 0.5
    assert likeness_bias([asked], pairs, RNG).chosen_more == pytest.approx(0.25)
    two = group(1, "?", "A red car.", "A blue bus.")
    assert likeness_bias([two], pair_texts([two]), RNG).chosen_more == 0.5


def test_what_models_wrote_is_no_markup_on_a_terminal() -> None:
    """A question in brackets is printed as it is, and one of a million characters by its beginning."""
    texts = ("[red]Red[/red].", "[/nothing]Blue.")
    groups = [group(number, "x" * 1_000_000, *texts) for number in range(3)]
    console = Console(file=io.StringIO(), record=True, width=300)
    console.print(*habit_tables(audit(groups)))
    text = console.export_text()
    assert "[red]Red[/red]." in text
    assert "x" * 200 in text.replace("\n", "")
    assert len(text) < 20_000
