"""What shows one thing becomes one track."""

from collections.abc import Sequence

from schemas.clip import Frame
from schemas.colour import ColourName
from schemas.scene import ANNOTATIONS, OBJECT, Event, EventKind, Link, Scene, Track
from stages.linking.looked import LookedAt, SearchedFor
from stages.linking.naming import NamedLinking, lay_names_over
from stages.models.detections import Detection, FrameDetections
from stages.models.detector_settings import Certainty
from stages.payloads import ClipHeader, DecodedClip
from tests.scenes import Motion, fixed, line, scene, track

SECONDS = 6
TIMES = tuple(number / 10 for number in range(SECONDS * 10))
Shown = tuple[str, Motion, float, float]
"""A noun, where its thing is, and from when until when it is seen."""


def _clip() -> DecodedClip:
    header = ClipHeader("c0", "0" * 64, "h264", 160, 90, 0, 0.0, float(SECONDS), None, float(SECONDS))
    frames = tuple(Frame(pts_seconds=moment, jpeg=b"\xff\xd8\xff\xd9") for moment in TIMES)
    return DecodedClip(header, frames[::10], frames)


def _named(under: Scene, *shown: Shown, asked: frozenset[str] | None = None) -> Scene:
    """The scene with what a perfect detector finds."""

    def looked(moments: Sequence[float]) -> LookedAt:
        return LookedAt(tuple(moments), tuple(_found(shown, moment) for moment in moments))

    wanted = SearchedFor("scripted", {noun: Certainty() for noun, *_ in shown}, asked)
    named = lay_names_over(under, _clip(), looked(TIMES[::3]), looked, wanted, NamedLinking())
    return Scene.model_validate(named.model_dump())


def _found(shown: Sequence[Shown], moment: float) -> FrameDetections:
    return tuple(
        Detection(noun, 0.9, 0.9, motion(moment)) for noun, motion, start, end in shown if start <= moment < end
    )


def _scene(*tracks: Track, events: Sequence[Event] = (), links: Sequence[Link] = ()) -> Scene:
    plain = scene(*tracks, seconds=float(SECONDS))
    return plain.model_copy(update={"events": tuple(events), "links": tuple(links), "searched": (), "tracked": ()})


def _moving(track_id: str, motion: Motion, visible: Sequence[tuple[float, float]], name: str | None = None) -> Track:
    made = track(track_id, motion, visible, name=name)
    path = tuple(point for point in made.path if any(s.contains(point.pts_seconds) for s in made.visible))
    return made.model_copy(update={"label": OBJECT, "source": "motion", "path": path})


WALK = line((0.2, 0.5), (0.8, 0.5), (0.0, float(SECONDS)), 0.2)
DOG: Shown = ("dog", WALK, 0.0, float(SECONDS))


def test_a_moving_region_gets_the_name_of_the_box_around_it_and_keeps_its_id() -> None:
    """One track, "dog", that moves and has the region's colour; its candidates and events are under its id."""
    moment = {"pts_seconds": 3.0, "start_seconds": 2.5, "end_seconds": 3.5, "margin": 1.0}
    stops = Event(event_id="e0", kind=EventKind.STOPS, track_ids=("t0",), **moment)
    named = _named(_scene(_moving("t0", WALK, [(0.0, 6.0)], name="brown"), events=[stops]), DOG)
    [dog] = named.tracks
    assert (dog.track_id, dog.label, dog.source, dog.moves) == ("t0", "dog", "scripted", True)
    assert dog.colour is not None
    assert dog.colour.name is ColourName.BROWN
    assert named.events == (stops,)
    assert {c.track_id for frame in named.searched[0].frames for c in frame.candidates} == {"t0"}


def test_a_named_box_around_two_stretches_of_motion_joins_them() -> None:
    """The dog stands still in between, where nothing moves: one track, in view all the time."""
    first, second = _moving("t0", WALK, [(0.0, 2.5)]), _moving("t1", WALK, [(3.5, 6.0)])
    [dog] = _named(_scene(first, second), DOG).tracks
    assert (dog.track_id, dog.label) == ("t0", "dog")
    assert [(one.start_seconds, one.end_seconds) for one in dog.visible] == [(0.0, 6.0)]


def test_motion_that_says_two_is_not_joined() -> None:
    """A link says that the two regions are two objects; the box joins one of them."""
    first, second = _moving("t0", WALK, [(0.0, 2.5)]), _moving("t1", WALK, [(3.5, 6.0)])
    apart = Link(track_a="t0", track_b="t1", same=False, score=1.0)
    named = _named(_scene(first, second, links=[apart]), DOG)
    assert sorted(one.label for one in named.tracks) == ["dog", OBJECT]
    assert [link.same for link in named.links] == [False]


