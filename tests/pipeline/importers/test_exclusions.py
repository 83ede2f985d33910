"""What must stay out: by id, and by looks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.importers.exclusions import plain_id
from pipeline.importers.left_out import ImportKind, ImportReason
from tests.pipeline.importers.test_run import imported, left_out, lines_of, refs
from tests.videos import KINDS, make_video


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("star/CSLEP.mp4", "CSLEP"),
        ("v_QOlSCBRmfWY", "QOlSCBRmfWY"),
        ("0_30_s_youtube/ytb_QOlSCBRmfWY.mp4", "QOlSCBRmfWY"),
        ("QOlSCBRmfWY_000179_000189", "QOlSCBRmfWY"),
        ("QOlSCBRmfWY_33_46.avi", "QOlSCBRmfWY"),
        ("v_1_2_3", "v_1_2_3"),
        ("video7", "video7"),
        ("1021488277_reverse", "1021488277_reverse"),
        ("a.b", "a.b"),
    ],
)
def test_names_of_one_video_in_several_sets_agree(name: str, expected: str) -> None:
    """Folders, extensions, prefixes and spans that data sets add to ids of YouTube are taken off, and nothing else."""
    assert plain_id(name) == expected


@pytest.mark.parametrize("form", ["text", "manifest"])
def test_videos_with_an_excluded_id_are_left_out_with_all_that_is_said_of_them(tmp_path: Path, form: str) -> None:
    """A text lists ids, a manifest has them."""
    if form == "text":
        (place := tmp_path / "ids.txt").write_text("\nabcdefghijk\n other\n")
    else:
        (place := tmp_path / "m.jsonl").write_text(json.dumps({"uri": "x/1.mp4", "id": "v_abcdefghijk"}))
    rows = [{"videoID": name, "enCap": ["A kite flies."]} for name in ("abcdefghijk_000010_000020", "kite")]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    report = imported("vatex", str(tmp_path / "rows.jsonl"), out=tmp_path / "out.jsonl", exclude=(str(place),))
    assert [ref.id for ref in refs(tmp_path / "out.jsonl")] == ["kite"]
    for kind in (ImportKind.VIDEO, ImportKind.CAPTION):
        assert lines_of(report)[kind].left_out == {ImportReason.EXCLUDED_BY_ID: 1}


@pytest.mark.process
@pytest.mark.video
def test_copies_of_excluded_videos_are_left_out_by_their_looks(tmp_path: Path) -> None:
    """A copy under another name, by another codec and without its last second, is known; another video is not."""
    spec = KINDS["h264_b_pyramid"]
    for name, seed in (("copied", 1), ("other", 2)):
        (tmp_path / "videos").mkdir(exist_ok=True)
        make_video(tmp_path / "videos" / name, replace(spec, seed=seed))
    (tmp_path / "bench").mkdir()
    make_video(tmp_path / "bench" / "q17", replace(KINDS["mpeg4"], seed=1, num_frames=spec.num_frames - spec.fps))
    rows = [{"videoID": name, "enCap": ["A square moves."]} for name in ("copied", "other")]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    options = {"videos": str(tmp_path / "videos"), "exclude": (str(tmp_path / "bench"),), "workers": 2}
    imported("vatex", str(tmp_path / "rows.jsonl"), out=tmp_path / "m.jsonl", **options)
    assert [ref.id for ref in refs(tmp_path / "m.jsonl")] == ["other"]
    video = left_out(tmp_path / "m.jsonl")[0]
    assert (video["video"], video["reason"], video["detail"]) == ("copied", ImportReason.EXCLUDED_BY_LOOKS, "q17.mp4")
