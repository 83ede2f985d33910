"""The last part of every selection: groups and refusals are joined with what is known of their videos."""

from collections.abc import Mapping, Sequence

from pipeline.finalise.kept import Refusal
from pipeline.finalise.result import Finalised, KeptVideo, split_of
from pipeline.finalise.settings import FinaliseConfig
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.video import VideoRef

Units = dict[str, tuple[VideoRef, tuple[Drop, ...]]]
"""What is known of each video, and the drops of its unit, by content hash."""
STAGE = "finalise"
_NO_PAIRS = DropCause(DropReason.NO_PAIRS, measured=0, limit=1)


def joined(
    given: Units,
    kept: Mapping[str, tuple[CandidateGroup, ...]],
    refused: Mapping[str, Sequence[Refusal]],
    config: FinaliseConfig,
) -> Finalised:
    """What was kept and refused of each video, with what its manifest says of it.

    Args:
        given: all videos.
        kept: the groups of those that have any.
        refused: why questions are left out.
        config: how videos are split.

    Drops: questions for the reasons of `refused`; videos for NO_PAIRS.
    """
    videos: list[KeptVideo] = []
    drops: list[Drop] = []
    for content, (ref, unit_drops) in given.items():
        video_id = ref.video_id(content)
        groups = tuple(sorted(kept.get(content, ()), key=lambda group: group.group_id))
        own = [_joined_drop(drop, video_id, ref.uri) for drop in unit_drops]
        own += [
            refusal.cause.drop(refusal.slot_id, ItemType.QUESTION, STAGE, video_id=video_id, uri=ref.uri)
            for refusal in refused.get(content, ())
        ]
        if groups:
            videos.append(KeptVideo(ref, content, video_id, split_of(ref, video_id, config.validation_share), groups))
        elif not any(drop.item_type is ItemType.VIDEO for drop in own):
            own.append(_NO_PAIRS.drop(video_id, ItemType.VIDEO, STAGE, video_id=video_id, uri=ref.uri))
        drops += own
    return Finalised(tuple(videos), tuple(drops))


def _joined_drop(drop: Drop, video_id: str, uri: str) -> Drop:
    joined: dict[str, str] = {"video_id": video_id, "uri": uri}
    if drop.item_type is ItemType.VIDEO:
        joined["item_id"] = video_id
    return drop.model_copy(update=joined)
