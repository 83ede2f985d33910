"""What TRL reads."""

from pathlib import Path

from tests.finished import Whole
from tests.pipeline.export.exporting import exported, lines


def test_a_row_is_a_conversation_with_an_image_for_each_frame(whole: Whole, tmp_path: Path) -> None:
    """The images lie below the row's own file, in the order of the clip; with --times the time stands before each."""
    exported(whole, tmp_path / "plain")
    exported(whole, tmp_path / "timed", format={"times": True})
    clips = {clip.clip_id: clip for clip in whole.clips}
    pairs = {pair.pair_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    for name in ("plain", "timed"):
        for file in (tmp_path / name).glob("*/metadata.jsonl"):
            for row in lines(file):
                pair = pairs[row["pair_id"]]
                frames = clips[pair.clip_id].frames
                jpegs = [(file.parent / image).read_bytes() for image in row["images_file_names"]]
                assert jpegs == [frame.jpeg for frame in frames]
                said = [part.get("text") for part in row["prompt"][0]["content"]]
                times = [[f"{frame.pts_seconds:.1f} s:"] if name == "timed" else [] for frame in frames]
                assert said == [text for time in times for text in (*time, None)] + [pair.question]
                assert row["chosen"][0]["content"] == [{"type": "text", "text": pair.chosen}]
                assert row["rejected"][0]["content"] == [{"type": "text", "text": pair.rejected}]
