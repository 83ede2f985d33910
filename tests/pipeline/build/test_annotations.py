"""Annotations travel from the manifest to ground and generate, and decide what a unit is made of."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from numpy.random import Generator

from schemas.drop import Drop
from schemas.errors import VideosError
from stages.payloads import DecodedVideo, GroundedVideo, WrittenVideo
from tests.pipeline.fakes import FakeGenerate, FakeGround, fake_steps
from tests.pipeline.runs import make_videos, run_fakes, unit_states

DOG = {"objects": [{"id": "dog", "noun": "dog"}], "absent": ["cat"]}
SECOND = {"start_seconds": 0, "end_seconds": 1}
TOO_WIDE = {"x0": 0, "y0": 0, "x1": 2, "y1": 1}


class _SeenGround(FakeGround):
    """Notes the nouns that the annotations name."""

    notes: str

    def process(self, item: DecodedVideo, tools: None, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        _note(self.notes, item)
        yield from super().process(item, tools, rng)


class _SeenGenerate(FakeGenerate):
    """Notes the nouns that the annotations name."""

    notes: str

    def process(self, item: GroundedVideo, tools: None, rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        _note(self.notes, item)
        yield from super().process(item, tools, rng)


def _note(file: str, item: DecodedVideo | GroundedVideo) -> None:
    nouns = [thing.noun for thing in item.annotations.objects] if item.annotations else []
    with Path(file).open("a") as stream:
        stream.write(f"{type(item).__name__} {' '.join(nouns)}\n")


def _manifest(folder: Path, *lines: object) -> str:
    (folder / "m.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    return str(folder / "m.jsonl")


@pytest.mark.process
@pytest.mark.parametrize("inline", [True, False], ids=["inline", "by path"])
def test_annotations_reach_ground_and_generate(tmp_path: Path, inline: bool) -> None:
    """Given in the manifest or in a file that it names, both stages are handed them."""
    videos = make_videos(tmp_path / "videos", 1)
    (videos / "dog.json").write_text(json.dumps(DOG))
    manifest = _manifest(videos, {"uri": "000.mp4", "annotations": DOG if inline else "dog.json"})
    notes = str(tmp_path / "notes")
    steps = fake_steps(ground=_SeenGround(notes=notes), generate=_SeenGenerate(notes=notes))
    run_fakes(manifest, tmp_path / "ds", steps=steps)
    assert Path(notes).read_text().splitlines() == ["DecodedVideo dog", "GroundedVideo dog"]


@pytest.mark.process
def test_other_annotations_make_another_unit(tmp_path: Path) -> None:
    """A changed annotation makes its video's unit anew and no other; with the old one, both units are there."""
    videos = make_videos(tmp_path / "videos", 2)
    other = {"uri": "001.mp4"}
    run_fakes(_manifest(videos, {"uri": "000.mp4", "annotations": DOG}, other), tmp_path / "ds")
    before = unit_states(tmp_path / "ds")
    run_fakes(_manifest(videos, {"uri": "000.mp4", "annotations": {"absent": ["cat"]}}, other), tmp_path / "ds")
    after = unit_states(tmp_path / "ds")
    assert len(before) == 2
    assert len(after) == 3
    assert all(after[name] == state for name, state in before.items())


@pytest.mark.parametrize(
    ("annotations", "problem"),
    [
        ({"objects": [{"id": "a", "noun": "dog"}], "absent": ["dog"]}, "both as an object and as absent"),
        ({"events": [{"phrase": "A dog barks", "start_seconds": 2, "end_seconds": 1}]}, "must end after it starts"),
        (
            {"events": [{"phrase": "x", "start_seconds": 0, "end_seconds": 1, "objects": ["dog"]}]},
            "no object has the id",
        ),
        (
            {"objects": [{"id": "a", "noun": "b", "boxes": [{"pts_seconds": 0, "x0": 0, "y0": 0, "x1": 2, "y1": 1}]}]},
            "x1",
        ),
        ({"objectz": []}, "did you mean objects?"),
        ("gone.json", "gone.json"),
        ("broken.json", "annotations broken.json is not JSON"),
    ],
)
def test_wrong_annotations_are_refused_with_their_line(tmp_path: Path, annotations: object, problem: str) -> None:
    """One line names the manifest's line and what is wrong; nothing is built."""
    videos = make_videos(tmp_path / "videos", 2)
    (videos / "broken.json").write_text("{")
    manifest = _manifest(videos, {"uri": "001.mp4"}, {"uri": "000.mp4", "annotations": annotations})
    with pytest.raises(VideosError) as refused:
        run_fakes(manifest, tmp_path / "ds")
    assert "line 2" in str(refused.value)
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)
