"""Groups that a writer offers become groups that are proven, answer by answer, from what is stored of the clip."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from numpy.random import Generator

from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.visual_negative import VisualNegative
from stages.claims.answers import prove_answer
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.texts import evidence_failure, text_failure
from stages.negatives.check import ClipChecks
from stages.payloads import WrittenVideo
from stages.question_drops import with_questions
from stages.stage import PixelReader, Stage

STAGE = "verify"
_NO_CLAIM_TO_BREAK = DropCause(DropReason.PREFERRED_NOT_TRUE, "the true answer is not one claim, which could be proven")


class VerifyClaims(Stage[WrittenVideo, PixelReader, WrittenVideo]):
    """Keep the groups in which every claim is proven, with the margins and verdicts written into them.

    An answer without claims is kept as it is, and so is a group about a clip of another video, which finalise chooses.
    Visual negatives are proven of true answers of one claim; others are dropped.

    Drops, one per group: CHOSEN_NOT_TRUE, REJECTED_NOT_FALSE, MARGIN_TOO_SMALL and PARTLY_SEEN by the checker;
    SINGLE_FRAME_ANSWERS if one frame alone proves or refutes an answer of a cross_frame question, or its two intervals
    are too close; REPEATED_TEXT if two answers have the same text; EVIDENCE_MISSING if the clip lacks what the group
    refers to, an answer is not a complete sentence, a text lacks a phrase of its claim, or the group is a twin of one
    that is missing or has other texts. Twins stay or go together. A question whose last group goes is a drop too, for
    the reason of its first group.
    Drops visual negatives, whose groups stay: PREFERRED_NOT_TRUE, NEGATIVE_NOT_FALSE and CONTROL_NOT_TRUE by the
    checker on the corrupted scene.
    """

    proof: ProofConfig = ProofConfig()
    """What it takes to prove an answer."""
    judged: bool = False
    """Whether a judge comes next: then visual negatives of answers without a claim are left to it."""

    def open(self, read: PixelReader, /) -> PixelReader:
        """Planted edits are measured on frames that are decoded through `read`."""
        return read

    def process(self, item: WrittenVideo, tools: PixelReader, _rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Yield a Drop per group that is not proven and per question left without one, then the video."""
        provers = {clip.clip_id: ClipProver(clip, self.proof, tools) for clip in item.clips}
        outcomes = {group.group_id: prove_group(group, provers.get(group.clip_id)) for group in item.groups}
        failures = _with_twins(item.groups, {i: o for i, o in outcomes.items() if isinstance(o, DropCause)})
        kept, checks = [], {clip_id: ClipChecks(prover, self.proof) for clip_id, prover in provers.items()}
        for group_id, outcome in outcomes.items():
            if group_id in failures or not isinstance(outcome, CandidateGroup):
                continue
            if self.judged and not outcome.chosen.claims:
                kept.append(outcome)
            else:
                negatives, drops = _negatives(outcome, checks[outcome.clip_id])
                yield from drops
                kept.append(outcome.model_copy(update={"visual_negatives": negatives}))
        yield from with_questions(item.groups, {i: f.drop(i, ItemType.GROUP, STAGE) for i, f in failures.items()})
        yield replace(item, groups=tuple(kept), annotations=None)


def _negatives(group: CandidateGroup, checks: ClipChecks) -> tuple[tuple[VisualNegative, ...], tuple[Drop, ...]]:
    """The specs that break the group's true answer, and a drop for each of the others."""
    if group.shown.is_open:
        return group.visual_negatives, ()
    texts, claim = (group.question, group.chosen.text), group.chosen.claim
    found = [
        (spec, checks.failure(group.shown, claim, texts, spec) if claim else _NO_CLAIM_TO_BREAK)
        for spec in group.visual_negatives
    ]
    drops = (
        failure.drop(f"{group.group_id}-{spec.kind}", ItemType.VISUAL_NEGATIVE, STAGE)
        for spec, failure in found
        if failure is not None
    )
    return tuple(spec for spec, failure in found if failure is None), tuple(drops)


def _with_twins(groups: Sequence[CandidateGroup], failures: Mapping[str, DropCause]) -> dict[str, DropCause]:
    """The failures by group id, with those of groups that fail because their twin does, or is missing."""
    spread = dict(failures)
    known = {group.group_id: group for group in groups}
    for group in groups:
        if group.twin_of is None:
            continue
        if group.twin_of not in known:
            spread.setdefault(group.group_id, DropCause(DropReason.EVIDENCE_MISSING, "its twin is missing"))
        elif _says(group) != _says(known[group.twin_of]):
            other = DropCause(DropReason.EVIDENCE_MISSING, "its twin says something else")
            spread |= {group.group_id: other, group.twin_of: other}
        elif group.group_id in failures:
            spread.setdefault(group.twin_of, failures[group.group_id])
    for group in groups:
        if group.twin_of in spread:
            spread.setdefault(group.group_id, spread[group.twin_of])
    return spread


def _says(group: CandidateGroup) -> tuple[str, frozenset[str]]:
    """What twins share."""
    return group.question, frozenset(answer.text for answer in group.answers)


def prove_group(group: CandidateGroup, prover: ClipProver | None) -> CandidateGroup | DropCause:
    """The group with margins and verdicts in its answers, or the first reason why it does not serve.

    Args:
        group: the group as the writer offers it.
        prover: of the group's clip; None where the video has no such clip.
    """
    if prover is None:
        return DropCause(DropReason.EVIDENCE_MISSING, "the clip is not in the video")
    texts, claims = [a.text for a in group.answers], [a.claims for a in group.answers]
    failure = evidence_failure(group, prover.clip) or text_failure(group.question, texts, claims)
    if failure is not None:
        return failure
    if group.shown.is_open:  # finalise proves it, with the clip that it chooses
        return group
    answers = []
    for answer in (group.chosen, *group.rejected):
        proven = _prove_answer(answer, group, prover)
        if isinstance(proven, DropCause):
            return proven
        answers.append(proven)
    # in the order in which they were offered, which says nothing of which one is true
    by_text = {answer.text: _compared(answer, answers[0]) for answer in answers}
    return group.model_copy(update={"answers": tuple(by_text[answer.text] for answer in group.answers)})


def _compared(answer: CandidateAnswer, true: CandidateAnswer) -> CandidateAnswer:
    """An answer of several clauses with the places of those that the true one has otherwise."""
    if len(answer.claims) <= 1 or len(answer.claims) != len(true.claims):
        return answer
    claims = enumerate(zip(answer.claims, true.claims, strict=True))
    return answer.model_copy(update={"differing": tuple(place for place, (own, other) in claims if own != other)})


def _prove_answer(answer: CandidateAnswer, group: CandidateGroup, prover: ClipProver) -> CandidateAnswer | DropCause:
    """The answer with its proof; an answer without claims as it is, for there is nothing to prove."""
    evidence, chosen = group.evidence.frame_indices, answer.rejected_kind is None
    found = prove_answer(answer.claims, prover, group.shown, evidence, chosen=chosen)
    if found.failures:
        return found.failures[0]
    return answer.model_copy(update={"claims": found.claims, "verdicts": (*answer.verdicts, *found.verdicts)})
