"""Things, numbers and edits: the parts of the writer that a group is made of."""

from collections import Counter

import numpy as np
import pytest

from schemas.claim import Predicate
from schemas.colour import ColourName
from schemas.pair import ClaimEdit, RejectedKind
from schemas.scene import FACE, WRITING
from stages.claims.scene_view import SceneView
from stages.claims.typed_edit import typed_edit
from stages.facts.count import run_around
from stages.facts.entity import Entity, absent_colours, nameable_objects, named_then, named_things, near
from stages.facts.order import rests
from stages.facts.slot import Column, Slot, claim_of
from stages.wording.stretch import whole_clip
from tests.scenes import claim, event, fixed, hues, line, scene, track
from tests.stages.facts.clips import portrait, walkers


def numbers(*values: int) -> tuple[Column, ...]:
    return tuple(Column(str(n), Predicate.MOVING_COUNT, str(n)) for n in values)


def test_only_things_alone_of_their_colour_have_a_name() -> None:
    """With two red things and a blue one only the blue one can be named, and not even that if more blue is in view."""
    tracks = [track("a", fixed(0.2, 0.2), name="red"), track("b", fixed(0.5, 0.5), name="red")]
    tracks.append(track("c", fixed(0.8, 0.8), name="blue"))
    assert [entity.name for entity in nameable_objects(SceneView(scene(*tracks)))] == ["blue"]
    assert nameable_objects(SceneView(scene(*tracks, outside=0.05))) == ()


def test_absent_colours_are_neither_seen_nor_near_to_one_seen() -> None:
    """With a red thing in view and a tenth of green scenery, red, its neighbours and green are not absent."""
    content = scene(track("a", fixed(0.5, 0.5), name="red"))
    content = content.model_copy(update={"hues": hues(["red", "green"])})
    names = {entity.name for entity in absent_colours(content)}
    assert names == {name.value for name in ColourName} - {"red", "orange", "pink", "brown", "green"}


def test_nearness_is_mutual() -> None:
    """If a colour is near another, that one is near it."""
    assert all(name in near(other) for name in ColourName for other in near(name))


def test_a_face_is_named_by_who_else_is_seen() -> None:
    """A single face is "the face", one of two is named by its side, and one of three cannot be named."""
    content = SceneView(portrait())
    interval = [whole_clip(content.scene).interval]
    names = {face.name for f in named_things(content) if (face := named_then(content, f, interval))}
    assert names == {"face on the left", "face on the right"}
    alone = SceneView(scene(content.scene.tracks[0]))
    assert named_then(alone, named_things(alone)[0], interval) == named_things(alone)[0]
    crowd = SceneView(scene(*content.scene.tracks, track("f3", fixed(0.5, 0.8), moves=False, label=FACE)))
    assert all(named_then(crowd, face, interval) is None for face in named_things(crowd))


def test_a_thing_is_named_by_its_own_phrase_or_its_noun() -> None:
    """The annotated woman by her phrase, the only dog by its noun; not the writing, nor what is a plural."""
    woman = track("w", fixed(0.2, 0.5), label="woman").model_copy(update={"phrase": "the woman in the pink top"})
    bins = track("b", fixed(0.9, 0.5), label="bin").model_copy(update={"phrase": "the dark bins in the back"})
    dog, line_of_text = track("d", fixed(0.5, 0.5), label="dog"), track("t", fixed(0.5, 0.9), label=WRITING)
    content = SceneView(scene(woman, bins, dog, line_of_text))
    whole = [whole_clip(content.scene).interval]
    phrases = {then.phrase("noun") for one in named_things(content) if (then := named_then(content, one, whole))}
    assert phrases == {"the woman in the pink top", "the dog"}


def test_what_lives_is_no_object() -> None:
    """A red ball may be called the red object, a red dog may not."""
    ball, dog = (track(noun, fixed(0.5, 0.5), name="red", label=noun) for noun in ("ball", "dog"))
    assert [entity.name for entity in nameable_objects(SceneView(scene(ball)))] == ["red"]
    assert nameable_objects(SceneView(scene(dog))) == ()


@pytest.mark.parametrize(
    ("name", "tells"),
    [
        ("face on the left", "side"),
        ("cloth at the right edge", "side"),
        ("piece at the upper edge", "height"),
        ("piece at the top", "height"),
        ("woman in the pink top", ""),
        ("train that comes in", "deed"),
        ("piece that is laid down second", "deed"),
        ("hand that holds the pen", ""),
        ("dog", ""),
    ],
)
def test_a_phrase_may_give_away_an_answer(name: str, tells: str) -> None:
    """The piece at the upper edge is not asked for its height; a pink top says nothing about that."""
    entity = Entity(None, name, "thing")
    told = {"side": entity.tells_side, "height": entity.tells_height, "deed": entity.tells_deed}
    assert {key for key, value in told.items() if value} == ({tells} if tells else set())


