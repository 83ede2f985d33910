"""Videos of benchmarks are found by id and by looks."""

from pathlib import Path

import numpy as np

from pipeline.audit.contamination import FoundBy, NamedPairs, contamination
from pipeline.audit.looks import VideoLook
from pipeline.importers.exclusions import Exclusions

VIDEOS = {
    "a": NamedPairs(("G9zN5TTuGO4_000179_000189.mp4", "a"), 3),
    "b": NamedPairs(("other.mp4", "b"), 2),
    "c": NamedPairs(("third.mp4", "c"), 1),
}


def test_ids_are_found_whatever_sets_add_to_them(tmp_path: Path) -> None:
    """An id of YouTube in a list finds a file that carries its seconds, too; the set's own id counts likewise."""
    (tmp_path / "ids.txt").write_text("v_G9zN5TTuGO4\nb\nnothing\n")
    place = str(tmp_path / "ids.txt")
    found = contamination([place], Exclusions.read([place], 1, by_looks=True), VIDEOS, [])
    assert [(one.video, one.by) for one in found.found] == [
        ("G9zN5TTuGO4_000179_000189.mp4", FoundBy.ID),
        ("other.mp4", FoundBy.ID),
    ]
    assert (found.pairs, found.ids, found.looked_at, found.benchmarks) == (5, 3, 0, (place,))


def test_what_looks_alike_is_found_unless_its_id_was() -> None:
    """A has the id, b the looks of a benchmark's file, c neither."""
    prints_N = np.array([1 << 40, 1 << 50], dtype=np.uint64)
    benchmarks = Exclusions(frozenset({"a"}), (("bench.mp4", prints_N),))
    other_N = np.array([(1 << 64) - 1], dtype=np.uint64)
    looks = [VideoLook(name, f"{name}.mp4", frozenset(), prints_N) for name in ("a", "b")]
    found = contamination(["bench"], benchmarks, VIDEOS, [*looks, VideoLook("c", "c.mp4", frozenset(), other_N)])
    assert [(one.video, one.benchmark, one.by) for one in found.found] == [
        ("G9zN5TTuGO4_000179_000189.mp4", "a", FoundBy.ID),
        ("other.mp4", "bench.mp4", FoundBy.LOOKS),
    ]
