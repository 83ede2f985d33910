"""All units' offers become the set: a deterministic pass that selects and assigns, and makes no text."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from pipeline.finalise.alternatives import Alternative, alternatives_of
from pipeline.finalise.choose import SelectionConfig, choose
from pipeline.finalise.cuts import Cutting
from pipeline.finalise.kept import Keeping, Refusal
from schemas.drop import Drop, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.pair import Pair
from schemas.unit import UnitOffer
from schemas.video import Split, VideoRef

STAGE = "finalise"
_WRITER = "facts"
"""Who wrote the texts of every group."""


class FinaliseConfig(SelectionConfig):
    """What a set may consist of, and how its videos are split."""

    borrow_videos: bool = True
    """Whether groups get visual negatives that show another video of the set."""
    validation_share: float = Field(default=0.05, ge=0, le=1)
    """Share of videos that go to validation where the manifest names no split, 0..1."""


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


GroupReader = Callable[[str, Collection[str]], Iterable[CandidateGroup]]
"""Some groups of a video, whole: by the content hash and their ids."""


def finalise(
    offers: Iterable[tuple[VideoRef, UnitOffer]], read_groups: GroupReader, config: FinaliseConfig, seed: int
) -> Finalised:
    """Select among the groups of all units; neither the order of `offers` nor any uri changes what is selected.

    The offers are read one by one, and of each no more is held than choosing needs; what is chosen is read whole.

    Drops: questions for NO_ABSENT_ENTITY, REPEATED_TEXT, OVER_MAX_GROUPS and OVER_REPRESENTED; videos for NO_PAIRS.
    Raises ValueError where two offers have one content hash: a file that repeats is dropped before it is a unit.
    """
    videos: dict[str, tuple[VideoRef, tuple[Drop, ...]]] = {}
    by_video: dict[str, dict[str, list[Alternative]]] = {}
    for ref, offer in offers:
        content = offer.content_sha256
        if content in videos:
            raise ValueError(f"{ref.uri}: a second unit with content {content}")
        videos[content] = (ref, offer.drops)
        by_video[content] = dict(alternatives_of(content, offer.groups, config.balance.words))
    slots = {slot_id: options for content in sorted(by_video) for slot_id, options in by_video[content].items()}
    keeping = Keeping(seed)
    choose(slots, keeping, config)
    Cutting(keeping, config).cut()
    kept: dict[str, set[str]] = defaultdict(set)
    for alternative in keeping.kept.values():
        kept[alternative.cluster].update(alternative.group_ids)
    groups = {content: tuple(read_groups(content, ids)) for content, ids in sorted(kept.items())}
    refused: dict[str, list[Refusal]] = defaultdict(list)
    for refusal in keeping.refusals:
        refused[refusal.cluster].append(refusal)
    return _joined(dict(sorted(videos.items())), groups, refused, config)


def _joined(
    given: Mapping[str, tuple[VideoRef, tuple[Drop, ...]]],
    kept: Mapping[str, tuple[CandidateGroup, ...]],
    refused: dict[str, list[Refusal]],
    config: FinaliseConfig,
) -> Finalised:
    videos: list[KeptVideo] = []
    drops: list[Drop] = []
    for content, (ref, unit_drops) in given.items():
        video_id = ref.video_id(content)
        groups = tuple(sorted(kept.get(content, ()), key=lambda group: group.group_id))
        own = [_joined_drop(drop, video_id, ref.uri) for drop in unit_drops]
        own += [_question_drop(refusal, video_id, ref.uri) for refusal in refused[content]]
        if groups:
            videos.append(KeptVideo(ref, content, video_id, split_of(ref, video_id, config.validation_share), groups))
        elif not any(drop.item_type is ItemType.VIDEO for drop in own):
            own.append(_no_pairs(video_id, ref.uri))
        drops += own
    return Finalised(tuple(videos), tuple(drops))


def _joined_drop(drop: Drop, video_id: str, uri: str) -> Drop:
    joined: dict[str, str] = {"video_id": video_id, "uri": uri}
    if drop.item_type is ItemType.VIDEO:
        joined["item_id"] = video_id
    return drop.model_copy(update=joined)


def _question_drop(refusal: Refusal, video_id: str, uri: str) -> Drop:
    return Drop(
        item_id=refusal.slot_id,
        item_type=ItemType.QUESTION,
        video_id=video_id,
        uri=uri,
        stage=STAGE,
        reason=refusal.reason,
        measured=refusal.measured,
        limit=refusal.limit,
        detail=refusal.detail,
    )


def _no_pairs(video_id: str, uri: str) -> Drop:
    return Drop(
        item_id=video_id,
        item_type=ItemType.VIDEO,
        video_id=video_id,
        uri=uri,
        stage=STAGE,
        reason=DropReason.NO_PAIRS,
        measured=0,
        limit=1,
    )


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
