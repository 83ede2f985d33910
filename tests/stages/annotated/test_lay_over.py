"""Annotations are laid over what pixels show, and take the place of what they name."""

from schemas.annotations import AnnotatedText, Annotations
from tests import scenes
from tests.stages.annotated.clips import laid, thing

MOVING = scenes.line((0.15, 0.5), (0.75, 0.5), (0, 1))


def _dog(**rest: object) -> Annotations:
    return Annotations(objects=(thing("dog", (0.0, 0.1), (1.0, 0.7), (2.0, 0.7), **rest),))  # type: ignore[arg-type]


def test_a_region_inside_a_named_thing_that_moves_has_its_name() -> None:
    """The region's own track goes, with its events; the named one is there."""
    region = scenes.track("t0", MOVING, ((0.0, 2.0),))
    there = laid(_dog(), region, events=(scenes.event("starts", 0.5, "t0"),))
    assert [track.track_id for track in there.tracks] == ["a0"]
    assert there.events == ()


def test_a_region_elsewhere_stays_without_a_name() -> None:
    """It is not inside the dog's box."""
    region = scenes.track("t0", scenes.fixed(0.5, 0.1), ((0.0, 2.0),))
    assert [track.track_id for track in laid(_dog(), region).tracks] == ["t0", "a0"]


def test_a_region_in_front_of_a_still_thing_is_not_that_thing() -> None:
    """What moves before a bed is not the bed."""
    region = scenes.track("t0", scenes.fixed(0.2, 0.5), ((0.0, 2.0),))
    assert [track.track_id for track in laid(_dog(moves=False), region).tracks] == ["t0", "a0"]


def test_things_that_move_are_not_counted_where_some_are_named() -> None:
    """Regions and named things may be one thing."""
    assert laid(_dog()).tracked == ()
    assert laid(_dog(moves=False)).tracked != ()


def test_lines_of_writing_become_tracks() -> None:
    """With their text where it was plain to read, and without one elsewhere."""
    texts = (
        AnnotatedText(text="ONE  WAY", start_seconds=2, end_seconds=4),
        AnnotatedText(text="STOP", start_seconds=2, end_seconds=4, certain=False),
        AnnotatedText(text="LATER", start_seconds=20, end_seconds=24),
    )
    found = laid(Annotations(texts=texts)).tracks
    assert [(line.label, line.text, line.score) for line in found] == [
        ("writing", "ONE WAY", 1.0),
        ("writing", None, 0.5),
    ]
