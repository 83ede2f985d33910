"""What a blind reader sees of a set: questions, each with its answers and no video."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.claim import Axis
from schemas.pair import RejectedKind

Indices = NDArray[np.int64]
Row = Mapping[str, Any]

COLUMNS = (
    "group_id",
    "twin_of",
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
    twin_of: str | None = None
    """The group whose counterfactual twin this is."""

    @property
    def family(self) -> str:
        """The same for a group and its twin."""
        return self.twin_of or self.group_id


@dataclass(frozen=True)
class Pairing:
    """Which candidate of which group is held against which. Candidates are numbered over all groups, in order."""

    chosen: Indices
    """Of each pair: the candidate that is chosen."""
    rejected: Indices
    """The candidate that is rejected."""
    group: Indices
    """The group."""


def groups_from_rows(rows: Iterable[Row]) -> list[BlindGroup]:
    """The groups of pair rows that have the `COLUMNS`, in order of group id."""
    by_group: dict[str, list[Row]] = {}
    for row in rows:
        by_group.setdefault(row["group_id"], []).append(row)
    return [_group(by_group[group_id]) for group_id in sorted(by_group)]


def _group(rows: Sequence[Row]) -> BlindGroup:
    first = rows[0]
    return BlindGroup(
        group_id=first["group_id"],
        video_id=first["video_id"],
        shown=f"{first['clip_id']} {first['visual_edit']}",
        axis=Axis(first["axis"]),
        question=first["question"],
        texts=(first["chosen"], *(row["rejected"] for row in rows)),
        kinds=tuple(RejectedKind(row["rejected_kind"]) for row in rows),
        twin_of=first["twin_of"],
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


def turned_round(groups: Sequence[BlindGroup]) -> NDArray[np.bool_]:
    """Of each pair, as `pairing_of` numbers those whose first answers are true, whether a twin has it the other way
    round: what one video shows is there chosen over what the edited video shows, here rejected for it.
    """
    pairs = [(group.family, group.texts[0], rejected) for group in groups for rejected in group.texts[1:]]
    known = set(pairs)
    return np.array([(family, rejected, chosen) in known for family, chosen, rejected in pairs], dtype=np.bool_)
