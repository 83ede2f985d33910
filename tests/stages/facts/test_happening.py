"""Questions about named events: their sentences are answers, and stand inside questions."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from schemas.annotations import AnnotatedEvent, AnnotatedObject, Annotations
from schemas.claim import Predicate, QuestionType
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.pair import RejectedKind
from schemas.scene import EventOrder, Scene
from stages.claims.proof import ProofConfig
from stages.claims.scene_view import SceneView
from stages.facts.askable_scene import AskableScene
from stages.facts.happening import happening
from stages.facts.named_event import named_events
from stages.facts.writer import FactsWriter
from tests.scenes import cut, deed, fixed, scene, track
from tests.stages.annotated.clips import laid, stretch, thing
from tests.stages.facts.clips import clip_of, deeds

FIRST, SECOND, THIRD = (event.phrase or "" for event in deeds().events)


def _asked(content: Scene) -> list[CandidateGroup]:
    """Every group about named events that the writer offers."""
    found = []
    for seed in range(6):
        written = FactsWriter(max_per_predicate=99, max_alike=99).write(
            clip_of(content), 200, ProofConfig(), np.random.default_rng(seed)
        )
        found += [group for offered in written if not isinstance(offered, Drop) for group in offered]
    return [group for group in found if group.chosen.claim and group.chosen.claim.predicate.value.startswith("happens")]


@pytest.fixture(scope="module")
def groups() -> list[CandidateGroup]:
    """Three events one after the other, and no others."""
    return _asked(deeds())


def _of(groups: Sequence[CandidateGroup], slot: str) -> list[CandidateGroup]:
    found = [group for group in groups if f"/{slot}" in group.slot_id]
    assert found
    return found


def _plain(text: str) -> str:
    return text.removeprefix("In the clip ").rstrip(".").casefold()


def test_before_and_after_an_event_happens_what_does(groups: list[CandidateGroup]) -> None:
    """Of the three events one is in the question, one true and one false; the question names neither of these."""
    for group in _of(groups, "happens_before."):
        assert {_plain(answer.text) for answer in group.answers} <= {FIRST, SECOND, THIRD}
        assert not any(_plain(answer.text) in group.question.casefold() for answer in group.answers)
    before_second = [g for g in _of(groups, "happens_before.") if SECOND in g.question.casefold()]
    assert {_plain(group.chosen.text) for group in before_second} == {FIRST}
    assert {_plain(answer.text) for group in before_second for answer in group.rejected} == {THIRD}


def test_the_first_of_two_events_is_asked_with_both_answers(groups: list[CandidateGroup]) -> None:
    """The question names both, each answer one of them; the one that is named first is right about half of the time."""
    found = _of(groups, "first_of.")
    named_first = Counter()
    for group in found:
        question, chosen = group.question.casefold(), _event_of(group.chosen.text)
        [other] = (_event_of(answer.text) for answer in group.rejected)
        assert {chosen, other} < {FIRST, SECOND, THIRD}
        assert (FIRST, SECOND, THIRD).index(chosen) < (FIRST, SECOND, THIRD).index(other)
        assert group.question_type is QuestionType.SEQUENCE
        named_first[question.index(chosen) < question.index(other)] += 1
    assert min(named_first.values()) >= 0.25 * len(found)


def _event_of(text: str) -> str:
    """The one event that an answer names."""
    [event] = (event for event in (FIRST, SECOND, THIRD) if event in text.casefold())
    return event


def test_an_event_lies_in_one_part_and_not_in_the_others(groups: list[CandidateGroup]) -> None:
    """The dog barks in the middle third; its question names it and the answers name the thirds."""
    texts = {group.chosen.text.split(" in ")[1] for group in _of(groups, "happens_when.third.n1")}
    assert texts == {"the middle third of the clip."}
    assert all(SECOND in group.question.casefold() for group in _of(groups, "happens_when.third.n1"))


def test_what_happens_in_a_stretch_is_one_of_the_events(groups: list[CandidateGroup]) -> None:
    """All others lie wholly outside, and all are events of this clip."""
    for group in _of(groups, "happens_in."):
        assert group.chosen.claim is not None
        assert group.chosen.claim.predicate is Predicate.HAPPENS_IN
        assert group.question_type is QuestionType.ACTION
        assert {answer.rejected_kind for answer in group.rejected} == {RejectedKind.RELEVANT}


def test_no_twin_is_made_of_what_people_named(groups: list[CandidateGroup]) -> None:
    """Backwards nobody knows what it would be called; mirrored, it stays true."""
    assert {group.twin_of for group in groups} == {None}


def test_without_all_events_only_the_first_is_asked_for() -> None:
    """What is not named may happen at any time, but hardly in the first half second, or between two events that touch.

    Nothing is known of 4 to 6 s: the lamp may have fallen there, so that it is not compared with the man. The cat is in
    view all along and may have run before; the first two follow each other too closely to be told apart, too.
    """
    parts = [("dog", 0.0), ("cat", 0.0), ("man", 5.0), ("lamp", 2.5)]
    tracks = [track(name, fixed(0.2 * i + 0.1, 0.5), [(since, 10.0)]) for i, (name, since) in enumerate(parts)]
    events = tuple(
        deed(f"n{i}", phrase, start, end).model_copy(update={"track_ids": (tracks[i].track_id,)})
        for i, (phrase, start, end) in enumerate(
            [
                ("the dog barks at the door", 0.4, 2),
                ("the cat runs off", 2.2, 4),
                ("a man pours water into the glass", 6, 8),
                ("the lamp falls down", 8.5, 9),
            ]
        )
    )
    found = _asked(scene(*tracks).model_copy(update={"events": events}))
    pairs = {group.slot_id.split("/")[1] for group in found}
    assert {tuple(sorted(pair.split(".")[1:])) for pair in pairs} == {
        ("n0", "n2"), ("n0", "n3"), ("n1", "n2"), ("n1", "n3"),
    }  # fmt: skip
    assert {pair.split(".")[0] for pair in pairs} == {"first_of"}


def test_words_that_tell_the_order_are_not_asked_about() -> None:
    """The word "again" says that it happened before; a sentence that begins with "he" needs another one."""
    events = (deed("n0", "the dog barks at the door", 1, 2), deed("n1", "the dog lies down again", 6, 8))
    assert _asked(scene().model_copy(update={"events": events})) == []
    pronoun = (deed("n0", "he barks at the door", 1, 2),)
    assert list(named_events(scene().model_copy(update={"events": pronoun}))) == []


def test_events_that_touch_are_asked_about_if_their_order_is_said() -> None:
    """One ends as the other begins."""
    cat = track("cat", fixed(0.5, 0.5), [(2.0, 10.0)])
    runs = deed("n1", "the cat runs off", 3, 6).model_copy(update={"track_ids": ("cat",)})
    touching = scene(cat).model_copy(update={"events": (deed("n0", "the dog barks at the door", 0, 3), runs)})
    assert _asked(touching) == []
    said = touching.model_copy(update={"ordered": (EventOrder(before="n0", after="n1"),)})
    assert _asked(said)


def _firsts(*events: tuple[str, str, float, float], objects: Sequence[AnnotatedObject]) -> list[str]:
    """The questions which of two events is first; each is (phrase, who, start, end), and a cut is at 5 s."""
    happens = tuple(
        AnnotatedEvent(phrase=phrase, objects=tuple(who.split()), start_seconds=start, end_seconds=end)
        for phrase, who, start, end in events
    )
    said = Annotations(objects=tuple(objects), events=happens, shots=(stretch(0, 5), stretch(5, 10)))
    there = SceneView(laid(said, cuts=[cut(5.0)]))
    view = AskableScene(there, (), (), (), (), 1.0, 3, 3, np.random.default_rng(0))
    return [slot.key for slot in happening(view) if slot.feature == "first_of"]


def test_a_small_thing_may_have_taken_part_before_it_was_listed() -> None:
    """The spoon, listed from 6 s on, may lie in the pan in the first shot; the boy is listed wherever he is."""
    woman = thing("woman", (1.0, 0.1), noun="person")
    spoon = thing("spoon", (6.0, 0.5), visible=((5.0, 10.0),), noun="spoon")
    boy = thing("boy", (6.0, 0.5), visible=((5.0, 10.0),), noun="boy")
    lifts = ("the woman lifts the bowl", "woman", 0.1, 2.0)
    assert _firsts(lifts, ("a spoon stirs the food", "spoon", 6, 9), objects=(woman, spoon)) == []
    assert _firsts(lifts, ("a boy stirs the food", "boy", 6, 9), objects=(woman, boy))


def test_where_a_deed_is_done_may_have_been_shown_from_another_side() -> None:
    """The pan fills the second shot and may be the one of the first; a page that fills it is shown for itself."""
    small = thing("pan1", (1.0, 0.1), visible=((0.0, 5.0),), noun="pan", moves=False)
    large = thing("pan2", (6.0, 0.0), visible=((5.0, 10.0),), noun="pan", moves=False)
    whole = large.boxes[0].model_copy(update={"x1": 1.0, "y0": 0.0, "y1": 1.0})
    large = large.model_copy(update={"boxes": (whole,)})
    spoon = thing("spoon", (6.0, 0.5), visible=((5.0, 10.0),), noun="spoon")
    rests = ("the small pan is shown", "pan1", 0.1, 4.0)
    stirs, shows = ("a spoon stirs the food", "spoon pan2", 6, 9), ("the large pan is shown", "pan2", 6, 9)
    assert _firsts(rests, stirs, objects=(small, large, spoon)) == []
    assert _firsts(rests, shows, objects=(small, large, spoon))


def test_the_steps_of_one_deed_are_not_asked_about() -> None:
    """Who sees no video knows that the cup is lifted before it falls; of a dog that does two things nobody does."""
    cup = thing("cup", (6.0, 0.5), visible=((5.0, 10.0),), noun="cup")
    dog = thing("dog", (6.0, 0.1), visible=((5.0, 10.0),))
    boy = thing("boy", (1.0, 0.1), noun="boy")
    lifts, falls = ("the boy lifts the cup", "boy cup", 0.1, 2), ("the dog drops the cup", "dog cup", 6, 9)
    assert _firsts(lifts, falls, objects=(cup, dog, boy)) == []
    assert _firsts(("the boy waves a hand", "boy", 0.1, 2), falls, objects=(cup, dog, boy))


def test_what_may_be_told_of_one_person_is_not_asked_about() -> None:
    """A man who dances is perhaps "a man at a microphone", too; the man in the coat is said to be a certain one."""
    one, other = thing("one", (1.0, 0.1), noun="man"), thing("other", (6.0, 0.5), visible=((5.0, 10.0),), noun="man")
    dances, shown = ("the man in the coat dances", "one", 0.1, 2), ("a man at a microphone is shown", "other", 6, 9)
    assert _firsts(dances, shown, objects=(one, other)) == []
    assert _firsts(dances, ("the man in the hat is shown", "other", 6, 9), objects=(one, other))
