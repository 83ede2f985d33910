"""What `datasets` opens."""

import re
from pathlib import Path
from typing import Any

import datasets
import pytest
import yaml

from tests.finished import Whole
from tests.pipeline.export.exporting import exported


def test_the_card_opens_pairs_with_their_frames(whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code of the card finds the frames of a pair, each stored once; its features are those of the tables, and no
    file is left that no table needs.
    """
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    account = exported(whole, tmp_path / "out", to="datasets")
    card = (tmp_path / "out" / "README.md").read_text()
    [code] = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code.replace("PATH", str(tmp_path / "out")), names)  # noqa: S102 the card's own code
    pairs, frames, place = names["pairs"], names["frames"], names["place"]
    said = {info["config_name"]: info["features"] for info in yaml.safe_load(card.split("---")[1])["dataset_info"]}
    for name, opened in (("pairs", pairs), ("frames", frames)):
        assert datasets.Features._from_yaml_list(said[name]) == opened.features
    assert len(place) == len(frames)
    assert names["images"][0].size == (pairs[0]["width"], pairs[0]["height"])
    assert len(pairs) == account.rows["train"]
    stored = frames.cast_column("image", datasets.Image(decode=False))
    clips = {clip.clip_id: clip.frames for clip in whole.clips}
    known = {pair.pair_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    for row in pairs:
        pair = known[row["pair_id"]]
        jpegs = [stored[place[name]]["image"]["bytes"] for name in row["frame_ids"]]
        assert jpegs == [frame.jpeg for frame in clips[pair.clip_id]]
        assert row["seconds"] == [frame.pts_seconds for frame in clips[pair.clip_id]]
        assert (row["chosen"], row["grounds"]) == (pair.chosen, "proven")
        assert row["chosen_spans"] == [span.model_dump() for span in pair.chosen_spans]
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert left == {"README.md", "data", "export.json", "left_out.jsonl"}
