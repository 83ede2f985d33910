"""Margins become difficulties by their rank, and no quarter of difficulty is lost."""

from dataclasses import replace

import pytest

from pipeline.finalise.choose import choose
from pipeline.finalise.cuts import drop_to_balance
from pipeline.finalise.difficulty import QUARTERS, Difficulties, Kind, measured, quarter_of
from pipeline.finalise.kept import KeptQuestions
from pipeline.finalise.settings import SelectionConfig
from schemas.claim import Predicate
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.pair import RejectedKind
from tests.pipeline.finalise.options import option
from tests.scenes import claim
from tests.sets import camera_group

PANS: Kind = (Predicate.CAMERA_MOVES, "relevant", "none")
RESTS: Kind = (Predicate.STILL, "relevant", "none")


def test_the_smallest_margin_of_a_kind_is_hardest_and_ties_share_their_rank() -> None:
    """Of 1, 2, 2, 3 the ranks lie at 1/8, 1/2, 1/2 and 7/8: difficulty is 1 minus that, whatever the order."""
    found = Difficulties([(PANS, 2.0), (PANS, 3.0), (RESTS, 0.001), (PANS, 1.0), (PANS, 2.0)])
    assert [found.of([(PANS, margin)]) for margin in (1.0, 2.0, 3.0)] == [0.875, 0.5, 0.125]
    assert found.of([(RESTS, 0.001)]) == 0.5
    assert found.of([]) is None


def test_of_several_claims_the_easiest_tells_the_answers_apart() -> None:
    """One claim is the hardest of its kind, one the easiest: whoever sees the easy one knows."""
    found = Difficulties([(PANS, 1.0), (PANS, 9.0), (RESTS, 1.0), (RESTS, 2.0)])
    assert found.of([(PANS, 1.0), (RESTS, 2.0)]) == 0.25


@pytest.mark.parametrize(("difficulty", "quarter"), [(0.0, 0), (0.24, 0), (0.25, 1), (0.74, 2), (0.75, 3), (1.0, 3)])
def test_quarters_hold_their_lower_end_and_the_last_one_both(difficulty: float, quarter: int) -> None:
    """0.25 is in the second quarter, 1 in the last."""
    assert quarter_of(difficulty) == quarter


def group(*margins: float) -> CandidateGroup:
    """A camera group whose answers have these margins, the true one's first."""
    drawn = camera_group("v/a", 0)
    ordered = (drawn.chosen, *drawn.rejected)[: len(margins)]
    answers = tuple(
        answer.model_copy(update={"claims": (answer.claims[0].model_copy(update={"margin": margin}),)})
        for answer, margin in zip(ordered, margins, strict=True)
    )
    return drawn.model_copy(update={"answers": answers, "balance_others": ((),) * (len(answers) - 1)})


def test_a_pair_is_as_hard_as_the_smaller_margin_of_its_two_answers() -> None:
    """True by 0.3, false by 0.1 and by 0.5: 0.1 and 0.3."""
    assert [pair[0][1] for pair in measured(group(0.3, 0.1, 0.5))] == [0.1, 0.3]


def test_of_several_clauses_those_are_measured_in_which_two_answers_differ() -> None:
    """Both answers begin alike; the second clause tells them apart."""
    first, true, false = (
        claim("camera_moves", value=value, during=[during]).model_copy(update={"margin": margin})
        for value, during, margin in (("left", (0, 4), 0.9), ("right", (5, 9), 0.2), ("up", (5, 9), 0.4))
    )
    answers = (
        CandidateAnswer(text="a.", claims=(first, true), rejected_kind=None, model="m"),
        CandidateAnswer(
            text="b.", claims=(first, false), differing=(1,), rejected_kind=RejectedKind.RELEVANT, model="m"
        ),
    )
    described = group(0.1, 0.1).model_copy(update={"answers": answers})
    assert measured(described) == (((PANS, 0.2),),)


def test_false_answers_are_rated_and_the_true_one_is_not() -> None:
    """The harder of two false answers has the higher difficulty."""
    given = group(0.3, 0.1, 0.5)
    rated = Difficulties(margin for pair in measured(given) for margin in pair).rated(given)
    assert rated.chosen.difficulty is None
    assert [answer.difficulty for answer in rated.rejected] == [0.75, 0.25]


HUNDRED = Difficulties((PANS, float(number)) for number in range(100))
"""Margins from 0 to 99: those below 25 are in the hardest quarter."""
FREE = SelectionConfig(min_axis_share=0, min_absent_share=0, rare_pairs=0, rare_videos=0)


def test_of_alternatives_that_are_balanced_alike_one_of_a_scarce_quarter_is_taken() -> None:
    """Twenty questions can only be easy; of two more with an easy and a hard alternative each, the hard ones are taken,
    whatever is drawn.
    """
    easy = {f"v/{n}": [option("v", n, margins=((PANS, 80.0 + n % 20),))] for n in range(20)}
    for seed in range(5):
        kept = KeptQuestions(seed, HUNDRED)
        choose(easy, kept, FREE)
        for number in (20, 21):
            both = [option("v", number, margins=((PANS, margin),)) for margin in (90.0, 5.0)]
            named = [replace(one, group_ids=(f"{number}/{place}",)) for place, one in enumerate(both)]
            choose({f"v/{number}": named}, kept, FREE)
        assert [kept.quarter(one) for one in kept.options].count(3) == 2


def test_what_is_as_hard_as_few_others_is_not_cut_for_balance() -> None:
    """Sixty questions lean to the right, so that most are cut; the nine hard ones stay, 15 % of sixty being nine."""
    kept = KeptQuestions(0, HUNDRED)
    for number in range(60):
        margin = 5.0 if number < 9 else 40.0 + number
        kept.take(option(f"v{number}", number, lean=0.5, margins=((PANS, margin),)))
    drop_to_balance(kept, FREE)
    assert len(kept) < 30
    assert [kept.quarter(one) for one in kept.options].count(QUARTERS - 1) >= 0.15 * len(kept)
    plain = KeptQuestions(0)
    for number in range(60):
        plain.take(option(f"v{number}", number, lean=0.5))
    drop_to_balance(plain, FREE)
    assert len(plain) <= len(kept)
