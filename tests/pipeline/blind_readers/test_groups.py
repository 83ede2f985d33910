"""Rows become groups, and groups become pairs of candidates."""

import numpy as np

from pipeline.blind_readers.groups import BlindGroup, exchanged_by_twin, groups_from_rows, pairing_of
from schemas.claim import Axis
from schemas.pair import RejectedKind
from schemas.shown import AS_STORED


def group(group_id: str, *texts: str, twin_of: str | None = None) -> BlindGroup:
    """A group of one clip with these answers."""
    kinds = (RejectedKind.RELEVANT,) * (len(texts) - 1)
    return BlindGroup(
        group_id, "v", ("c", AS_STORED), Axis.SPATIAL, "Where?", texts, kinds, twin_of, writers=("facts",) * len(kinds)
    )


def test_rows_of_one_group_are_gathered() -> None:
    """Three rows of two groups, mixed, make two groups in order of id, the chosen answer first."""
    shared = {"twin_of": None, "video_id": "v", "clip_id": "c", "shown": AS_STORED.model_dump(), "axis": "spatial"}
    shared |= {
        "question": "Where?",
        "question_model": "facts",
        "rejected_kind": "relevant",
        "rejected_model": "facts",
        "verdicts": [{"check": "proof"}],
    }
    rows = [
        shared | {"group_id": "b", "chosen": "Left.", "rejected": "Right."},
        shared | {"group_id": "a", "chosen": "Up.", "rejected": "Down."},
        shared | {"group_id": "b", "chosen": "Left.", "rejected": "Behind."},
    ]
    assert groups_from_rows(rows) == [group("a", "Up.", "Down."), group("b", "Left.", "Right.", "Behind.")]


def test_pairs_are_numbered_over_all_candidates() -> None:
    """With the second of two and the first of three answers as chosen: 1 against 0, then 2 against 3 and 4."""
    pairing = pairing_of([group("a", "x", "y"), group("b", "x", "y", "z")], np.array([1, 0]))
    assert pairing.chosen.tolist() == [1, 2, 2]
    assert pairing.rejected.tolist() == [0, 3, 4]
    assert pairing.group.tolist() == [0, 1, 1]


def test_only_pairs_that_a_twin_exchanges_are_marked() -> None:
    """The twin makes "right" true: the pair of left and right is exchanged in both, that of left and up in neither."""
    original, twin = group("a", "left", "right", "up"), group("a-m", "right", "left", "up", twin_of="a")
    other = group("b", "right", "left")
    assert exchanged_by_twin([original, twin, other]).tolist() == [True, False, True, False, False]
