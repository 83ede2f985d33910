"""`vidpref export` writes rows and media, leaves nothing out without a word, and refuses what it cannot do."""

import json
from pathlib import Path

import pytest

from schemas.errors import UserError
from tests.finished import Whole
from tests.pipeline.export.exporting import exported, lines


def test_every_pair_is_in_a_row_and_its_frames_are_stored_once(whole: Whole, tmp_path: Path) -> None:
    """No text names seconds, so that all pairs go out; each clip has 8 frames, of which those before and after the
    crossing are all alike.
    """
    account = exported(whole, tmp_path / "out")
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    rows = [row for file in (tmp_path / "out").glob("*/metadata.jsonl") for row in lines(file)]
    assert (account.pairs, account.exported, account.left_out) == (len(pairs), len(pairs), {})
    assert sorted(row["pair_id"] for row in rows) == sorted(pair.pair_id for pair in pairs)
    stored = {jpeg.read_bytes() for jpeg in (tmp_path / "out").rglob("*.jpg")}
    assert {frame.jpeg for clip in whole.clips for frame in clip.frames} == stored
    assert json.loads((tmp_path / "out" / "export.json").read_text())["exported"] == len(pairs)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"to": "parquet"}, "--to 'parquet': there is no such format; allowed are "),
        ({"media": "video"}, "--media 'video': TRL reads frames"),
        ({"out": "s3://bucket/out"}, "is on a store"),
        ({"filters": ("axis=sideways",)}, "'sideways' is no axis; allowed are cross_frame, spatial, temporal"),
        ({"filters": ("colour=red",)}, "there is no field 'colour'; allowed are axis, "),
        ({"filters": ("good",)}, "give one of annotated, judged, proven, unchecked, accepted, or FIELD=VALUE"),
        ({"where": "axes = 1"}, "--where 'axes = 1': "),
        ({"filters": ("proven", "split=test")}, "nothing is left to export of "),
        ({"filters": ("accepted",)}, "holds no verdicts of people"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    whole: Whole, tmp_path: Path, options: dict[str, object], words: str
) -> None:
    """Each wrong option is refused, and no folder is left behind."""
    with pytest.raises(UserError) as refused:
        exported(whole, tmp_path / "out", **options)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_not_written_over(whole: Whole, tmp_path: Path) -> None:
    """An empty one is taken; one with a file stays as it is."""
    (tmp_path / "empty").mkdir()
    exported(whole, tmp_path / "empty")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="exists; give a new folder"):
        exported(whole, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
