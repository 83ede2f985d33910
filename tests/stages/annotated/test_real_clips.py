"""The annotations of the shared real clips, and a clip that is asked about with them."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.inputs.manifest import read_manifest
from pipeline.storage.location import Location
from schemas.drop import Drop
from schemas.scene import Event, EventKind, Scene
from stages.annotated.fit import misfit
from stages.claims.proof import ClipProver, ProofConfig
from stages.decode import DecodeVideo
from stages.generate import Generate
from stages.ground import Ground
from stages.payloads import DecodedVideo, GroundedVideo, VideoFile, WrittenVideo
from stages.stage import read_here
from stages.verify import prove_group
from tests.described import annotations_of, described, write_manifest
from tests.shared import NEEDS_SHARED, shared

CLIP = {
    "file": "a.mp4",
    "duration_seconds": 5.0,
    "caption": "A dog sits.",
    "objects": [
        {
            "id": "dog",
            "label": "dog",
            "phrase": "the dog",
            "colour": None,
            "moves": True,
            "visible": [[0, 5]],
            "boxes": [{"t": 0, "x0": 0, "y0": 0, "x1": 0.5, "y1": 0.5}],
            "notes": "boxes are rough",
        }
    ],
    "absent": ["cat"],
    "events": [
        {"id": "e1", "phrase": "the dog sits", "who": ["dog"], "start": 0, "end": 1},
        {"id": "e2", "phrase": "the dog barks", "who": ["dog"], "start": 2, "end": 3},
    ],
    "order_certain": [["e1", "e2"]],
    "shots": [[0, 5]],
    "camera": [{"start": 0, "end": 5, "motion": "still"}],
    "text": [
        {"string": "OK", "start": 0, "end": 5, "box": {"x0": 0, "y0": 0, "x1": 1, "y1": 1}, "certain": False},
    ],
    "counts": [{"noun": "dog", "n": 1, "start": 0, "end": 5, "certain": True}],
    "relations": [],
    "qa": [
        {
            "question": "What is it?",
            "type": "object",
            "axis": None,
            "answer": "A dog",
            "wrong": ["A cat"],
            "evidence_times": [1.0],
        }
    ],
}


def test_a_described_clip_becomes_annotations() -> None:
    """Events are ordered by their place, notes say which boxes are rough, and doubt stays doubt."""
    found = annotations_of(CLIP)
    assert found.ordered == ((0, 1),)
    assert found.objects[0].rough
    assert found.objects[0].visible[0].end_seconds == 5
    assert [text.certain for text in found.texts] == [False]
    assert (found.questions[0].evidence_seconds, found.counts[0].count, found.absent) == ((1.0,), 1, ("cat",))


@NEEDS_SHARED
@pytest.mark.video
def test_every_described_clip_is_a_line_of_a_manifest(tmp_path: Path) -> None:
    """All 22 clips convert, and the manifest is read as it was written."""
    folders = [shared("videos"), shared("videos_more")]
    write_manifest(tmp_path / "m.jsonl", folders)
    lines = read_manifest(Location.parse(str(tmp_path / "m.jsonl")))
    names = {json.loads(line)["uri"] for line in (tmp_path / "m.jsonl").read_text().splitlines()}
    assert {ref.uri for ref, _ in lines} == names
    assert len(names) == 22
    assert all(ref.annotations is not None and ref.annotations.objects for ref, _ in lines)


@NEEDS_SHARED
@pytest.mark.video
def test_a_real_clip_is_asked_about_by_the_names_of_its_things() -> None:
    """The woman, the dog and the bowls of cooking.avi: at least ten proven groups name them, or what they do."""
    folder = shared("videos")
    annotations = described(folder)["cooking.avi"]
    (decoded,) = DecodeVideo().clips_of(VideoFile(folder / "cooking.avi", "0" * 64, annotations))
    assert isinstance(decoded, DecodedVideo)
    assert misfit(annotations, [clip.header for clip in decoded.clips]) is None
    ground = Ground()
    (grounded,) = ground.process(decoded, ground.open(read_here), np.random.default_rng(0))
    assert isinstance(grounded, GroundedVideo)
    scene = grounded.clips[0].scene
    assert {track.label for track in scene.tracks} >= {"person", "dog", "bowl", "pan"}
    assert _named(scene)[0].phrase == "the woman lifts the white bowl"
    *_, written = Generate().process(grounded, read_here, np.random.default_rng(0))
    assert isinstance(written, WrittenVideo)
    prover = ClipProver(grounded.clips[0], ProofConfig())
    named = [group for group in written.groups if group.twin_of is None and _names_things(group.question)]
    assert len({group.slot_id for group in named}) >= 10
    assert not any(isinstance(prove_group(group, prover), Drop) for group in named)


def _named(scene: Scene) -> list[Event]:
    return [event for event in scene.events if event.kind is EventKind.NAMED]


def _names_things(question: str) -> bool:
    return any(word in question for word in ("woman", "dog", "bowl", "pan", "spatula", "microwave"))
