"""A world is reversed in time."""

from pipeline.demo.scenarios.reversal import reversed_world
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.world.world import pose_of


def test_what_was_seen_at_a_moment_is_seen_at_the_opposite_one() -> None:
    """A thing seen t seconds after the start is seen t seconds before the end of the reversed world, alike."""
    compared = 0
    for world in demo_worlds(2, 12):
        backwards = reversed_world(world)
        for thing, same in zip(world.things, backwards.things, strict=True):
            for index in range(1, 20):
                seconds = world.duration_seconds * index / 20 + 1e-4
                pose, other = pose_of(thing, world, seconds), pose_of(same, backwards, world.duration_seconds - seconds)
                if pose is not None and other is not None:
                    assert all(abs(a - b) < 1e-6 for a, b in zip(pose, other, strict=True))
                    compared += 1
    assert compared > 100


def test_reversed_twice_is_the_same() -> None:
    """But for rounding: the shots start when they did."""
    for world in demo_worlds(3, 12):
        twice = reversed_world(reversed_world(world))
        assert all(abs(a.start_seconds - b.start_seconds) < 1e-9 for a, b in zip(world.shots, twice.shots, strict=True))
