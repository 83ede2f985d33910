"""What a blind reader sees of a set: questions, each with its answers and no video."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from schemas.claim import Axis
from schemas.pair import RejectedKind

Indices = NDArray[np.int64]

COLUMNS = (
    "group_id",
    "video_id",
    "clip_id",
    "visual_edit",
    "axis",
    "question",
    "chosen",
    "rejected",
    "rejected_kind",
)
"""What is read of the pairs: nothing that has seen the video."""


@dataclass(frozen=True)
class BlindGroup:
    """One question with all of its answers, the chosen one first; readers never use the order."""

    group_id: str
    video_id: str
    shown: str
    """The clip and what is done to it."""
    axis: Axis
    question: str
    texts: tuple[str, ...]
    kinds: tuple[RejectedKind, ...]
    """Of `texts` without the first."""


@dataclass(frozen=True)
class Pairing:
    """Which candidate of which group is held against which. Candidates are numbered over all groups, in order."""

    chosen: Indices
    """Of each pair: the candidate that is chosen."""
    rejected: Indices
    """The candidate that is rejected."""
    group: Indices
    """The group."""


def groups_from_rows(rows: Iterable[Mapping[str, str]]) -> list[BlindGroup]:
    """The groups of pair rows that have the `COLUMNS`, in order of group id."""
    by_group: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        by_group.setdefault(row["group_id"], []).append(row)
    return [_group(by_group[group_id]) for group_id in sorted(by_group)]


def _group(rows: Sequence[Mapping[str, str]]) -> BlindGroup:
    first = rows[0]
    return BlindGroup(
        group_id=first["group_id"],
        video_id=first["video_id"],
        shown=f"{first['clip_id']} {first['visual_edit']}",
        axis=Axis(first["axis"]),
        question=first["question"],
        texts=(first["chosen"], *(row["rejected"] for row in rows)),
        kinds=tuple(RejectedKind(row["rejected_kind"]) for row in rows),
    )


def starts_of(groups: Sequence[BlindGroup]) -> Indices:
    """Number of the first candidate of each group, and of all candidates at the end: (groups + 1,)."""
    return np.array([0, *accumulate(len(group.texts) for group in groups)], dtype=np.int64)


def pairing_of(groups: Sequence[BlindGroup], truth_G: Indices) -> Pairing:
    """Every pair of the groups where candidate `truth_G` of group G (0 = the first) is taken as the true one."""
    starts = starts_of(groups)
    chosen, rejected, owner = [], [], []
    for number, group in enumerate(groups):
        truth = int(truth_G[number])
        others = [i for i in range(len(group.texts)) if i != truth]
        chosen += [starts[number] + truth] * len(others)
        rejected += [starts[number] + i for i in others]
        owner += [number] * len(others)
    return Pairing(*(np.array(numbers, dtype=np.int64) for numbers in (chosen, rejected, owner)))
