"""Row groups are read about once an epoch, because those that fit into memory are trained on together."""

from dataclasses import replace
from pathlib import Path

from numpy.random import default_rng

from schemas.shown import EditKind, Shown, ShownEdit
from schemas.visual_negative import VisualKind, VisualNegative
from tests.trainer.policies import rows_of
from tests.trainer.reading import amplification, write_padded_set
from trainer.data.records import GroupRows
from trainer.data.shards import ClipPlace
from trainer.data.windows import shows_segments, windows

PLACES = {f"v{i}-000": ClipPlace(i, 0, 64, 48, (0.0,), group_frame_bytes=10, group_segment_bytes=90) for i in range(40)}


def asked(*borrows: tuple[int, int]) -> list[GroupRows]:
    """One group about each clip; for each (a, b) clip a borrows clip b."""
    other = {a: VisualNegative(level=OTHER.level, kind=OTHER, other_clip_id=f"v{b}-000") for a, b in borrows}
    return [replace(rows_of(f"g{i:02d}", f"v{i}"), negatives=(other[i],) if i in other else ()) for i in range(40)]


OTHER = VisualKind.OTHER_VIDEO


def test_windows_hold_what_fits_and_the_seed_decides() -> None:
    """40 clips of 10 bytes in windows of 100 make 4 windows of 10 clips; input in another order changes nothing."""
    found = windows(asked(), PLACES, default_rng(0), contrasts=False, window_bytes=100)
    assert sorted(found.values()) == [number for number in range(4) for _ in range(10)]
    assert windows(asked()[::-1], PLACES, default_rng(0), contrasts=False, window_bytes=100) == found
    assert windows(asked(), PLACES, default_rng(1), contrasts=False, window_bytes=100) != found
    assert set(windows(asked(), PLACES, default_rng(0), contrasts=False).values()) == {0}


def test_clips_that_borrow_from_each_other_share_a_window() -> None:
    """20 pairs, half in each of two windows: by chance a pair is split as often as not, here none but one at a border
    is. Without contrasts nothing is borrowed.
    """
    groups = asked(*((i, i + 20) for i in range(20)))
    split = {
        contrasts: sum(found[f"v{i}-000"] != found[f"v{i + 20}-000"] for i in range(20))
        for contrasts in (True, False)
        for found in [windows(groups, PLACES, default_rng(0), contrasts=contrasts, window_bytes=200)]
    }
    assert split[True] == 0
    assert split[False] > 5


def test_segments_are_read_where_they_are_shown() -> None:
    """A stretch that is shown alone or slowed down needs them, and a negative that prefers one; other groups do not."""
    plain = rows_of()
    slowed = ShownEdit(kind=EditKind.SLOWED, start_seconds=1, end_seconds=2, amount=0.5)
    kind = VisualKind.OTHER_SEGMENT
    negative = VisualNegative(level=kind.level, kind=kind, preferred_segment_id="s0", segment_id="s1")
    assert not shows_segments(plain, contrasts=True)
    assert shows_segments(replace(plain, shown=Shown(segment_id="s0")), contrasts=False)
    assert shows_segments(replace(plain, shown=Shown(edits=(slowed,))), contrasts=False)
    assert shows_segments(replace(plain, negatives=(negative,)), contrasts=True)
    assert not shows_segments(replace(plain, negatives=(negative,)), contrasts=False)


def test_an_epoch_reads_each_row_group_about_once(tmp_path: Path) -> None:
    """A fourth of the set in a window: in windows an epoch fetches at most 1.5 times the bytes that it shows; in
    a random order over the whole set more than 3 times.
    """
    path = write_padded_set(tmp_path)
    assert amplification(str(path), 300_000, in_windows=True) <= 1.5
    assert amplification(str(path), 300_000, in_windows=False) > 3
