"""One pair is shown with all that a person needs to judge it."""

import io

import pytest
from rich.console import Console

from pipeline.inspection.pair_view import pair_view
from schemas.pair import Pair
from schemas.shown import EditKind, Shown
from tests.finished import Whole
from tests.scenes import span


def shown(whole: Whole, pair: Pair, width: int = 200) -> str:
    """The pair as text."""
    console = Console(file=io.StringIO(), record=True, width=width)
    console.print(pair_view(pair, next(clip for clip in whole.clips if clip.clip_id == pair.clip_id)))
    return console.export_text()


@pytest.fixture
def pair(whole: Whole) -> Pair:
    """A pair of the set."""
    [first, *_] = whole.finalised.videos[0].pairs()
    return first


def test_texts_claims_and_evidence_are_there(whole: Whole, pair: Pair) -> None:
    """Question, answers, both verdicts, tracks, and the frames of the evidence with their times."""
    text = shown(whole, pair)
    parts = (pair.question, pair.chosen, pair.rejected, "true by", "false by", "[t", "frames 2 to 3 (3.12 to 4.38 s)")
    assert [part for part in parts if part not in text] == []


def test_visual_negatives_are_listed_with_what_they_name(whole: Whole, pair: Pair) -> None:
    """Level, kind, the clip that is borrowed; and that the clip is mirrored before anyone sees it."""
    other = next(clip.clip_id for clip in whole.clips if clip.clip_id != pair.clip_id)
    negatives = [
        {"level": "instance", "kind": "black"},
        {"level": "instance", "kind": "other_video", "other_clip_id": other},
    ]
    text = shown(whole, Pair.model_validate(pair.model_dump() | {"visual_negatives": negatives}))
    assert "instance: black" in text
    assert other in text
    assert "shown mirrored" not in text
    assert "shown mirrored" in shown(
        whole, pair.model_copy(update={"shown": Shown.whole(EditKind.MIRRORED, span(0, 10))})
    )


def test_of_several_clauses_it_says_which_are_changed_and_how_hard_that_is_to_see(whole: Whole, pair: Pair) -> None:
    """The first clause is the same in both answers, the second is another one."""
    [first], [second] = pair.chosen_claims, pair.rejected_claims
    told = pair.model_copy(
        update={"chosen_claims": (first, first), "rejected_claims": (first, second), "difficulty": 0.25}
    )
    text = shown(whole, told)
    assert "as in chosen" in text
    assert "changed by" in text
    assert "0.25 (0 is easiest to see)" in text
    assert "not measured" in shown(whole, pair.model_copy(update={"difficulty": None}))


def test_brackets_are_not_markup(whole: Whole, pair: Pair) -> None:
    """A text with brackets is shown as it is."""
    question = "Is the [bold]thing[/bold] there?"
    assert question in shown(whole, pair.model_copy(update={"question": question}))


def test_it_fits_a_terminal_of_80_columns(whole: Whole, pair: Pair) -> None:
    """No line is longer, and no word of the question is lost by folding."""
    lines = shown(whole, pair, width=80).splitlines()
    assert max(len(line) for line in lines) <= 80
    words = " ".join(line.strip("│ ") for line in lines)
    assert pair.chosen in words
