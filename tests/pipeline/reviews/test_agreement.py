"""How far people agree with a set, and with each other."""

import pytest

from pipeline.reviews.agreement import agreement
from schemas.human_verdict import HumanVerdict, Judgement

RIGHT, DOUBTFUL, WRONG = Judgement
GROUNDS = {"a": "proven", "b": "proven", "c": "judged", "d": "judged"}


def said(reviewer: str, **judged: Judgement) -> list[HumanVerdict]:
    """Verdicts by pair."""
    return [
        HumanVerdict(pair_id=p, texts_sha256="h", reviewer=reviewer, judgement=j, is_worth=j is RIGHT, judged_at="t")
        for p, j in judged.items()
    ]


def test_counts_are_by_what_labels_rest_on_and_by_reviewer() -> None:
    """Four verdicts: both proven pairs right, of the judged ones one doubtful and one wrong."""
    found = {c.part: c for c in agreement(said("ann", a=RIGHT, b=RIGHT, c=DOUBTFUL, d=WRONG), GROUNDS).counts}
    assert found.keys() == {"all", "proven", "judged", "ann"}
    assert (found["all"].right, found["all"].doubtful, found["all"].wrong) == (2, 1, 1)
    assert (found["proven"].share_right, found["judged"].share_right) == (1.0, 0.0)
    assert (found["all"].worth, found["all"].not_worth) == (2, 2)


def test_the_interval_is_wilsons() -> None:
    """Of 2 in 4 it is centred on one half: (p + z^2/2n +- z sqrt(p q/n + z^2/4n^2)) / (1 + z^2/n), z = 1.96, n = 4.

    z^2/n = 0.9604; the half width is 1.96 sqrt(0.0625 + 0.0600) / 1.9604 = 0.35.
    """
    [count, *_] = agreement(said("ann", a=RIGHT, b=RIGHT, c=WRONG, d=WRONG), GROUNDS).counts
    assert (count.low, count.high) == pytest.approx((0.15, 0.85), abs=0.002)


def test_kappa_takes_out_what_chance_would_give() -> None:
    """Ann says right, right, wrong, wrong, Bob right, right, right, wrong: 3 of 4 are the same.

    By chance 2/4 * 3/4 + 2/4 * 1/4 = 1/2 would be, so kappa is (3/4 - 1/2) / (1 - 1/2) = 1/2.
    """
    verdicts = said("ann", a=RIGHT, b=RIGHT, c=WRONG, d=WRONG) + said("bob", a=RIGHT, b=RIGHT, c=RIGHT, d=WRONG)
    [two] = agreement(verdicts, GROUNDS).between
    assert (two.first, two.second, two.pairs, two.same, two.kappa) == ("ann", "bob", 4, 3, 0.5)


def test_without_judgements_there_is_nothing_to_count() -> None:
    """No part, and no two reviewers."""
    found = agreement([], GROUNDS)
    assert (found.counts, found.between) == ((), ())
