"""The set as `finalise` selects it, before its rows are written."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.pair import Pair
from schemas.video import Split, VideoRef

_WRITER = "facts"
"""Who wrote the texts of every group."""


@dataclass(frozen=True)
class KeptVideo:
    """A video with at least one group in the set."""

    ref: VideoRef
    content_sha256: str
    video_id: str
    split: Split
    groups: tuple[CandidateGroup, ...]
    """In order of group id."""

    def pairs(self) -> Iterator[Pair]:
        """All rows of the video."""
        for group in self.groups:
            yield from pairs_of(group, self.video_id, self.ref, self.split)


@dataclass(frozen=True)
class Finalised:
    """The set, before its rows are written."""

    videos: tuple[KeptVideo, ...]
    """In order of content hash."""
    drops: tuple[Drop, ...]
    """Those of the units, and one for each question and video that is left out here; by content hash of the video."""


def split_of(ref: VideoRef, video_id: str, validation_share: float) -> Split:
    """The split that the manifest names; else validation for that share (0..1) of video ids, by hash."""
    if ref.split is not None:
        return ref.split
    place = int.from_bytes(hashlib.sha256(video_id.encode()).digest()[:8], "big") / 2**64
    return Split.VALIDATION if place < validation_share else Split.TRAIN


def pairs_of(group: CandidateGroup, video_id: str, ref: VideoRef, split: Split) -> Iterator[Pair]:
    """One row per rejected answer, in the order of the group's answers."""
    chosen = group.chosen
    for number, rejected in enumerate(group.rejected):
        yield Pair(
            pair_id=f"{group.group_id}-{number}",
            group_id=group.group_id,
            twin_of=group.twin_of,
            visual_edit=group.visual_edit,
            clip_id=group.clip_id,
            video_id=video_id,
            source=ref.source,
            split=split,
            licence=ref.licence,
            question=group.question,
            question_type=group.question_type,
            axis=group.axis,
            chosen=chosen.text,
            rejected=rejected.text,
            rejected_kind=rejected.rejected_kind,
            adversary_axis=rejected.adversary_axis,
            chosen_claim=chosen.claim,
            rejected_claim=rejected.claim,
            corruption=rejected.corruption,
            evidence=group.evidence,
            event_intervals=group.event_intervals,
            keyframe_indices=group.keyframe_indices,
            visual_negatives=group.visual_negatives,
            verdicts=chosen.verdicts + rejected.verdicts,
            chosen_model=_WRITER,
            rejected_model=_WRITER,
            question_model=_WRITER,
            prompt_hashes=group.prompt_hashes,
        )
