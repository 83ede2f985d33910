"""What scripted detectors tell of a rendered clip, and that it is laid over what was seen."""

from pathlib import Path

import pytest

from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.truth.scene import truth_of
from pipeline.demo.world.world import World
from schemas.clip import Frame, UnitClip
from schemas.scene import WRITING, EventKind
from stages.claims.kind import Kind
from stages.claims.scene_view import SceneView
from tests.prove.clips import Rendered
from tests.prove.told import named_clips, told
from tests.stages.linking.scripted import NOISY, PERFECT, Noise


def _world(scenario: str) -> World:
    return next(world for world in demo_worlds(1, 200) if world.scenario == scenario)


def _seen(world: World) -> tuple[UnitClip, list[float]]:
    """A clip in which motion has seen nothing, and the times of its analysis frames."""
    end = world.frame_count / world.fps
    nothing = {"tracks": (), "links": (), "events": (), "searched": (), "readings": (), "events_complete": False}
    times = [index / world.fps for index in range(0, world.frame_count, world.fps // 10)]
    sampled = [int(world.frame_count * (i + 0.5) / 32) / world.fps for i in range(32)]
    clip = UnitClip(
        clip_id="c",
        content_sha256="0" * 64,
        codec="h264",
        width=world.width,
        height=world.height,
        rotation_degrees=0,
        start_seconds=0.0,
        end_seconds=end,
        duration_seconds_from_header=end,
        duration_seconds_measured=end,
        frames=tuple(Frame(pts_seconds=at, jpeg=b"") for at in sampled),
        segments=(),
        scene=truth_of(world).model_copy(update=nothing),
    )
    return clip, times


@pytest.mark.parametrize("noise", [PERFECT, NOISY], ids=["perfect", "noisy"])
def test_things_get_the_names_that_they_have(noise: Noise) -> None:
    """Whatever is surely of a kind is so in truth, and with a perfect detector nothing is left out."""
    world = _world("kinds")
    clip, times = _seen(world)
    scene = told(clip, times, world, named=True, noise=noise).scene
    for shape in {thing.shape for thing in world.things}:
        found = Kind(shape.value, SceneView(scene)).things
        assert {track.label for thing in found for track in thing.tracks} == {shape.value}
        assert len(found) >= (sum(thing.shape is shape for thing in world.things) if noise is PERFECT else 1)
    assert {event.kind for event in scene.events} <= {EventKind.NAMED}


def test_words_are_read_in_all_clips_and_names_are_told_in_some() -> None:
    """A clip with signs has its words, and without names no kind is known."""
    world = _world("signs")
    clip, times = _seen(world)
    scene = told(clip, times, world, named=False).scene
    written = {thing.writing.text for thing in world.things if thing.writing}
    assert {track.text for track in scene.tracks if track.label == WRITING} <= written
    assert {reading.text for reading in scene.readings if reading.score > 0.9} == written
    assert {search.noun for search in scene.searched} == {WRITING}


def test_clips_of_several_of_a_kind_always_get_names() -> None:
    """And every third of the others."""
    worlds = demo_worlds(1, 60)
    truth = truth_of(worlds[0])
    chosen = {
        c.world.name for c in named_clips([Rendered(world, Path(world.name), world.name, truth) for world in worlds])
    }
    kinds = {world.name for world in worlds if world.scenario == "kinds"}
    assert kinds
    assert kinds <= chosen
    assert 20 <= len(chosen) <= 20 + len(kinds)
