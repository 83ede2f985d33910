"""What inspect tells of a set agrees with its rows, and what is asked for and not there is refused in one line."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from rich.console import Console

from pipeline.dataset.finished_set import TABLES, FinishedSet
from pipeline.inspection.pair_view import pair_view
from pipeline.inspection.run import InspectOptions, run_inspect
from pipeline.presentation.as_shown import as_shown
from pipeline.presentation.contact_sheet import contact_sheet
from pipeline.presentation.negative_sheet import negative_sheet
from pipeline.presentation.words import claim_words
from schemas.arrow import arrow_schema
from schemas.claim import PREDICATES, Claim, Predicate
from schemas.errors import OutputError, UserError
from schemas.interval import Interval
from schemas.pair import Pair, VisualEdit
from tests.finished import Whole, write_set


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A set of eight clips, never written to."""
    return write_set(tmp_path_factory.mktemp("inspect") / "ds", videos=8)


def shown(whole: Whole, **options: Any) -> str:
    """What inspect prints."""
    console = Console(file=io.StringIO(), record=True, width=200)
    run_inspect(console, InspectOptions(str(whole.path), **options))
    return console.export_text()


def pairs_of(whole: Whole) -> list[Pair]:
    """All rows of pairs."""
    return [pair for video in whole.finalised.videos for pair in video.pairs()]


def test_counts_are_those_of_the_rows(whole: Whole) -> None:
    """Every count that inspect gives as JSON can be counted again from the rows."""
    found = json.loads(shown(whole, as_json=True))
    pairs = pairs_of(whole)
    assert found["rows"] == {"pairs": len(pairs), "clips": len(whole.clips), "drops": len(whole.finalised.drops)}
    assert found["counts"]["axis"] == Counter(pair.axis.value for pair in pairs)
    assert found["counts"]["kind of rejection"] == Counter(pair.rejected_kind.value for pair in pairs)
    claims = [pair.chosen_claim for pair in pairs if pair.chosen_claim is not None]
    assert found["counts"]["predicate"] == Counter(claim.predicate.value for claim in claims)
    assert found["counts"]["visual negative"] == Counter(n.kind.value for pair in pairs for n in pair.visual_negatives)
    assert found["groups"] == len({pair.group_id for pair in pairs})
    assert found["account"] == whole.manifest.account.model_dump(mode="json")


def with_negatives(whole: Whole) -> Pair:
    """A pair of the set with a spec that needs no more than its clip, and one that borrows another."""
    pair = pairs_of(whole)[0]
    other = next(clip for clip in whole.clips if clip.clip_id != pair.clip_id)
    specs = [{"level": "instance", "kind": "black"}, {"level": "instance", "kind": "other_video"}]
    specs[1]["other_clip_id"] = other.clip_id
    return Pair.model_validate(pair.model_dump() | {"visual_negatives": specs, "visual_edit": "mirrored"})


def test_a_pair_lists_its_visual_negatives_with_what_they_name(whole: Whole) -> None:
    """Level, kind, and the clip that is borrowed; and that the clip is mirrored before anyone sees it."""
    pair = with_negatives(whole)
    console = Console(file=io.StringIO(), record=True, width=200)
    console.print(pair_view(pair, next(clip for clip in whole.clips if clip.clip_id == pair.clip_id)))
    text = console.export_text()
    assert "instance: black" in text
    assert f"instance: other video (of clip {pair.visual_negatives[1].other_clip_id})" in text
    assert "mirrored" in text


