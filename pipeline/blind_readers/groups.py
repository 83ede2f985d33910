"""What a blind reader sees of a set: questions with their answers, and no video."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.claim import Axis
from schemas.pair import ANNOTATED, OWN_WRITERS, RejectedKind
from schemas.shown import Shown

Indices = NDArray[np.int64]
Row = Mapping[str, Any]

COLUMNS = (
    "group_id",
    "twin_of",
    "video_id",
    "clip_id",
    "shown",
    "axis",
    "question",
    "question_model",
    "chosen",
    "rejected",
    "rejected_kind",
    "rejected_model",
    "verdicts",
)
"""The columns of the pairs that are read: texts and ids, nothing that depends on the video otherwise."""


@dataclass(frozen=True)
class BlindGroup:
    """One question with all its answers. The chosen one is first; readers do not use the order."""

    group_id: str
    video_id: str
    shown: tuple[str, Shown]
    """The clip and what is shown of it: groups with equal values show the same."""
    axis: Axis | None
    """Null if it is not known."""
    question: str
    texts: tuple[str, ...]
    kinds: tuple[RejectedKind | None, ...]
    """The kind of each rejected answer, in the order of `texts`; null if it is not known."""
    twin_of: str | None = None
    """The group whose counterfactual twin this is."""
    is_annotated: bool = False
    """Whether its truth rests on annotations, and not on a proof."""
    is_written: bool = False
    """Whether a language model wrote it."""
    writers: tuple[str, ...] = ()
    """Who wrote each rejected answer, in the order of `texts`; none if that is not known."""

    @property
    def twins_id(self) -> str:
        """An id that a group and its twins share."""
        return self.twin_of or self.group_id


@dataclass(frozen=True)
class Pairing:
    """Pairs of candidates, one entry per pair. Candidates are numbered over all groups, in order."""

    chosen: Indices
    """The chosen candidate."""
    rejected: Indices
    """The rejected candidate."""
    group: Indices
    """The number of the group."""


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
        shown=(first["clip_id"], Shown.model_validate(first["shown"])),
        axis=Axis(first["axis"]),
        question=first["question"],
        texts=(first["chosen"], *(row["rejected"] for row in rows)),
        kinds=tuple(RejectedKind(row["rejected_kind"]) for row in rows),
        twin_of=first["twin_of"],
        is_annotated=any(verdict["check"] == ANNOTATED for verdict in first["verdicts"]),
        is_written=first["question_model"] not in OWN_WRITERS,
        writers=tuple(row["rejected_model"] for row in rows),
    )


def starts_of(groups: Sequence[BlindGroup]) -> Indices:
    """The number of the first candidate of each group, then the number of all candidates: (groups + 1,)."""
    return np.array([0, *accumulate(len(group.texts) for group in groups)], dtype=np.int64)


def pairing_of(groups: Sequence[BlindGroup], truth_G: Indices) -> Pairing:
    """Every pair of the groups, if candidate `truth_G` of group G (0 is the first) is taken as the chosen one."""
    starts = starts_of(groups)
    chosen, rejected, owner = [], [], []
    for number, group in enumerate(groups):
        truth = int(truth_G[number])
        others = [i for i in range(len(group.texts)) if i != truth]
        chosen += [starts[number] + truth] * len(others)
        rejected += [starts[number] + i for i in others]
        owner += [number] * len(others)
    return Pairing(*(np.array(numbers, dtype=np.int64) for numbers in (chosen, rejected, owner)))


def exchanged_by_twin(groups: Sequence[BlindGroup]) -> NDArray[np.bool_]:
    """For each pair, whether a twin has the same two answers with chosen and rejected exchanged.

    Pairs are numbered as `pairing_of` does if the first answer of each group is the chosen one.
    """
    pairs = [(group.twins_id, group.texts[0], rejected) for group in groups for rejected in group.texts[1:]]
    known = set(pairs)
    return np.array([(twins_id, rejected, chosen) in known for twins_id, chosen, rejected in pairs], dtype=np.bool_)