def test_what_moves_elsewhere_or_within_a_large_box_keeps_no_name() -> None:
    """A ball that rolls before a sofa is neither the sofa nor a part of it."""
    ball = _moving("t0", line((0.3, 0.6), (0.7, 0.6), (0.0, 6.0), 0.08), [(0.0, 6.0)])
    named = _named(_scene(ball), ("sofa", fixed(0.5, 0.5, 0.8, 0.6), 0.0, 6.0))
    assert {(one.label, one.moves) for one in named.tracks} == {(OBJECT, True), ("sofa", False)}


def test_a_large_part_without_a_colour_of_its_own_is_the_things_motion() -> None:
    """Half of a person moves, inside the person's box: one track, which moves."""
    half = _moving("t0", fixed(0.5, 0.35, 0.2, 0.3), [(1.0, 5.0)]).model_copy(update={"colour": None})
    [person] = _named(_scene(half), ("person", fixed(0.5, 0.5, 0.22, 0.62), 0.0, 6.0)).tracks
    assert (person.label, person.moves) == ("person", True)


def test_related_nouns_at_one_place_are_one_thing_with_the_narrower_name() -> None:
    """Found as a woman and as a person: one track, of which the candidates of both searches are."""
    still = fixed(0.5, 0.5, 0.2, 0.6)
    named = _named(_scene(), ("person", still, 0.0, 6.0), ("woman", still, 0.0, 6.0))
    [woman] = named.tracks
    assert woman.label == "woman"
    owners = {c.track_id for search in named.searched for frame in search.frames for c in frame.candidates}
    assert owners == {woman.track_id}


def test_a_noun_that_was_only_searched_for_gives_no_name() -> None:
    """A puppy is a dog, too, and questions may only name dogs."""
    still = fixed(0.5, 0.5, 0.2, 0.6)
    shown: tuple[Shown, ...] = (("dog", still, 0.0, 6.0), ("puppy", still, 0.0, 6.0))
    assert [one.label for one in _named(_scene(), *shown).tracks] == ["puppy"]
    assert [one.label for one in _named(_scene(), *shown, asked=frozenset({"dog"})).tracks] == ["dog"]


def test_two_of_a_kind_seen_at_once_are_two() -> None:
    """A dog on the left, one on the right: two tracks, and a link that says so."""
    named = _named(_scene(), ("dog", fixed(0.2, 0.5), 0.0, 6.0), ("dog", fixed(0.8, 0.5), 0.0, 6.0))
    assert [one.label for one in named.tracks] == ["dog", "dog"]
    assert [(link.same, link.score) for link in named.links] == [(False, 1.0)]


def test_who_was_in_view_before_has_not_entered_then() -> None:
    """Motion saw the dog enter at 3 s, when it stepped from behind a tree, but its box is there from the start."""
    moment = {"pts_seconds": 3.0, "start_seconds": 3.0, "end_seconds": 3.5, "margin": 1.0}
    enters = Event(event_id="e0", kind=EventKind.ENTERS, track_ids=("t0",), **moment)
    named = _named(_scene(_moving("t0", WALK, [(3.0, 6.0)]), events=[enters]), DOG)
    assert [one.label for one in named.tracks] == ["dog"]
    assert named.events == ()


def test_what_people_have_named_stays_as_it_is() -> None:
    """The detector's dog is the annotated one; the annotated track is unchanged, and has the candidates."""
    known = _moving("a0", WALK, [(0.0, 6.0)]).model_copy(
        update={"label": "dog", "phrase": "the grey dog", "source": ANNOTATIONS}
    )
    named = _named(_scene(known), DOG)
    assert named.tracks == (known,)
    assert {c.track_id for frame in named.searched[0].frames for c in frame.candidates} == {"a0"}


def test_a_box_belongs_to_one_track_alone() -> None:
    """Of two dogs side by side one is missed in the first frame: it does not take the other one's box there."""
    named = _named(_scene(), ("dog", fixed(0.4, 0.5), 0.0, 6.0), ("dog", fixed(0.52, 0.5), 0.05, 6.0))
    left, right = sorted(named.tracks, key=lambda one: one.path[-1].x0)
    assert (left.path[0].pts_seconds, left.path[0].centre[0]) == (0.0, 0.4)
    assert all(abs(point.centre[0] - 0.52) < 0.01 for point in right.path)
    assert not left.moves
    assert not right.moves


def test_two_boxes_apart_name_only_what_moves_there() -> None:
    """Two boxes 0.1 wide, 0.25 apart, and none in the frames around them: the detector may have been wrong twice."""
    leap = line((0.3, 0.5), (0.55, 0.5), (0.9, 1.2), 0.1)
    shown: Shown = ("dog", leap, 0.85, 1.25)
    named = _named(_scene(), shown)
    assert named.tracks == ()
    assert [c.track_id for frame in named.searched[0].frames for c in frame.candidates] == [None, None]
    [dog] = _named(_scene(_moving("t0", leap, [(0.85, 1.25)])), shown).tracks
    assert (dog.track_id, dog.label) == ("t0", "dog")
