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
DOG_OBJECT = {"id": "dog", "noun": "dog"}
TOO_WIDE = {"x0": 0, "y0": 9, "x1": 641, "y1": 99}
FRAME = {"frame_width": 640, "frame_height": 360}


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
        ({"objects": [DOG_OBJECT], "absent": ["Dog"]}, "'dog' is listed both as an object and as absent"),
        ({"counts": [{"noun": "dog", "count": 2, **SECOND}], "absent": ["dog"]}, "absent, but counted 2 times"),
        (
            {"events": [{"phrase": "A dog barks", "start_seconds": 2, "end_seconds": 1}]},
            "[2.0, 1.0) must end after it starts",
        ),
        (
            {"objects": [DOG_OBJECT], "events": [{"phrase": "A dog barks", "objects": ["dog1"], **SECOND}]},
            "event 'A dog barks': no object has the id 'dog1'; did you mean 'dog'?",
        ),
        (
            {"objects": [DOG_OBJECT], "relations": [{"subject": "dog", "relation": "on", "object": "bed", **SECOND}]},
            "relation 'on': no object has the id 'bed'; the ids are dog",
        ),
        ({"objects": [DOG_OBJECT, DOG_OBJECT]}, "two objects have the id 'dog'"),
        (
            {"objects": [{**DOG_OBJECT, "boxes": [{"pts_seconds": 0, "x0": 0, "y0": 0, "x1": 2, "y1": 1}]}]},
            "object 'dog': box at 0.0 s is outside the frame 0..1 (for pixels, give frame_width): x1 2.0",
        ),
        (
            {
                **FRAME,
                "objects": [{**DOG_OBJECT, "boxes": [{"pts_seconds": 0, "x0": 0, "y0": 9, "x1": 641, "y1": 99}]}],
            },
            "object 'dog': box at 0.0 s is outside the frame of 640 x 360 pixels: x1 641.0",
        ),
        (
            {**FRAME, "objects": [{**DOG_OBJECT, "boxes": [{"pts_seconds": 0, "x0": 0, "y0": 0, "x1": 1, "y1": 1}]}]},
            "all boxes are in 0..1",
        ),
        ({"frame_width": 640}, "frame_width and frame_height are given together"),
        ({"objects": [{**DOG_OBJECT, "boxes": [{"pts_seconds": 0, "x0": float("nan"), "y0": 0}]}]}, "finite number"),
        (
            {"duration_seconds": 0.4, "events": [{"phrase": "A dog barks", **SECOND}]},
            "event 'A dog barks' ends at 1.0 s, but duration_seconds is 0.4",
        ),
        (
            {
                "events": [
                    {"phrase": "A", "start_seconds": 5, "end_seconds": 6},
                    {"phrase": "B", **SECOND},
                ],
                "ordered": [[0, 1]],
            },
            "event 0 comes before event 1, but they start at 5.0 and 0.0 s",
        ),
        ({"ordered": [[0, 1]]}, "ordered refers to event 0, but there are 0 events"),
        ({"objectz": []}, "did you mean objects?"),
        ("gone.json", "gone.json"),
        ("broken.json", "annotations broken.json is not JSON"),
        ("latin.json", "annotations latin.json is not UTF-8: byte 0xe9 at position 16"),
    ],
)
def test_wrong_annotations_are_refused_with_their_line(tmp_path: Path, annotations: object, problem: str) -> None:
    """One line names the manifest's line and what is wrong; nothing is built."""
    videos = make_videos(tmp_path / "videos", 2)
    (videos / "broken.json").write_text("{")
    (videos / "latin.json").write_bytes('{"absent": ["café"]}'.encode("latin-1"))
    manifest = _manifest(videos, {"uri": "001.mp4"}, {"uri": "000.mp4", "annotations": annotations})
    with pytest.raises(VideosError) as refused:
        run_fakes(manifest, tmp_path / "ds")
    assert "line 2" in str(refused.value)
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_manifest_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    """If one line of a manifest is Latin-1 and the others are UTF-8, that line is named, not the whole file."""
    videos = make_videos(tmp_path / "videos", 1)
    lines = [b'{"uri": "000.mp4"}', '{"uri": "000.mp4", "id": "é"}'.encode("latin-1")]
    (videos / "m.jsonl").write_bytes(b"\n".join(lines))
    with pytest.raises(VideosError, match=r"line 2: the line is not UTF-8: byte 0xe9 .*; save the whole file as UTF-8"):
        run_fakes(str(videos / "m.jsonl"), tmp_path / "ds")
