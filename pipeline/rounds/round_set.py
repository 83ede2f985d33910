"""What a round's set holds, as numbers: read from its tables."""

from collections import Counter
from collections.abc import Iterable, Iterator
from statistics import fmean
from typing import Any

from pipeline.dataset.finished_set import FinishedSet
from pipeline.finalise.lengths import PairLengths, length_correlation
from pipeline.rounds.state import BuiltRound, JudgeAgreement
from schemas.context import ClauseTruth
from schemas.pair import Grounds
from schemas.samples import ComparisonOutcome, SampleFate, count_words
from schemas.video import Split
from stages.retrospection.comparing import AGAINST_PROOF


def built_round(opened: FinishedSet) -> BuiltRound:
    """Count what a round has built. DatasetError if its set is damaged."""
    pairs = list(_rows(opened, "pairs", ("split", "chosen", "rejected")))
    lengths = [PairLengths(count_words(pair["chosen"]), count_words(pair["rejected"])) for pair in pairs]
    compared = list(_rows(opened, "comparisons", ("outcome", "grounds", "pair_id")))
    outcomes = Counter(one["outcome"] for one in compared)
    grounds = Counter(one["grounds"] for one in compared if one["pair_id"] is not None)
    samples = [sample["words"] for sample in _inner(opened, "samples", "samples") if sample["fate"] == SampleFate.KEPT]
    clauses = Counter(clause["truth"] for clause in _inner(opened, "contexts", "clauses"))
    return BuiltRound(
        pairs=sum(pair["split"] == Split.TRAIN for pair in pairs),
        proven=grounds[Grounds.PROVEN],
        judged=grounds[Grounds.JUDGED],
        samples=len(samples),
        sample_words=_mean(samples),
        ties=outcomes[ComparisonOutcome.TIE],
        flips=outcomes[ComparisonOutcome.FLIP],
        chosen_words=_mean(pair.better for pair in lengths),
        rejected_words=_mean(pair.worse for pair in lengths),
        length_correlation=length_correlation(lengths),
        context_kept=clauses.total() - clauses[ClauseTruth.REFUTED],
        context_struck=clauses[ClauseTruth.REFUTED],
        context_unknown=clauses[ClauseTruth.UNKNOWN],
    )


def judge_agreement(opened: FinishedSet) -> JudgeAgreement:
    """How often a judge that was examined is right. DatasetError if the set is damaged."""
    compared = list(_rows(opened, "comparisons", ("outcome", "detail")))
    judged = [one for one in compared if one["outcome"] != ComparisonOutcome.UNJUDGED]
    return JudgeAgreement(
        asked=len(judged),
        right=sum(one["outcome"] == ComparisonOutcome.CONSISTENT for one in judged),
        wrong=sum(one["detail"] == AGAINST_PROOF for one in judged),
    )


def _rows(opened: FinishedSet, table: str, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for part in opened.tables(table, columns):
        yield from part.to_pylist()


def _inner(opened: FinishedSet, table: str, column: str) -> Iterator[dict[str, Any]]:
    """The entries of a column that holds lists."""
    return (entry for row in _rows(opened, table, (column,)) for entry in row[column])


def _mean(lengths: Iterable[int]) -> float | None:
    found = list(lengths)
    return fmean(found) if found else None
