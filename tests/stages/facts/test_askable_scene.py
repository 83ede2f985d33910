"""What may be asked about, and by which name."""

import numpy as np

from prompts.wordings import fact_wordings
from schemas.scene import Scene
from stages.claims.scene_view import SceneView
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import named_then, named_things
from stages.facts.location import location
from stages.facts.movement import movement
from stages.facts.presence import presence
from stages.facts.relation import relation
from stages.facts.speech import answer_text
from stages.wording.stretch import Stretch
from tests.scenes import cut, fixed, line, measure, scene, span, track


def askable(content: Scene) -> AskableScene:
    """The scene with its named things, for three stretches a question."""
    seen = SceneView(content)
    named = named_things(seen)
    throughout = (named_then(seen, thing, [seen.whole_clip]) for thing in named)
    return AskableScene(
        seen=seen,
        objects=(),
        named=named,
        throughout=tuple(thing for thing in throughout if thing),
        absent=(),
        min_gap_seconds=1.0,
        stretches_per_question=3,
        picture_stretches=3,
        rng=np.random.default_rng(0),
    )


def stretch(start: float, end: float) -> Stretch:
    return Stretch("now", "now", span(start, end))


FACE = track("f", fixed(0.2, 0.5), label="face")


def test_a_noun_is_not_used_shortly_after_another_of_its_kind_was_in_view() -> None:
    """A second face is in view until 2 s: from 4 to 6 s viewers remember it, from 6 to 8 s they do not. Beyond a cut at
    3 s they never do.
    """
    other = track("g", fixed(0.8, 0.5), [(0, 2)], label="face")
    view = askable(scene(FACE, other))
    names = [view.called(view.named[0], [stretch(*when)]) for when in ((0.5, 1.5), (4, 6), (6, 8))]
    assert [found and found.name for found in names] == ["face on the left", None, "face"]
    parted = askable(scene(FACE, other, cuts=[cut(3.0)]))
    assert (found := parted.called(parted.named[0], [stretch(3.5, 5)])) is not None
    assert found.name == "face"


def test_what_is_only_partly_seen_in_a_stretch_is_not_asked_about_in_it() -> None:
    """A face in view until 5 s is asked about in [1, 4) and in [1, 5.1), not in [1, 6)."""
    view = askable(scene(track("f", fixed(0.2, 0.5), [(0, 5)], label="face")))
    for end, count in ((4.0, 1), (5.1, 1), (6.0, 0)):
        assert len(list(view.sightings(view.named[0], [(stretch(1, end),)]))) == count


def test_movement_of_a_named_thing_is_asked_about_only_while_the_camera_stands_still() -> None:
    """A dog that moves across the picture may do so because the camera does."""
    dog = track("d", line((0.2, 0.5), (0.8, 0.5), (0, 9.9)), label="dog")
    still, panning = (
        askable(scene(dog, measures=[measure(float(s), shift=(shift, 0.0)) for s in range(10)])) for shift in (0.0, 0.1)
    )
    assert any(slot.feature == "moves" for slot in movement(still))
    assert not any(slot.feature in ("moves", "pace", "displaced") for slot in movement(panning))


def test_sides_are_asked_of_named_things_that_do_not_cover_each_other() -> None:
    """A woman and a dog beside her; the glasses on her face are a part of her."""
    woman = track("w", fixed(0.3, 0.5, 0.2, 0.6), label="woman")
    for label, x, asked in (("dog", 0.8, True), ("hat", 0.32, False)):
        view = askable(scene(woman, track("o", fixed(x, 0.5), label=label)))
        slots = [slot for slot in relation(view) if slot.feature == "side"]
        assert bool(slots) is asked
        assert {slot.row.name for slot in slots if slot.row} <= {"woman", label}


def test_only_things_that_come_and_go_are_asked_whether_they_meet() -> None:
    """A dog until 4 s and a cat from 6 s on; the woman is there all along."""
    woman = track("w", fixed(0.5, 0.5), label="woman")
    dog, cat = track("d", fixed(0.2, 0.5), [(0, 4)], label="dog"), track("c", fixed(0.8, 0.5), [(6, 10)], label="cat")
    slots = [slot for slot in presence(askable(scene(woman, dog, cat))) if slot.feature == "together"]
    assert [{slot.row and slot.row.name, slot.fixed and slot.fixed.name} for slot in slots] == [{"dog", "cat"}]


def test_a_side_is_asked_where_it_is_plain() -> None:
    """The dog's centre lies at the height of the tall woman: it is left of her, and neither above nor below."""
    woman = track("w", fixed(0.7, 0.5, 0.2, 0.6), label="woman")
    for y, keys in ((0.4, {"left", "right"}), (0.9, {"left", "right", "above", "below"})):
        view = askable(scene(woman, track("o", fixed(0.2, y), label="dog")))
        slots = [slot for slot in relation(view) if slot.feature == "side"]
        assert {column.key for slot in slots for column in slot.columns} == keys


def test_nobody_calls_a_woman_it() -> None:
    """An answer says "it" of a ball, and names a woman again."""
    for label, words in (("ball", "It is in the left third"), ("woman", "The woman is in the left third")):
        view = askable(scene(track("o", fixed(0.2, 0.5), label=label)))
        slot = next(slot for slot in location(view) if slot.feature == "across")
        wording = fact_wordings()["location.across_values"]
        [left] = [column for column in slot.columns if column.key == "left"]
        assert answer_text(slot, slot.row, left, wording, wording.answer_templates[0], label).text.startswith(words)
