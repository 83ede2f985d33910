"""Blind readers on the finished set, and on the same set with leaks planted in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
from numpy.random import Generator
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # scikit-learn brings it, without stubs

from pipeline.audit.measure import BesideTexts, audit
from pipeline.audit.read import read_groups
from pipeline.audit.report import AuditReport
from pipeline.audit.seams import read_seams
from pipeline.blind_readers.groups import BlindGroup, pairing_of
from pipeline.blind_readers.readers import TEXT_FEATURES, BlindReader, Reader
from pipeline.dataset.finished_set import FinishedSet
from stages.seeding import rng_for
from tests import leaks

Plant = Callable[[Sequence[BlindGroup], Generator], list[BlindGroup]]

LEAKS: dict[Plant, Reader] = {
    leaks.instead: Reader.ANSWER,
    leaks.question_words: Reader.QUESTION,
    leaks.one_edit: Reader.GROUP,
    leaks.never_true: Reader.ANSWER,
}
"""The leaks, one a habit, and who must read each."""


@dataclass(frozen=True)
class LeakRead:
    """How often a planted leak lets its reader find the chosen answer."""

    accuracy: float
    """The share of pairs, 0..1; one half of those that the leak is not in."""
    perfect: float
    """What a reader has who is right in every pair that the leak is in."""


def read_blind(folder: Path) -> tuple[AuditReport, dict[str, LeakRead]]:
    """The audit of a set, and how well each planted leak is read."""
    opened = FinishedSet.open(str(folder))
    groups = read_groups(opened)
    seams = read_seams(opened, list(dict.fromkeys(group.video_id for group in groups)))
    return audit(groups, beside=BesideTexts(seams=seams)), {
        plant.__name__: leak_read(groups, plant, reader) for plant, reader in LEAKS.items()
    }


def leak_read(groups: Sequence[BlindGroup], plant: Plant, reader: Reader) -> LeakRead:
    """How well a reader finds the chosen answer by a planted leak.

    A pair that the leak is not in counts one half: in a balanced set readers score below that where nothing gives the
    answer away, as what they learn leans the other way in the videos they are tested on.
    """
    leaky = plant(groups, rng_for(0, "prove", plant.__name__))
    pairing = pairing_of(leaky, np.zeros(len(leaky), dtype=np.int64))
    with threadpool_limits(1):
        wins = BlindReader(TEXT_FEATURES[reader](leaky), leaky).wins(pairing, rng_for(0, "prove", "ties"))
    planted = [
        (after.texts[0], text) != (before.texts[0], given)
        for before, after in zip(groups, leaky, strict=True)
        for given, text in zip_longest(before.texts[1:], after.texts[1:])
        if text is not None
    ]
    return LeakRead(*(float(np.where(planted, won, 0.5).mean()) for won in (wins.halves, 1.0)))