def test_a_rest_is_spoken_of_where_there_is_one() -> None:
    """Blue stops at 5 s and stays; green stood still before it moved as well, so "while it stands still" is two."""
    content = walkers()
    by_name = {entity.name: rests(content, entity) for entity in nameable_objects(SceneView(content))}
    assert [(s.said("thing"), s.interval.start_seconds) for s in by_name["blue"]] == [
        ("while the blue thing stands still", 5.0)
    ]
    assert by_name["green"] == by_name["red"] == ()


def test_a_rest_ends_where_the_thing_moves_on() -> None:
    """Something that stops at 3 s and sets off at 7 s stands still from 3 to 7 s."""
    stopping = track("a", line((0.1, 0.5), (0.5, 0.5), (1, 3)), [(1, 10)], name="red")
    content = scene(stopping, events=[event("stops", 3.0, "a"), event("starts", 7.0, "a")])
    (rest,) = rests(content, nameable_objects(SceneView(content))[0])
    assert (rest.interval.start_seconds, rest.interval.end_seconds) == (3.0, 7.0)


def test_runs_of_numbers_have_no_favourite_place() -> None:
    """A true 5 of 0..12 is first, second, third of a run of three equally often (1/3 of 900, within 4 standard
    deviations, 4 * sqrt(900 * 2 / 9) = 57), and the numbers of a run follow each other.
    """
    rng = np.random.default_rng(0)
    places = Counter[int]()
    true, *_ = numbers(5)
    while places.total() < 900:
        beside = run_around(true, numbers(*range(5), *range(6, 13)), rng)
        run = sorted([5, *(int(column.key) for column in beside)])
        assert run == list(range(run[0], run[0] + len(run)))
        if len(run) == 3:
            places[run.index(5)] += 1
    assert all(abs(count - 300) <= 57 for count in places.values())


def test_a_run_never_goes_below_the_least_number() -> None:
    """Around a true 1 of 1..12 no zero is offered."""
    rng = np.random.default_rng(0)
    true, *others = numbers(*range(1, 13))
    keys = {column.key for _ in range(50) for column in run_around(true, tuple(others), rng)}
    assert keys == {"2", "3", "4"}


def test_edits_say_what_was_changed() -> None:
    """Another value, another thing of the clip, and an absent thing are three kinds of rejection."""
    blue, _, red = nameable_objects(SceneView(walkers()))
    absent = Entity(None, "pink")
    left, right = (Column(way, Predicate.MOVES, way) for way in ("left", "right"))
    still = Column("still", Predicate.STILL)
    slot = Slot("moves", "movement.moves", "moves", (left, right, still), stretches=(whole_clip(walkers()),))
    true = claim_of(slot, red, left, "shape")
    for (row, column), kind, edit, field in (
        ((red, right), RejectedKind.RELEVANT, ClaimEdit.REVERSE_DIRECTION, "value"),
        ((red, still), RejectedKind.RELEVANT, ClaimEdit.FREEZE, "predicate"),
        ((blue, left), RejectedKind.RELEVANT, ClaimEdit.SWAP_ENTITIES, "subject_phrases"),
        ((absent, left), RejectedKind.IRRELEVANT, ClaimEdit.ABSENT_ENTITY, "subject_phrases"),
    ):
        found, axis, corruption = typed_edit(true, claim_of(slot, row, column, "shape"))
        assert (found, corruption.edit, corruption.edit_of) == (kind, edit, field)
        assert (axis is None) == (kind is RejectedKind.IRRELEVANT)


def test_another_order_of_two_things_is_about_the_same_things() -> None:
    """Saying that red comes after blue is the same claim with the things exchanged: it names no other thing."""
    red, blue = track("r", fixed(0.1, 0.5), name="red"), track("b", fixed(0.9, 0.5), name="blue")
    before, after = claim("enters_before", red, blue), claim("enters_before", blue, red)
    kind, _, corruption = typed_edit(before, after)
    assert (kind, corruption.edit) == (RejectedKind.RELEVANT, ClaimEdit.REVERSE_ORDER)
    assert corruption.edit_of == "subject_phrases"
