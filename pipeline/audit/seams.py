"""Reads the questions about planted edits with the steps at their seams, for the reader of seams."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.blind_readers.groups import COLUMNS, BlindGroup, groups_from_rows
from pipeline.blind_readers.seams import SeamSteps, seam_steps
from pipeline.dataset.finished_set import FinishedSet
from schemas.claim import ABOUT_EDITS, Claim, sole_claim
from schemas.errors import DatasetError
from stages.visuals.small import SmallPictures
from trainer.data.clip_cache import ClipCache
from trainer.data.shards import clip_places

_CLAIMS = ("chosen_claims", "rejected_claims")
MAX_VIDEOS = 500
"""Pixels of at most this many videos are read: enough for an interval of a few hundredths."""


@dataclass(frozen=True)
class SeamGroup:
    """One question about planted edits."""

    group: BlindGroup
    claims: tuple[Claim, ...]
    """What each of its answers claims."""
    steps: SeamSteps


def read_seams(opened: FinishedSet, videos: Collection[str]) -> list[SeamGroup]:
    """The questions about planted edits of the first `MAX_VIDEOS` of some videos that have any.

    Raises DatasetError if a clip cannot be read, or does not bear an edit out.
    """
    rows: dict[str, list[Mapping[str, Any]]] = {}
    claims: dict[str, list[Claim]] = {}
    for row in _rows(opened):
        chosen, rejected = (sole_claim(tuple(map(Claim.model_validate, row[name]))) for name in _CLAIMS)
        if row["video_id"] in videos and chosen and rejected and chosen.predicate in ABOUT_EDITS:
            rows.setdefault(row["video_id"], []).append(row)
            claims.setdefault(row["group_id"], [chosen]).append(rejected)
    taken = [video for video in videos if video in rows][:MAX_VIDEOS]
    groups = groups_from_rows(row for video in taken for row in rows[video])
    return list(_with_steps(opened, groups, claims))


def _with_steps(
    opened: FinishedSet, groups: list[BlindGroup], claims: Mapping[str, list[Claim]]
) -> Iterator[SeamGroup]:
    if not groups:
        return
    clips, clip_id, pictures = ClipCache(opened, clip_places(opened)), "", SmallPictures()
    for group in sorted(groups, key=lambda group: (group.shown[0], group.group_id)):
        if group.shown[0] != clip_id:  # pictures are kept for one clip alone
            clip_id, pictures = group.shown[0], SmallPictures()
        shown = group.shown[1]
        other = shown.other_clip_id
        try:
            steps = seam_steps(clips.clip(clip_id), shown, clips.clip(other) if other else None, pictures)
        except (ValueError, KeyError) as error:
            raise DatasetError(f"group {group.group_id}: {error}; see vidpref verify") from error
        yield SeamGroup(group, tuple(claims[group.group_id]), steps)


def _rows(opened: FinishedSet) -> Iterator[Mapping[str, Any]]:
    for part in opened.tables("pairs", (*COLUMNS, *_CLAIMS)):
        yield from part.to_pylist()
