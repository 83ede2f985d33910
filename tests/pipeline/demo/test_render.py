"""Rendered files hold what their worlds say."""

from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.demo.render import render, render_set
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.truth.scene import read_truth
from pipeline.demo.world.palette import PALETTE
from pipeline.demo.world.world import World

pytestmark = pytest.mark.process


def _decoded(path: Path) -> tuple[list[float], list[np.ndarray]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        return [float(frame.time or 0) for frame in frames], [frame.to_ndarray(format="rgb24") for frame in frames]


def test_frames_are_shown_at_the_times_of_the_truth_and_things_lie_in_their_boxes(tmp_path: Path) -> None:
    """Container times start at 0 and follow the frame rate; at the centre of a thing's box its colour is seen."""
    (world,) = demo_worlds(5, 1)
    (path,) = render_set([world], tmp_path, processes=1)
    times, frames = _decoded(path)
    assert np.allclose(times, np.arange(world.frame_count) / world.fps, atol=1e-4)
    scene = read_truth(tmp_path / "truth" / f"{world.name}.json")
    for thing in world.things:
        path_points = scene.track(thing.thing_id).path
        point = max(path_points, key=lambda point: point.area)
        frame = frames[round(point.pts_seconds * world.fps)]
        x, y = point.centre
        seen = frame[int(y * world.height), int(x * world.width)].astype(int)
        assert np.abs(seen - PALETTE[thing.colour]).max() < 60


def test_the_same_world_gives_the_same_bytes(tmp_path: Path) -> None:
    """Rendering twice makes equal files."""
    (world,) = demo_worlds(6, 1)
    for name in ("a.mp4", "b.mp4"):
        render(_short(world), tmp_path / name)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def _short(world: World) -> World:
    return world.model_copy(update={"duration_seconds": 1.0})
