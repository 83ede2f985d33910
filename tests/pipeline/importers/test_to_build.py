"""From an imported file to a finished set."""

from pathlib import Path

import pytest

from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.dataset.finished_set import FinishedSet
from pipeline.demo.render import render
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.truth.scene import truth_of
from pipeline.demo.world.world import World
from tests.pipeline.importers.test_run import left_out, refs


def write_boxes(world: World, folder: Path) -> Path:
    """The true boxes of a rendered clip in MOTChallenge's format, in pixels; things are numbered from 1."""
    (folder / "gt").mkdir(parents=True)
    size = f"imWidth={world.width}\nimHeight={world.height}\n"
    (folder / "seqinfo.ini").write_text(f"[Sequence]\nname={folder.name}\nframeRate={world.fps}\n{size}")
    (folder / "gt" / "labels.txt").write_text("dog\n")
    lines = []
    for number, track in enumerate(truth_of(world).tracks, start=1):
        for point in track.path:
            left, top = point.x0 * world.width + 1, point.y0 * world.height + 1
            width, height = (point.x1 - point.x0) * world.width, (point.y1 - point.y0) * world.height
            frame = round(point.pts_seconds * world.fps) + 1
            lines.append(f"{frame},{number},{left:.2f},{top:.2f},{width:.2f},{height:.2f},1,1,1")
    (folder / "gt" / "gt.txt").write_text("\n".join(lines))
    return folder / "gt" / "gt.txt"


@pytest.mark.process
@pytest.mark.video
@pytest.mark.slow(30)
def test_an_imported_file_builds(tmp_path: Path) -> None:
    """Boxes of one's own become a manifest, and `build` asks about what they name; source, split and licence are kept.

    The toys of the rendered clip are called dogs, of which the boxes show all.
    """
    world = next(world for world in demo_worlds(seed=5, count=30) if world.scenario == "meeters")
    boxes = write_boxes(world, tmp_path / "toys")
    (tmp_path / "videos").mkdir()
    render(world, tmp_path / "videos" / "toys.mp4")
    manifest = tmp_path / "m.jsonl"
    options = ["--videos", tmp_path / "videos", "--licence", "CC0", "--split", "train", "--complete", "dog"]
    assert exit_code(app, [str(part) for part in ("import", "mot", boxes, "--out", manifest, *options)]) == 0
    [ref] = refs(manifest)
    assert ref.annotations is not None
    assert len(ref.annotations.objects) == len(truth_of(world).tracks)
    assert left_out(manifest) == []
    out = tmp_path / "ds"
    assert exit_code(app, ["build", "facts", "--videos", str(manifest), "--out", str(out), "--local"]) == 0
    rows = [row for table in FinishedSet.open(str(out)).tables("pairs") for row in table.to_pylist()]
    assert {(row["video_id"], row["source"], row["split"], row["licence"]) for row in rows} == {
        ("toys", "boxes", "train", "CC0")
    }
    assert any("the dog" in row["question"] and "the dog" in row["chosen"] for row in rows)
