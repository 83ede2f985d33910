"""What `finalise` returns: the videos of the set with their groups, and how a group becomes rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.hash_order import hash_fraction
from schemas.pair import Pair
from schemas.video import Split, VideoRef
from stages.wording.differing import differing_spans


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
    """The drops of the units, and one for each question and video left out here; in order of content hash."""


def split_of(ref: VideoRef, video_id: str, validation_share: float) -> Split:
    """The split that the manifest names; if none, validation for that share (0..1) of video ids, by hash."""
    if ref.split is not None:
        return ref.split
    return Split.VALIDATION if hash_fraction(video_id) < validation_share else Split.TRAIN


def pairs_of(group: CandidateGroup, video_id: str, ref: VideoRef, split: Split) -> Iterator[Pair]:
    """One row per rejected answer, in the order of the group's answers."""
    chosen = group.chosen
    for number, rejected in enumerate(group.rejected):
        chosen_spans, rejected_spans = differing_spans(chosen, rejected)
        yield Pair(
            pair_id=f"{group.group_id}-{number}",
            group_id=group.group_id,
            twin_of=group.twin_of,
            shown=group.shown,
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
            chosen_spans=chosen_spans,
            rejected_spans=rejected_spans,
            rejected_kind=rejected.rejected_kind,
            adversary_axis=rejected.adversary_axis,
            chosen_claims=chosen.claims,
            rejected_claims=rejected.claims,
            corruption=rejected.corruption,
            evidence=group.evidence,
            event_intervals=group.event_intervals,
            keyframe_indices=group.keyframe_indices,
            visual_negatives=group.visual_negatives,
            verdicts=chosen.verdicts + rejected.verdicts,
            difficulty=rejected.difficulty,
            chosen_model=chosen.model,
            rejected_model=rejected.model,
            question_model=group.question_model,
            prompt_hashes=group.prompt_hashes,
        )
