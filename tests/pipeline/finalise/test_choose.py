"""One alternative per question, steered against imbalances."""

from pipeline.finalise.choose import choose
from pipeline.finalise.kept import KeptQuestions
from pipeline.finalise.settings import BalanceConfig, SelectionConfig
from schemas.drop import DropReason
from tests.pipeline.finalise.options import option

STEERED = SelectionConfig(balance=BalanceConfig(steer_sigmas=0))


def test_the_alternative_that_adds_less_imbalance_is_taken() -> None:
    """Of ten questions with an alternative either way, five are taken each way, so that they add up to nothing."""
    slots = {f"{video}/0": [option(str(video), lean=0.5), option(str(video), lean=-0.5)] for video in range(10)}
    kept = KeptQuestions(0)
    choose(slots, kept, STEERED)
    assert kept.tally.lean("right") == 0
    assert len(kept) == 10


def test_the_order_of_slots_changes_nothing() -> None:
    """The same slots in another order give the same choice."""
    slots = {f"{video}/0": [option(str(video), lean=0.5), option(str(video), lean=-0.4)] for video in range(10)}
    chosen = []
    for given in (slots, dict(reversed(slots.items()))):
        kept = KeptQuestions(0)
        choose(given, kept, STEERED)
        chosen.append([(o.slot_id, o.lean) for o in kept.options])
    assert chosen[0] == chosen[1]


def test_a_second_choice_is_taken_only_if_nothing_else_can_be() -> None:
    """A question names pink, or else nothing absent: with pink in another video it names pink, whatever the balance."""
    naming = option("a", absent="pink", lean=0.5)
    slots = {"a/0": [naming, option("a", second_choice=True, lean=-0.5)]}
    alone, with_pink = KeptQuestions(0), KeptQuestions(0)
    choose(slots, alone, STEERED)
    choose({**slots, "b/0": [option("b", true_words="pink")]}, with_pink, STEERED)
    assert [o.second_choice for o in alone.options] == [True]
    assert naming in with_pink.options


def test_rare_themes_choose_first() -> None:
    """A clip may get two questions: the one about a theme that the set has in one pair, and one of six others.

    With 1 video of 120, few means 6 x 42 / 120 = 2.1 pairs.
    """
    slots = {f"a/{number}": [option("a", number, pairs=1 if number == 6 else 3)] for number in range(6)}
    slots["a/6"] = [option("a", 6, "rare")]
    kept = KeptQuestions(0)
    choose(slots, kept, SelectionConfig(max_groups_per_clip=2))
    assert sorted(o.theme for o in kept.options) == ["camera_moves", "rare"]
    assert [refusal.cause.reason for refusal in kept.refusals] == [DropReason.OVER_MAX_GROUPS] * 5


def test_a_question_that_cannot_be_asked_says_why() -> None:
    """One names what no other video names truly; one asks in the words of another about the same clip."""
    slots = {
        "a/0": [option("a", 0, absent="pink")],
        "b/0": [option("b", 0, question="what")],
        "b/1": [option("b", 1, question="what")],
    }
    kept = KeptQuestions(0)
    choose(slots, kept, SelectionConfig())
    causes = {refusal.cause.reason: refusal.cause for refusal in kept.refusals}
    assert set(causes) == {DropReason.NO_ABSENT_ENTITY, DropReason.REPEATED_TEXT}
    assert causes[DropReason.NO_ABSENT_ENTITY].detail == "pink"