def test_a_sheet_of_a_pair_shows_what_is_corrupted(whole: Whole) -> None:
    """Each spec is a row of frames: the corrupted half of the first one is black, that of the second is not."""
    pair = with_negatives(whole)
    clip = next(clip for clip in whole.clips if clip.clip_id == pair.clip_id)
    others = {clip.clip_id: clip for clip in whole.clips}
    sheet = negative_sheet(pair, clip, others)
    black = [(row == 0).all(axis=1).mean() for row in sheet]
    assert max(black[: len(black) // 2]) > 0.3
    assert max(black[len(black) // 2 :]) < 0.01


@pytest.mark.parametrize("edit", [VisualEdit.MIRRORED, VisualEdit.REVERSED])
def test_a_twin_is_drawn_as_it_is_shown(whole: Whole, edit: VisualEdit) -> None:
    """Edited twice a clip's boxes, times and pixels are what they were, but for what JPEG loses; edited once, a box
    lies where its thing is: on the coloured pixels.
    """
    clip = whole.clips[0]
    once, twice = as_shown(clip, edit), as_shown(as_shown(clip, edit), edit)
    assert [f.pts_seconds for f in twice.frames] == pytest.approx([f.pts_seconds for f in clip.frames])
    for track, back in zip(clip.scene.tracks, twice.scene.tracks, strict=True):
        assert [b.frame_index for b in back.boxes] == [b.frame_index for b in track.boxes]
        assert [b.x0 for b in back.boxes] == pytest.approx([b.x0 for b in track.boxes])
    box = once.scene.tracks[0].boxes[0]
    pixels = cv2.imdecode(np.frombuffer(once.frames[box.frame_index].jpeg, np.uint8), cv2.IMREAD_COLOR)
    height, width = pixels.shape[:2]
    there = pixels[round(box.centre[1] * height), round(box.centre[0] * width)].astype(int)
    assert np.ptp(there) > 60  # a colour, on a grey ground


def test_a_pair_can_be_drawn(whole: Whole, tmp_path: Path) -> None:
    """--pair with --png writes a picture and says so."""
    pair = pairs_of(whole)[0]
    png = tmp_path / "pair.png"
    assert f"shows pair {pair.pair_id}" in shown(whole, pair=pair.pair_id, png=str(png))
    assert cv2.imread(str(png)) is not None


def test_every_column_is_listed(whole: Whole) -> None:
    """The schema shown is the schema stored."""
    found = json.loads(shown(whole, as_json=True))["columns"]
    assert {name: list(columns) for name, columns in found.items()} == {
        name: arrow_schema(record).names for name, record in TABLES.items()
    }


def test_the_account_is_shown_in_words(whole: Whole) -> None:
    """Each type of item appears with what was produced and why something was dropped."""
    text = shown(whole)
    for line in whole.manifest.account.lines:
        assert line.item_type.value in text
        assert all(entry.reason.value.replace("_", " ") in text for entry in line.dropped)


def test_drops_are_listed_with_file_stage_and_reason(whole: Whole) -> None:
    """As many as the account counts, each in a line that can be searched for its id as it is."""
    drops = json.loads(shown(whole, drops=True, as_json=True))
    account = FinishedSet.open(str(whole.path)).manifest.account
    assert Counter(drop["item_type"] for drop in drops) == {
        line.item_type.value: line.dropped_count for line in account.lines if line.dropped_count
    }
    lines = shown(whole, drops=True).splitlines()
    assert drops
    assert len(lines) == len(drops)
    for line, drop in zip(lines, drops, strict=True):
        assert line.startswith(f"{drop['uri'] or '-'}: ")
        assert f" {drop['item_id']} dropped by {drop['stage']}: {drop['reason'].replace('_', ' ')}" in line


def test_a_pair_is_shown_with_what_proves_it(whole: Whole) -> None:
    """Question, both answers, both claims with their tracks, and the times of the evidence are there to be read."""
    pair = pairs_of(whole)[0]
    text = shown(whole, pair=pair.pair_id)
    for part in (
        pair.question,
        pair.chosen,
        pair.rejected,
        "true by",
        "false by",
        "[t",
        "frames 2 to 3 (3.12 to 4.38 s)",
    ):
        assert part in text
    assert json.loads(shown(whole, pair=pair.pair_id, as_json=True))["pair_id"] == pair.pair_id


def test_a_clip_is_shown_in_words(whole: Whole) -> None:
    """Its tracks and events are named; as JSON it comes without pixels."""
    clip = whole.clips[0]
    text = shown(whole, clip=clip.clip_id)
    for track in clip.scene.tracks:
        assert track.colour is not None
        assert f"{track.colour.name.value} {track.track_id}" in text
    found = json.loads(shown(whole, clip=clip.clip_id, as_json=True))
    assert "jpeg" not in found["frames"][0]
    assert "frames" not in found["segments"][0]


def test_a_contact_sheet_is_written(whole: Whole, tmp_path: Path) -> None:
    """The PNG shows every box of a sampled frame in its track's colour: more of it than a sheet without boxes."""
    clip = whole.clips[0]
    target = tmp_path / "sheet.png"
    shown(whole, clip=clip.clip_id, png=str(target))
    with_boxes = cv2.imdecode(np.frombuffer(target.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    bare_tracks = tuple(track.model_copy(update={"boxes": ()}) for track in clip.scene.tracks)
    bare_clip = clip.model_copy(update={"scene": clip.scene.model_copy(update={"tracks": bare_tracks})})
    bare = cv2.imdecode(np.frombuffer(contact_sheet(bare_clip), np.uint8), cv2.IMREAD_COLOR)
    assert with_boxes is not None
    assert bare is not None
    assert with_boxes.shape == bare.shape
    changed = np.any(with_boxes != bare, axis=2)
    boxes = sum(len(track.boxes) for track in clip.scene.tracks)
    assert changed.sum() > boxes * 100


def test_lines_of_text_are_folded_above_the_frames(whole: Whole) -> None:
    """A sheet with lines is that without them, with their ink and as much paper put in above the frames."""

    def drawn(*said: str) -> np.ndarray:
        picture = cv2.imdecode(np.frombuffer(contact_sheet(whole.clips[0], said), np.uint8), cv2.IMREAD_COLOR)
        return np.asarray(picture)

    bare, one, two = drawn(), drawn("Which way does it go?"), drawn("Which way does it go? " * 20)
    assert bare.shape[0] < one.shape[0] < two.shape[0]
    assert np.array_equal(bare[-200:], one[-200:])
    assert (one < 128).sum() > (bare < 128).sum()


def test_a_sheet_is_the_same_each_time(whole: Whole) -> None:
    """Same clip, same bytes."""
    assert contact_sheet(whole.clips[0]) == contact_sheet(whole.clips[0])


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"pair": "nothing"}, "has no pair nothing; near it: "),
        ({"clip": "nothing"}, "has no clip nothing; near it: "),
        ({"pair": "a", "clip": "b"}, "choose one"),
        ({"clip": "b", "drops": True}, "--clip and --drops were given: choose one"),
        ({"png": "a.png"}, "add --clip ID or --pair ID"),
    ],
)
def test_what_is_not_there_is_refused(whole: Whole, options: dict[str, str | bool], named: str) -> None:
    """An id that the set does not hold, or options that do not go together, end in one line."""
    with pytest.raises(UserError, match=named) as caught:
        shown(whole, **options)
    assert "\n" not in str(caught.value)


def test_a_sheet_that_cannot_be_written_is_refused(whole: Whole, tmp_path: Path) -> None:
    """A --png below a file ends in one line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        shown(whole, clip=whole.clips[0].clip_id, png=str(tmp_path / "file" / "a.png"))


def test_rows_are_read_one_row_group_at_a_time(tmp_path: Path) -> None:
    """A table in many row groups reads as in one."""
    from pipeline.dataset.shard_writer import ShardSizes

    small = write_set(tmp_path / "small", videos=6, sizes=ShardSizes(row_group_rows=2, row_groups=2))
    opened = FinishedSet.open(str(small.path))
    assert len(opened.shards("pairs")) > 1
    assert list(opened.records(Pair, "pairs")) == pairs_of(small)


@pytest.mark.parametrize("predicate", list(Predicate))
def test_every_predicate_has_words(predicate: Predicate) -> None:
    """A claim of each predicate is said with its phrases, tracks and times, and nothing is left in braces."""
    shape = PREDICATES[predicate]
    claim = Claim(
        predicate=predicate,
        subject_tracks=("t1",) * shape.subjects,
        subject_phrases=("the red ball",) * shape.subjects,
        object_tracks=("t2",) * shape.objects,
        object_phrases=("the blue ball",) * shape.objects,
        intervals=tuple(Interval(start_seconds=i, end_seconds=i + 0.5) for i in range(shape.intervals)),
        value=None if not shape.values else "2" if shape.values == ("#",) else shape.values[0],
    )
    words = claim_words(claim)
    assert "{" not in words
    assert ("the red ball [t1]" in words) == bool(shape.subjects)
    assert ("the blue ball [t2]" in words) == bool(shape.objects)
    assert words.count(" s") >= shape.intervals


def test_clips_are_listed_with_what_to_type(whole: Whole) -> None:
    """File, clip, how many pairs and one of them; a clip is found by its file, too."""
    pairs = pairs_of(whole)
    said = shown(whole)
    for clip in whole.clips:
        own = [pair.pair_id for pair in pairs if pair.clip_id == clip.clip_id]
        [line] = [line for line in said.splitlines() if clip.clip_id in line and clip.uri.rpartition("/")[2] in line]
        file, clip_id, count, pair_id = line.split()
        assert (clip_id, int(count)) == (clip.clip_id, len(own))
        assert pair_id in own
        assert f"clip {clip_id}" in shown(whole, clip=file)
