"""Blind readers on the finished set, and on the same set with leaks planted in it."""

from pathlib import Path

from pipeline.audit.report import ALL, AuditReport, audit
from pipeline.audit.run import read_groups
from pipeline.blind_readers.readers import Reader
from pipeline.dataset.finished_set import FinishedSet
from stages.seeding import rng_for
from tests import leaks

LEAKS = {
    leaks.instead: Reader.ANSWER,
    leaks.question_words: Reader.QUESTION,
    leaks.one_edit: Reader.GROUP,
    leaks.never_true: Reader.ANSWER,
}
"""The leaks, one a habit, and who must read each."""


def read_blind(folder: Path) -> tuple[AuditReport, dict[str, float]]:
    """The audit of a set, and how often each planted leak lets its reader find the chosen answer."""
    groups = read_groups(FinishedSet.open(str(folder)))
    planted = {}
    for plant, reader in LEAKS.items():
        report = audit(plant(groups, rng_for(0, "prove", plant.__name__)))
        (score,) = (score for score in report.scores if score.reader is reader and score.part == ALL)
        planted[plant.__name__] = score.accuracy
    return audit(groups), planted
