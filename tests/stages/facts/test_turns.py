"""The order in which questions are asked, and which are left out."""

from collections import Counter

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from stages.facts.slot import Series, Slot
from stages.facts.turns import Alternatives, few_of_series, in_turns
from tests.stages.claims.groups import group


def question(number: int, predicate: Predicate, value: str, *, rejected: int = 3, absent: bool = False) -> Alternatives:
    """A question with one alternative; its number is its slot, and its second, or its thing."""
    which = number if predicate in (Predicate.ENTERS_FROM, Predicate.IN_REGION) else 0
    thing = {"subject_tracks": (f"t{which}",), "subject_phrases": (f"thing {which}",)}
    is_event = predicate is Predicate.ENTERS_FROM
    intervals = () if is_event else (Interval(start_seconds=number, end_seconds=number + 1),)
    if predicate is Predicate.CAMERA_MOVES:
        thing = {}
    claim = Claim.model_validate({"predicate": predicate, "value": value, "intervals": intervals, **thing})
    others = [(f"Wrong {n}.", claim) for n in range(rejected)]
    made = group(("Right.", claim), *others, group_id=str(number), slot_id=str(number))
    update = {"balance": (f"{predicate}={value}",), "absent": ("red",) if absent else ()}
    return (made.model_copy(update=update),)


def asked(questions: list[Alternatives], max_per_predicate: int = 12, max_alike: int = 3) -> list[str]:
    """The slots of the questions that are asked, in order."""
    return [groups[0].slot_id for groups in in_turns(questions, max_per_predicate, max_alike)]


def test_axes_take_turns_and_the_rarest_is_first() -> None:
    """One question about a region (spatial) comes before four about the camera (temporal)."""
    questions = [question(number, Predicate.CAMERA_MOVES, "left") for number in range(3)]
    questions.append(question(3, Predicate.IN_REGION, "left"))
    assert asked(questions) == ["3", "0", "1", "2"]


def test_predicates_of_one_axis_take_turns() -> None:
    """Two questions each about directions and about borders, all temporal: one of each, then the second of each."""
    questions = [question(number, Predicate.MOVES, "left") for number in range(2)]
    questions += [question(number, Predicate.ENTERS_FROM, "left") for number in (2, 3)]
    assert asked(questions) == ["0", "2", "1", "3"]


def test_a_turn_has_at_least_three_pairs() -> None:
    """Questions of one pair each are asked three at a time before the other predicate has its turn."""
    questions = [question(number, Predicate.MOVES, "left", rejected=1) for number in range(6)]
    questions += [question(6, Predicate.ENTERS_FROM, "left"), question(7, Predicate.ENTERS_FROM, "left")]
    assert asked(questions, max_alike=9) == ["0", "1", "2", "6", "3", "4", "5", "7"]


def test_questions_with_absent_things_alternate_with_others() -> None:
    """Those that name an absent thing come first."""
    questions = [question(number, Predicate.MOVES, "left", absent=number >= 2) for number in range(4)]
    assert asked(questions) == ["2", "0", "3", "1"]


def test_true_values_alternate_and_too_many_alike_are_left_out() -> None:
    """Of five true answers "left" and two "up" three and two remain, at most four of a predicate; "up" is rarer."""
    questions = [question(number, Predicate.MOVES, "left") for number in range(5)]
    questions += [question(number, Predicate.MOVES, "up") for number in (5, 6)]
    assert asked(questions) == ["5", "0", "6", "1", "2"]
    assert asked(questions, max_per_predicate=4) == ["5", "0", "6", "1"]


def test_what_is_nearly_always_so_is_asked_of_few_things() -> None:
    """Ten things in the middle third, across or upright: of these three are asked about, and of others all four."""
    questions = [question(number, Predicate.IN_REGION, ("centre", "middle")[number % 2]) for number in range(10)]
    questions += [question(number, Predicate.IN_REGION, "left") for number in range(10, 14)]
    found = [int(number) for number in asked(questions)]
    assert sum(number < 10 for number in found) == 3
    assert sum(number >= 10 for number in found) == 4


def test_nothing_is_asked_twice() -> None:
    """Whatever is asked was given, once; and of two questions for one fact the first is asked."""
    values = ("left", "right", "up", "down")
    questions = [question(number, Predicate.MOVES, values[number % 4]) for number in range(20)]
    again = [question(number, Predicate.MOVES, "up")[0].model_copy(update={"slot_id": "again"}) for number in range(20)]
    found = Counter(asked([*questions, *((one,) for one in again)]))
    assert max(found.values()) == 1
    assert "again" not in found


def test_what_names_absent_things_has_a_second_choice_that_names_none() -> None:
    """Of one fact the first question is asked; if it alone names absent things, the other is its second choice."""
    plain, naming = (question(number, Predicate.MOVES, "left", absent=number == 1) for number in (0, 1))
    again = (naming[0].model_copy(update={"slot_id": "again", "answers": plain[0].answers}),)
    [asked_first] = in_turns([again, plain], 12, 3)
    assert [(g.slot_id, g.second_choice, g.absent) for g in asked_first] == [
        ("again", False, ("red",)),
        ("again", True, ()),
    ]
    assert in_turns([plain, again], 12, 3) == [plain]


def test_of_a_series_only_the_first_are_asked() -> None:
    """Two of three of one view, and the only ones of another and of none."""
    series = [Series("a", 2), Series("a", 2), Series("b", 2), Series("a", 2), None]
    slots = [Slot(key=str(n), wording="", feature="", columns=(), series=one) for n, one in enumerate(series)]
    questions = [question(number, Predicate.MOVES, "left") for number in range(5)]
    kept = few_of_series(zip(slots, questions, strict=True))
    assert [groups[0].slot_id for groups in kept] == ["0", "1", "2", "4"]
