"""`vidpref inspect` agrees with the rows of the set, and refuses what is not there in one line."""

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from PIL import Image
from rich.console import Console

from pipeline.dataset.finished_set import TABLES, FinishedSet
from pipeline.inspection.clip_list import clip_list
from pipeline.inspection.run import InspectOptions, run_inspect
from pipeline.presentation.words import track_name
from schemas.arrow import arrow_schema
from schemas.drop import DropCause, DropReason, ItemType
from schemas.errors import DatasetError, OutputError, UserError
from schemas.pair import Pair
from tests.finished import Whole, store


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
    claims = [claim for pair in pairs for claim in pair.chosen_claims]
    assert found["counts"]["predicate"] == Counter(claim.predicate.value for claim in claims)
    assert found["counts"]["visual negative"] == Counter(n.kind.value for pair in pairs for n in pair.visual_negatives)
    assert found["groups"] == len({pair.group_id for pair in pairs})
    assert found["account"] == whole.manifest.account.model_dump(mode="json")


def test_a_pair_and_a_clip_can_be_drawn(whole: Whole, tmp_path: Path) -> None:
    """With --png a picture is written, and the line names it; that of a pair also holds the pair's texts."""
    pair = pairs_of(whole)[0]
    heights = []
    for name, options in (("clip.png", {"clip": pair.clip_id}), ("pair.png", {"pair": pair.pair_id})):
        png = tmp_path / name
        assert str(png) in shown(whole, png=str(png), **options)
        with Image.open(png) as picture:
            heights.append(picture.height)
    assert heights[0] < heights[1]


def test_every_column_is_listed(whole: Whole) -> None:
    """The columns in the JSON are those of the Arrow schemas."""
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


def test_a_pair_as_json_is_its_row(whole: Whole) -> None:
    """Every field of the pair is there."""
    pair = pairs_of(whole)[0]
    assert Pair.model_validate_json(shown(whole, pair=pair.pair_id, as_json=True)) == pair
    assert pair.question in shown(whole, pair=pair.pair_id)


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


def test_tracks_are_listed(whole: Whole) -> None:
    """All tracks of the set, or those of one clip: what each shows, who found it, and on how many frames."""
    clips = json.loads(shown(whole, tracks=True, as_json=True))
    assert {(clip["clip_id"], track["track_id"]) for clip in clips for track in clip["scene"]["tracks"]} == {
        (clip.clip_id, track.track_id) for clip in whole.clips for track in clip.scene.tracks
    }
    one = whole.clips[0]
    [found] = json.loads(shown(whole, tracks=True, clip=one.clip_id, as_json=True))
    assert [len(t["boxes"]) for t in found["scene"]["tracks"]] == [len(t.boxes) for t in one.scene.tracks]
    text = shown(whole, tracks=True, clip=one.clip_id)
    assert all(track_name(track) in text and track.source in text for track in one.scene.tracks)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"pair": "nothing"}, "has no pair nothing; the nearest are "),
        ({"pair": "\udcff"}, r"has no pair \\udcff; the nearest are "),
        ({"clip": "nothing"}, "has no clip nothing; the nearest are "),
        ({"pair": "a", "clip": "b"}, "choose one"),
        ({"clip": "b", "drops": True}, "--clip and --drops were given: choose one"),
        ({"png": "a.png"}, "add --clip ID or --pair ID"),
        ({"tracks": True, "drops": True}, "--tracks can be combined with --clip alone"),
        ({"tracks": True, "clip": "nothing"}, "has no clip nothing; the nearest are "),
    ],
)
def test_what_is_not_there_is_refused(whole: Whole, options: dict[str, str | bool], named: str) -> None:
    """An id that the set does not hold, or options that do not go together, end in one line."""
    with pytest.raises(UserError, match=named) as caught:
        shown(whole, **options)
    assert "\n" not in str(caught.value)


def test_a_set_without_pairs_has_none_to_name(tmp_path: Path) -> None:
    """There is no nearest id then, and the line says so."""
    store(tmp_path / "ds", [], [], [], questions=0)
    with pytest.raises(UserError, match=r"has no pair p; the set has no pairs at all$"):
        run_inspect(Console(file=io.StringIO()), InspectOptions(str(tmp_path / "ds"), pair="p"))


def test_a_set_that_lacks_a_clip_is_refused(whole: Whole) -> None:
    """A pair that refers to a clip that is not in the set ends in one line, not in a KeyError."""
    first, *others = whole.clips
    missing = {clip.clip_id for clip in others}
    opened = FinishedSet.open(str(whole.path))
    tables = opened.tables

    def without_others(table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        for part in tables(table, columns):
            yield part if table == "pairs" else part.filter(pc.equal(part.column("clip_id"), first.clip_id))

    opened.tables = without_others  # type: ignore[method-assign]  # the set as if these rows were lost
    with pytest.raises(DatasetError, match=f"pairs refer to clip ({'|'.join(missing)}), .*see vidpref verify"):
        clip_list(opened)


def test_a_sheet_that_cannot_be_written_is_refused(whole: Whole, tmp_path: Path) -> None:
    """A --png below a file ends in one line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        shown(whole, clip=whole.clips[0].clip_id, png=str(tmp_path / "file" / "a.png"))


def test_clips_are_listed_with_what_to_type(whole: Whole) -> None:
    """File, clip id, number of pairs and one pair id; a clip is found by its file name, too."""
    pairs = pairs_of(whole)
    said = shown(whole)
    for clip in whole.clips:
        own = [pair.pair_id for pair in pairs if pair.clip_id == clip.clip_id]
        [line] = [line for line in said.splitlines() if clip.clip_id in line and clip.uri.rpartition("/")[2] in line]
        file, clip_id, count, pair_id = line.split()
        assert (clip_id, int(count)) == (clip.clip_id, len(own))
        assert pair_id in own
        assert f"clip {clip_id}" in shown(whole, clip=file)


def test_a_name_with_a_line_break_stays_in_its_line(tmp_path: Path) -> None:
    """A file name may hold any character: it is escaped in the lines of drops."""
    drop = DropCause(DropReason.UNDECODABLE).drop("v", ItemType.VIDEO, "decode", uri="a\nb\x1b[31m.mp4")
    store(tmp_path / "ds", [], [], [drop], questions=0)
    console = Console(file=io.StringIO(), record=True, width=200)
    run_inspect(console, InspectOptions(str(tmp_path / "ds"), drops=True))
    [line] = console.export_text().splitlines()
    assert line.startswith("a\\nb\\x1b[31m.mp4: video v dropped by decode: undecodable")
