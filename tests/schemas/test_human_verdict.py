"""What a person says of a pair."""

import pytest

from schemas.human_verdict import HumanVerdict, Judgement, texts_hash

SAID = HumanVerdict(pair_id="a-0", texts_sha256="00", reviewer="ann", judged_at="2026-11-30T00:00:00Z")


@pytest.mark.parametrize(
    ("change", "objects"),
    [
        ({}, False),
        ({"judgement": Judgement.RIGHT, "is_worth": True}, False),
        ({"judgement": Judgement.RIGHT, "is_worth": False}, True),
        ({"judgement": Judgement.DOUBTFUL}, True),
        ({"judgement": Judgement.WRONG}, True),
        ({"note": "odd", "picked_chosen": False}, False),
    ],
)
def test_doubt_and_what_is_not_worth_it_are_objections(change: dict[str, object], objects: bool) -> None:
    """A note or a wrong pick alone is none; only a verdict without anything says nothing."""
    verdict = SAID.model_copy(update=change)
    assert verdict.objects is objects
    assert verdict.says_nothing is not bool(change)


def test_the_hash_is_of_each_text_in_its_place() -> None:
    """Moving a word from one text to the next is another hash."""
    assert texts_hash("a", "b", "c") == texts_hash("a", "b", "c")
    assert len({texts_hash("a", "b", "c"), texts_hash("ab", "", "c"), texts_hash("a", "c", "b")}) == 3
