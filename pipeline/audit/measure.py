"""Audits groups: everything that an audit measures becomes one report."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.audit.advice import findings
from pipeline.audit.contamination import Contamination
from pipeline.audit.coverage import Coverage
from pipeline.audit.finding import Finding
from pipeline.audit.habits import echo_bias, likeness_bias, negation_bias, part_habits
from pipeline.audit.looks import VideoRepeats
from pipeline.audit.opinions import Opinions
from pipeline.audit.pairs import pair_texts
from pipeline.audit.repeats import repeats
from pipeline.audit.report import AuditReport
from pipeline.audit.scores import SHUFFLED, seam_scores, text_scores
from pipeline.audit.seams import SeamGroup
from pipeline.audit.verdict import Outcome, worst
from pipeline.blind_readers.groups import BlindGroup
from stages.seeding import rng_for


@dataclass(frozen=True)
class BesideTexts:
    """What is known of a set beside the texts of its groups; nothing, if rows are all there is."""

    seams: Sequence[SeamGroup] = ()
    """The groups about planted edits, with the steps at their seams; without any there is no reader of seams."""
    video_repeats: VideoRepeats | None = None
    contamination: Contamination | None = None
    coverage: tuple[Coverage, ...] = ()
    notes: tuple[str, ...] = ()
    """Aims of its recipe that it misses."""
    opinions: Opinions | None = None
    of_rows: tuple[Finding, ...] = ()
    """What is wrong with rows of others."""


NOTHING_BESIDE = BesideTexts()


def audit(groups: Sequence[BlindGroup], seed: int = 0, beside: BesideTexts = NOTHING_BESIDE) -> AuditReport:
    """Score the groups with all readers, and count their habits; the same groups and seed give the same report.

    Args:
        groups: of the set, without what depends on the videos.
        seed: of the shuffled control, the ties and the bootstrap.
        beside: what is known of the set beside its texts.

    Raises ValueError if there is no group.
    """
    if not groups:
        raise ValueError("an audit needs at least one group")
    scores = [*text_scores(groups, seed), *seam_scores(beside.seams, seed)]
    outcomes = [score.outcome for score in scores if score.part != SHUFFLED]
    if beside.contamination is not None and beside.contamination.found:
        outcomes.append(Outcome.FAIL)
    rng, pairs = rng_for(seed, "audit", "habits"), pair_texts(groups)
    report = AuditReport(
        pairs=len(pairs.chosen),
        groups=len(groups),
        videos=len({group.video_id for group in groups}),
        scores=tuple(scores),
        parts=part_habits(pairs, rng),
        negation=negation_bias(pairs, rng),
        echo=echo_bias(pairs, rng),
        likeness=likeness_bias(groups, pairs, rng),
        repeats=repeats(groups),
        video_repeats=beside.video_repeats,
        contamination=beside.contamination,
        coverage=beside.coverage,
        opinions=beside.opinions,
        outcome=worst(outcomes),
    )
    return report.model_copy(update={"findings": (*findings(report, beside.notes), *beside.of_rows)})
