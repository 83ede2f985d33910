"""What came of a round of self-sampling, in a few lines: comparisons, lengths, samples and contexts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

from pipeline.dataset.finished_set import FinishedSet
from pipeline.finalise.lengths import PairLengths, length_correlation
from schemas.context import ClauseTruth, ClipContext
from schemas.pair import Grounds
from schemas.samples import Comparison, ComparisonOutcome, SampledQuestion

_ENOUGH = 10
"""Of fewer judged comparisons it is not said that they never agree."""


def round_notes(opened: FinishedSet) -> Iterator[str]:
    """Lines for the summary of a round; none for other sets. Raises DatasetError if the set is damaged."""
    if not opened.shards("comparisons"):
        return
    compared = list(opened.records(Comparison, "comparisons"))
    outcomes, grounds = Counter(one.outcome for one in compared), Counter(one.grounds for one in _consistent(compared))
    told = ", ".join(f"{outcomes[outcome]} {outcome.value}" for outcome in ComparisonOutcome if outcomes[outcome])
    proven, judged = grounds[Grounds.PROVEN], grounds[Grounds.JUDGED]
    yield f"of {len(compared)} comparisons {told or 'none'}; of the consistent ones {proven} proven, {judged} judged"
    kept = [one for one in _consistent(compared) if one.pair_id is not None]
    yield (
        f"correlation of being the better answer with its words: {_correlation(_consistent(compared)):.3f}, and "
        f"{_correlation(kept):.3f} in the set, from which {len(_consistent(compared)) - len(kept)} pairs were left out "
        "for that"
    )
    words = [sample.words for asked in opened.records(SampledQuestion, "samples") for sample in asked.samples]
    yield f"{len(words)} samples of {fmean(words) if words else 0:.1f} words on average"
    clauses = Counter(c.truth for context in opened.records(ClipContext, "contexts") for c in context.clauses)
    yield (
        f"contexts: {clauses[ClauseTruth.REFUTED]} clauses struck, {clauses[ClauseTruth.CONFIRMED]} confirmed, "
        f"{clauses[ClauseTruth.UNKNOWN]} not decided by the scene"
    )


def missed_by_judge(opened: FinishedSet) -> Iterator[str]:
    """One line if the judge of a round never agrees with itself. Raises DatasetError if the set is damaged."""
    judged = [one for one in opened.records(Comparison, "comparisons") if one.judge is not None]
    outcomes = Counter(one.outcome for one in judged)
    if len(judged) >= _ENOUGH and not outcomes[ComparisonOutcome.CONSISTENT]:
        names = ", ".join(sorted({one.judge for one in judged if one.judge is not None}))
        yield (
            f"the judge {names} never agrees with itself: of {len(judged)} comparisons "
            f"{outcomes[ComparisonOutcome.FLIP]} change with the order of the answers and "
            f"{outcomes[ComparisonOutcome.TIE]} are ties; name another model in roles.judge"
        )


def _consistent(compared: Sequence[Comparison]) -> list[Comparison]:
    return [one for one in compared if one.outcome is ComparisonOutcome.CONSISTENT]


def _correlation(consistent: Sequence[Comparison]) -> float:
    return length_correlation([PairLengths(one.better_words, one.worse_words) for one in consistent])
