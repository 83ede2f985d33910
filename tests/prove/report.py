"""What was measured, held against what is demanded."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.audit.report import AuditReport
from pipeline.audit.scores import ALL, SHUFFLED
from pipeline.audit.verdict import Outcome
from schemas.claim import ABOUT_EDITS, PREDICATES, Axis, Predicate
from schemas.pair import Pair
from schemas.shown import EditKind
from schemas.visual_negative import VisualKind
from tests.prove.blind import LeakRead
from tests.prove.counts import Counts
from tests.prove.detection import Detection
from tests.prove.negatives import Negatives
from tests.prove.proof import TIME_ERROR_SECONDS, Wrong
from tests.prove.told import NoisyClaims

PLANTED_KINDS = tuple(kind for kind in EditKind if kind is not EditKind.SEAM)
"""The kinds that are planted and asked about."""


_LEAST_READ = 0.65
"""A planted leak must be read at least so well, ..."""
_MISSED = 0.03
"""... or so near to what a perfect reader reads: "instead" in three tenths of the pairs lets none read over 0.65."""


@dataclass(frozen=True)
class Demand:
    """One thing that must hold."""

    name: str
    measured: str
    limit: str
    met: bool


@dataclass(frozen=True)
class Scale:
    """How much is demanded: the whole proof, or the short one that is part of the test suite."""

    pairs: int
    median_per_clip: float
    predicate_pairs: int
    predicate_clips: int
    planted_groups: int
    """Groups about planted edits of each kind."""
    wide_parts: bool
    """Whether the intervals of an axis or a kind may be too wide to pass; fail they must not."""


FULL = Scale(pairs=2000, median_per_clip=8, predicate_pairs=30, predicate_clips=10, planted_groups=30, wide_parts=False)
SHORT = Scale(pairs=960, median_per_clip=8, predicate_pairs=8, predicate_clips=3, planted_groups=2, wide_parts=True)
"""Of 48 clips of 5 to 8 s, in which what takes time happens less often. 960 pairs are 20 a clip, and the whole proof
demands 13 of clips that are three times as long."""


def detection_demands(plain: Detection) -> Iterator[Demand]:
    """Demands on the detector, over the clips without pans, like colours and faint grounds."""
    yield _at_least("box recall", plain.recall, 0.95)
    yield _at_least("box precision", plain.precision, 0.9)
    yield _at_least("events found", plain.events_found, 0.98)
    yield _at_most("false events", plain.events_false, 0.01)
    yield _at_most("time error p95, s", plain.error_p95_seconds, TIME_ERROR_SECONDS)


def faint_demands(found: Detection) -> Iterator[Demand]:
    """Demands on the detector where a ground is faint: starts and stops may stay unknown."""
    yield _at_least("faint grounds, box recall", found.recall, 0.9)
    yield _at_least("faint grounds, box precision", found.precision, 0.9)
    yield _at_most("faint grounds, false events", found.events_false, 0.01)


def kept_apart_demands(
    found: Detection, falsely_still: Sequence[str], wrong: Sequence[Wrong] | None
) -> Iterator[Demand]:
    """Demands on the family kept apart: boxes where the camera stands still, and no camera that only seems to."""
    yield _at_least("kept apart, box recall", found.recall, 0.9)
    yield Demand("kept apart, cameras falsely still", str(len(falsely_still)), "0", not falsely_still)
    if wrong is not None:
        yield Demand("kept apart, wrong claims", str(len(wrong)), "0", not wrong)


def claim_demands(wrong: Sequence[Wrong]) -> Iterator[Demand]:
    """Demands on the claims of all clips: none is wrong."""
    for role, opposite in (("chosen", "true"), ("rejected", "false")):
        number = sum(one.role == role for one in wrong)
        yield Demand(f"{role} not {opposite}", str(number), "0", number == 0)


def twin_demands(pairs: Sequence[tuple[str, Pair]], wrong: Sequence[Wrong]) -> Iterator[Demand]:
    """Demands on the counterfactual twins: there are enough of each edit, and of stretches, and no wrong claim."""
    for edit in (EditKind.MIRRORED.value, EditKind.REVERSED.value, "segment"):
        groups = {pair.group_id for _, pair in pairs if pair.shown.name == edit and not _about_edits(pair)}
        number = sum(one.shown.name == edit and one.predicate not in ABOUT_EDITS for one in wrong)
        yield Demand(
            f"twins {edit}, wrong claims",
            f"{number} in {len(groups)} groups",
            "0 in >= 30",
            number == 0 and len(groups) >= 30,
        )


def planted_demands(pairs: Sequence[tuple[str, Pair]], wrong: Sequence[Wrong], scale: Scale) -> Iterator[Demand]:
    """Demands on planted edits: each kind is in enough groups, and nothing that is said of it is wrong."""
    about = [pair for _, pair in pairs if _about_edits(pair)]
    for kind in PLANTED_KINDS:
        groups = {pair.group_id for pair in about if pair.shown.name == kind}
        number = sum(one.predicate in ABOUT_EDITS and one.shown.name == kind for one in wrong)
        yield Demand(
            f"edit {kind}, wrong claims",
            f"{number} in {len(groups)} groups",
            f"0 in >= {scale.planted_groups}",
            number == 0 and len(groups) >= scale.planted_groups,
        )


def _about_edits(pair: Pair) -> bool:
    return any(claim.predicate in ABOUT_EDITS for claim in pair.chosen_claims)


def negative_demands(negatives: Negatives) -> Iterator[Demand]:
    """Demands on each kind of visual negative: enough groups, and none that the truth contradicts."""
    for kind in VisualKind:
        groups, wrong = negatives.groups[kind], sum(one.kind is kind for one in negatives.wrong)
        yield Demand(
            f"negative {kind}, wrong", f"{wrong} in {groups} groups", "0 in >= 30", wrong == 0 and groups >= 30
        )


def noisy_demands(noisy: NoisyClaims) -> Iterator[Demand]:
    """Demands on what is said of clips with noisy names and words: something, and nothing wrong."""
    number = len(noisy.wrong)
    yield Demand(
        "noisy names and words, wrong claims", f"{number} in {noisy.said} pairs", "0", number == 0 and noisy.said > 0
    )


def account_demand(accounted: int, clips: int) -> Demand:
    """Every clip has one end."""
    return Demand("clips in the account", str(accounted), str(clips), accounted == clips)


def set_demands(counts: Counts, scale: Scale) -> Iterator[Demand]:
    """Demands on the finished set: enough pairs of everything, and not too many of anything."""
    yield _at_least("pairs", counts.pairs, scale.pairs)
    yield _at_least("median pairs a clip", counts.median_per_clip, scale.median_per_clip)
    for axis in Axis:
        yield _at_least(f"share of {axis}", counts.axes[axis], 0.2)
    yield _at_least("share of irrelevant", counts.irrelevant, 0.1)
    yield _at_least("share of groups with an absent entity", counts.grids_with_absent, 1 / 3)
    yield _at_most("share of the commonest predicate", counts.largest, 0.15)
    for predicate in Predicate:
        one = counts.predicates[predicate]
        for role, pairs, clips in (
            ("chosen", one.chosen_pairs, one.chosen_clips),
            ("rejected", one.rejected_pairs, one.rejected_clips),
        ):
            yield Demand(
                f"{predicate} {role}",
                f"{pairs} pairs, {clips} clips",
                f"{scale.predicate_pairs}, {scale.predicate_clips}",
                pairs >= scale.predicate_pairs and clips >= scale.predicate_clips,
            )


def blind_demands(audit: AuditReport, scale: Scale) -> Iterator[Demand]:
    """No reader may find the chosen answers."""
    for score in audit.scores:
        if score.part == SHUFFLED:
            continue
        measured = f"{score.accuracy:.3f} [{score.low:.3f}, {score.high:.3f}] {score.outcome}"
        may_be_wide = scale.wide_parts and score.part != ALL
        met = score.outcome is Outcome.PASS or (may_be_wide and score.outcome is Outcome.NOT_ENOUGH)
        yield Demand(f"reader {score.reader}, {score.part}", measured, "no fail" if may_be_wide else "pass", met)


def leak_demands(found: dict[str, LeakRead]) -> Iterator[Demand]:
    """Each planted leak is read by its reader, nearly as well as it can be where a perfect one hardly reaches 0.65."""
    for name, read in found.items():
        limit = min(_LEAST_READ, read.perfect - _MISSED)
        yield _at_least(f"planted leak {name}", read.accuracy, limit)


def wrong_by_class(wrong: Sequence[Wrong]) -> list[tuple[str, int]]:
    """Wrong claims by axis, predicate and role, commonest first."""
    names = (f"{PREDICATES[Predicate(w.predicate)].axis} {w.predicate} {w.role}: {w.why.split()[0]}" for w in wrong)
    return Counter(names).most_common()


def _at_least(name: str, measured: float, limit: float) -> Demand:
    return Demand(name, f"{measured:.3f}", f">= {limit:.3g}", measured >= limit)


def _at_most(name: str, measured: float, limit: float) -> Demand:
    return Demand(name, f"{measured:.3f}", f"<= {limit:.3g}", measured <= limit)
