"""An account that the rows contradict is reported."""

import pyarrow.parquet as pq

from tests.finished import Whole
from tests.pipeline.verification.damage import DROPS, found, problems_of, rewrite


def test_a_lost_drop_is_reported(copy: Whole) -> None:
    """One drop fewer than the account lists: its type and reason are named with both counts."""
    drops = pq.read_table(copy.path / DROPS)
    first = drops.slice(0, 1).to_pylist()[0]
    count = sum(row["reason"] == first["reason"] for row in drops.to_pylist())
    rewrite(copy, DROPS, drops.slice(1))
    [problem] = problems_of(copy, "account")
    what = f"drops of type {first['item_type']} for {first['reason']}"
    assert problem == f"the set holds {count - 1} {what}, dataset.json lists {count}"


def test_a_video_with_pairs_cannot_be_dropped(copy: Whole) -> None:
    """A drop row of a video that has pairs contradicts them, whatever the account lists."""
    drops = pq.read_table(copy.path / DROPS)
    video_id = copy.clips[0].video_id
    row = drops.slice(0, 1).to_pylist()[0] | {"item_id": video_id, "item_type": "video", "reason": "too_short"}
    rewrite(copy, DROPS, type(drops).from_pylist([*drops.to_pylist(), row], schema=drops.schema))
    assert f"video {video_id}" in [failure.item for failure in found(copy)]
