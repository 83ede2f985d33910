"""Annotations that people wrote by eye, as the shared clips have them, and a manifest made of them.

One JSON object a line: `file`, `duration_seconds`, `caption`, `objects` (id, label, phrase, colour, moves, visible as
pairs of seconds, boxes as t, x0, y0, x1, y1 in 0..1, notes), `absent`, `events` (id, phrase, who, start, end),
`order_certain` (pairs of event ids), `text` (string, start, end, box), `shots` (pairs), `camera` (start, end, motion),
`counts` (noun, n, start, end), `relations` (a, b, relation, start, end), `qa` (question, type, axis, answer, wrong,
evidence_times). `certain: false` marks what was not plain to see.

    python -m tests.described MANIFEST FOLDER ...

writes a manifest of all clips of the folders, each of which holds an annotations.jsonl.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from schemas.annotations import Annotations

_Given = dict[str, Any]


def annotations_of(clip: _Given) -> Annotations:
    """One line as annotations. Boxes that a note calls rough say nothing of places; rough times say nothing."""
    places = {event["id"]: number for number, event in enumerate(clip["events"])}
    return Annotations.model_validate(
        {
            "duration_seconds": clip["duration_seconds"],
            "captions": [clip["caption"]],
            "objects": [_object(thing) for thing in clip["objects"]],
            "events": [
                {"phrase": event["phrase"], "objects": event["who"], **_span(event)} for event in clip["events"]
            ],
            "ordered": [[places[a], places[b]] for a, b in clip["order_certain"]],
            "texts": [
                {"text": text["string"], "box": _box(text["box"], text["start"]), **_span(text)}
                for text in clip["text"]
            ],
            "shots": [_pair(pair) for pair in clip["shots"]],
            "camera": [{"motion": one["motion"], **_span(one)} for one in clip["camera"]],
            "counts": [{"noun": one["noun"], "count": one["n"], **_span(one)} for one in clip["counts"]],
            "relations": [
                {"subject": one["a"], "relation": one["relation"], "object": one["b"], **_span(one)}
                for one in clip["relations"]
            ],
            "questions": [_question(one) for one in clip["qa"]],
            "absent": clip["absent"],
        }
    )


def _object(thing: _Given) -> _Given:
    return {
        "id": thing["id"],
        "noun": thing["label"],
        "phrase": thing["phrase"],
        "colour": thing["colour"],
        "moves": thing["moves"],
        "visible": [_pair(pair) for pair in thing["visible"]],
        "boxes": [_box(box, box["t"]) for box in thing["boxes"]],
        "rough": "rough" in thing["notes"],
        "certain": thing.get("certain", True) and not re.search(r"times\b.*\brough", thing["notes"]),
    }


def _question(asked: _Given) -> _Given:
    return {
        "question": asked["question"],
        "answer": asked["answer"],
        "wrong": asked["wrong"],
        "question_type": asked["type"],
        "axis": asked["axis"],
        "evidence_seconds": asked["evidence_times"],
        "certain": asked.get("certain", True),
    }


def _span(given: _Given) -> _Given:
    return {
        "start_seconds": given["start"],
        "end_seconds": given["end"],
        "certain": given.get("certain", True),
    }


def _pair(pair: list[float]) -> _Given:
    return {"start_seconds": pair[0], "end_seconds": pair[1]}


def _box(box: _Given | None, seconds: float) -> _Given | None:
    return box and {"pts_seconds": seconds, **{edge: box[edge] for edge in ("x0", "y0", "x1", "y1")}}


def described(folder: Path) -> dict[str, Annotations]:
    """The annotations of every clip of a folder, by the name of its file."""
    lines = (folder / "annotations.jsonl").read_text(encoding="utf-8").splitlines()
    clips = [json.loads(line) for line in lines if line.strip()]
    return {clip["file"]: annotations_of(clip) for clip in clips}


def write_manifest(manifest: Path, folders: list[Path]) -> None:
    """Write one line for each annotated clip, with its annotations."""
    rows = (
        {"uri": str(folder.resolve() / name), "id": Path(name).stem, "annotations": said.model_dump(mode="json")}
        for folder in folders
        for name, said in described(folder).items()
    )
    manifest.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    write_manifest(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
