"""The data set card: what it counts, and what Hugging Face reads of it."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from pipeline.dataset.card import data_card, size_category
from pipeline.dataset.finished_set import FinishedSet
from tests.finished import write_set
from tests.planted_sets import planted_set


def test_the_card_starts_with_what_hugging_face_reads(tmp_path: Path) -> None:
    """A YAML block with one configuration per table, pairs first as the default, and the size category."""
    whole = write_set(tmp_path / "ds")
    _, block, text = data_card(FinishedSet.open(str(whole.path))).split("---\n", 2)
    told = yaml.safe_load(block)
    assert [config["config_name"] for config in told["configs"]] == ["pairs", "clips", "drops"]
    assert [config.get("default", False) for config in told["configs"]] == [True, False, False]
    assert told["configs"][1]["data_files"] == "clips/*.parquet"
    assert told["size_categories"] == ["n<1K"]
    assert text.lstrip().startswith("# Video preference pairs")


def test_a_recipe_of_any_name_leaves_the_card_readable(tmp_path: Path) -> None:
    """A colon, quotes and a line break in the file name of a recipe neither end the YAML block nor the line."""
    opened = FinishedSet.open(str(write_set(tmp_path / "ds", videos=1).path))
    named = opened.manifest.model_copy(update={"recipe_name": 'my: "new"\n---\nrecipe'})
    _, block, text = data_card(FinishedSet(opened.location, named)).split("---\n", 2)
    assert yaml.safe_load(block)["pretty_name"] == r'Video preference pairs (my: "new"\n---\nrecipe)'
    assert r'Recipe `my: "new"\n---\nrecipe`, seed' in text


def test_the_section_of_the_audit_is_put_in_as_it_is(tmp_path: Path) -> None:
    """The card without it and with it differ in nothing else."""
    opened = FinishedSet.open(str(write_set(tmp_path / "ds").path))
    section = "## The audit\n\nPassed.\n\n"
    assert data_card(opened, section).replace(section, "") == data_card(opened)
    assert section in data_card(opened, section)


def test_the_card_counts_the_pairs(tmp_path: Path) -> None:
    """Every count of it adds up to the set's pairs, the commonest first."""
    whole = write_set(tmp_path / "ds")
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    card = data_card(FinishedSet.open(str(whole.path)))
    for name, column in (("axis", "axis"), ("kind of rejection", "rejected_kind"), ("split", "split")):
        found = Counter(str(getattr(pair, column)).replace("_", " ") for pair in pairs)
        [line] = [line for line in card.splitlines() if line.startswith(f"| {name} |")]
        told = [entry.rsplit(" ", 1) for entry in line.split("|")[2].strip().split(", ")]
        assert {value: int(count) for value, count in told} == found
        assert [int(count) for _, count in told] == sorted(found.values(), reverse=True)


@pytest.mark.parametrize(
    ("rows", "category"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1_000, "1K<n<10K"),
        (999_999, "100K<n<1M"),
        (1_000_000, "1M<n<10M"),
        (99_999_999, "10M<n<100M"),
        (2_000_000_000_000, "n>1T"),
    ],
)
def test_a_size_is_one_of_hugging_faces(rows: int, category: str) -> None:
    """Its categories change at each power of ten from a thousand to a trillion."""
    assert size_category(rows) == category


def test_the_card_says_how_many_pairs_are_about_planted_edits(tmp_path: Path) -> None:
    """All pairs of this set are; a set without any does not speak of them."""
    opened, pairs = planted_set(tmp_path / "planted", 2)
    assert f"{len(pairs)} of the pairs (100 %) are about edits" in data_card(opened)
    assert "planted into" not in data_card(FinishedSet.open(str(write_set(tmp_path / "ds", videos=1).path)))
