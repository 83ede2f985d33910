"""`vidpref demo` refuses an --out in which it cannot render."""

from pathlib import Path

import pytest
from rich.console import Console

from pipeline.demo.run import DemoOptions, _is_rendered, _manifest, run_demo
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.truth.scene import truth_of
from pipeline.inputs.manifest import read_manifest
from pipeline.storage.location import Location
from schemas.errors import OutputError


def test_an_out_on_a_store_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips are rendered to a local disk: an address is refused, and no folder named `s3:` is made for it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match=r"^--out s3://bucket/demo: .*give a local path$"):
        run_demo(Console(quiet=True), DemoOptions("s3://bucket/demo", 2))
    assert list(tmp_path.iterdir()) == []


def test_an_out_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """It, and a folder below it, cannot be made."""
    file = tmp_path / "file"
    file.write_text("")
    for out in (file, file / "demo"):
        with pytest.raises(OutputError, match=f"^--out {out} cannot be written: "):
            run_demo(Console(quiet=True), DemoOptions(str(out), 2))


def test_every_second_clip_has_annotations_and_changed_worlds_are_rendered_anew(tmp_path: Path) -> None:
    """The manifest is one that a build reads; a video without the description of its world is not taken for it."""
    worlds = demo_worlds(1, 4)
    for folder in ("videos", "truth", "worlds"):
        (tmp_path / folder).mkdir()
    for world in worlds:
        (tmp_path / "videos" / f"{world.name}.mp4").touch()
        (tmp_path / "truth" / f"{world.name}.json").write_text(truth_of(world).model_dump_json())
        assert not _is_rendered(world, tmp_path)
        (tmp_path / "worlds" / f"{world.name}.json").write_text(world.model_dump_json())
        assert _is_rendered(world, tmp_path)
    found = {ref.uri: ref.annotations for ref, _ in read_manifest(Location.parse(str(_manifest(worlds, tmp_path))))}
    assert [found[f"videos/{world.name}.mp4"] is not None for world in worlds] == [True, False, True, False]
    told = found[f"videos/{worlds[0].name}.mp4"]
    assert told is not None
    assert {thing.noun for thing in told.objects} == {thing.shape.value for thing in worlds[0].things}
