"""Planted edits that show another video: each question gets a clip of another video, and is proven with it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.finalise.difficulty import Difficulties, measured
from pipeline.finalise.partners import with_partners
from pipeline.finalise.result import Finalised, KeptVideo
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.shown import EditKind, Shown
from schemas.visual_negative import VisualNegative
from stages.claims.proof import ClipProver, ProofConfig
from stages.negatives.check import ClipChecks
from stages.verify import prove_group

_PARTNERS = 4
"""A question is tried with the clips of this many other videos."""
_STAGE = "finalise"
_NO_PAIRS = DropCause(DropReason.NO_PAIRS, measured=0, limit=1)

StoredClips = Callable[[str], Sequence[UnitClip]]
"""Reads the clips of a video, pixels included, by its content hash."""


def with_swapped_clips(finalised: Finalised, stored: StoredClips, proof: ProofConfig, seed: int) -> Finalised:
    """Choose the other clip of every question about a stretch of another video; siblings get the same one.

    A clip serves if all siblings are proven with it: in every stretch it looks plainly less like the rest than any
    stretch of the own clip does. It is a clip of the same split that the set holds for its own questions.

    Drops: questions for EDIT_NOT_VISIBLE if no clip serves, and videos for NO_PAIRS that have no other question.
    """
    if not any(group.shown.is_open for video in finalised.videos for group in video.groups):
        return finalised
    swapping = _Swapping(lru_cache(maxsize=2 * _PARTNERS)(stored), proof)
    given = {
        video.content_sha256: replace(video, groups=swapping.filled(video, partners))
        for video, partners in with_partners(finalised.videos, "swap", seed, _PARTNERS)
    }
    videos = [given[video.content_sha256] for video in finalised.videos]
    swapping.drops += [
        _NO_PAIRS.drop(video.video_id, ItemType.VIDEO, _STAGE, video_id=video.video_id, uri=video.ref.uri)
        for video in videos
        if not video.groups
    ]
    groups = (group for video in videos for group in video.groups if _is_swapped(group))
    ranks = Difficulties(one for group in groups for pair in measured(group) for one in pair)
    rated = (
        replace(video, groups=tuple(ranks.rated(group) if _is_swapped(group) else group for group in video.groups))
        for video in videos
        if video.groups
    )
    return Finalised(tuple(rated), (*finalised.drops, *swapping.drops))


def _is_swapped(group: CandidateGroup) -> bool:
    return group.shown.other_clip_id is not None


@dataclass
class _Swapping:
    """Chooses the clips for one video after the other."""

    stored: StoredClips
    proof: ProofConfig
    drops: list[Drop] = field(default_factory=list)

    def filled(self, video: KeptVideo, partners: Sequence[KeptVideo]) -> tuple[CandidateGroup, ...]:
        """The groups of a video, the open ones with their clips; those for which no clip serves are dropped."""
        kept = [group for group in video.groups if not group.shown.is_open]
        questions: dict[str, list[CandidateGroup]] = defaultdict(list)
        for group in video.groups:
            if group.shown.is_open:
                questions[group.slot_id].append(group)
        for slot_id, siblings in questions.items():
            own = next(clip for clip in self.stored(video.content_sha256) if clip.clip_id == siblings[0].clip_id)
            proven = self._proven(siblings, ClipProver(own, self.proof), partners)
            kept += proven
            if not proven:
                cause = DropCause(DropReason.EDIT_NOT_VISIBLE, EditKind.SWAPPED.value)
                ids = {"video_id": video.video_id, "uri": video.ref.uri}
                self.drops.append(cause.drop(slot_id, ItemType.QUESTION, _STAGE, **ids))
        return tuple(sorted(kept, key=lambda group: group.group_id))

    def _proven(
        self, siblings: Sequence[CandidateGroup], prover: ClipProver, partners: Sequence[KeptVideo]
    ) -> list[CandidateGroup]:
        """The siblings with the first clip that serves; empty if none does."""
        for partner in partners:
            lent = {group.clip_id for group in partner.groups if not group.shown.is_open}
            for other in self.stored(partner.content_sha256):
                if other.clip_id in lent:
                    prover.lend(other)
                    proven = [prove_group(_with_clip(group, other), prover) for group in siblings]
                    if not any(isinstance(one, DropCause) for one in proven):
                        return [self._checked(one, prover) for one in proven if isinstance(one, CandidateGroup)]
        return []

    def _checked(self, group: CandidateGroup, prover: ClipProver) -> CandidateGroup:
        """The group with those visual negatives that are proven."""
        checks, texts, claim = ClipChecks(prover, self.proof), (group.question, group.chosen.text), group.chosen.claim
        proven = [
            spec
            for spec in group.visual_negatives
            if claim is not None and checks.failure(group.shown, claim, texts, spec) is None
        ]
        return group.model_copy(update={"visual_negatives": tuple(proven)})


def _with_clip(group: CandidateGroup, other: UnitClip) -> CandidateGroup:
    """The group with the middle of another clip in place of the open one."""

    def filled(shown: Shown) -> Shown:
        return shown.with_clip(other.clip_id, other.start_seconds, other.end_seconds)

    negatives: list[VisualNegative] = [
        spec if spec.shown is None else spec.model_copy(update={"shown": filled(spec.shown)})
        for spec in group.visual_negatives
    ]
    return group.model_copy(update={"shown": filled(group.shown), "visual_negatives": tuple(negatives)})
