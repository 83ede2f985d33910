"""Visual negatives that show another video: each group borrows a clip on which its true answer is false."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.finalise.partners import with_partners
from pipeline.finalise.result import Finalised, KeptVideo
from schemas.group import CandidateGroup
from schemas.unit import LentClip
from schemas.visual_negative import VisualKind, VisualNegative, best_first
from stages.claims.checked import TruthValue
from stages.claims.checker import check
from stages.claims.margins import Margins
from stages.claims.scene_view import SceneView
from stages.negatives.check import nowhere
from stages.negatives.table import BREAKS

_PARTNERS = 8
"""A group may borrow from this many videos: its neighbours in one random order, so that each scene is read about
once."""

Lender = Callable[[str], Sequence[LentClip]]
"""Reads the clips of a video, by its content hash."""
ViewedClip = tuple[LentClip, SceneView]


def borrowed(finalised: Finalised, lender: Lender, margins: Margins, seed: int) -> Finalised:
    """Add visual negatives that show a clip of another video of the same split, if the true answer is false of it.

    It is false if the thing that it names is absent from that clip, or if its number is another. Groups whose true
    answer has no claim get none: nothing can be proven.
    """
    kept_clips = {video.content_sha256: {group.clip_id for group in video.groups} for video in finalised.videos}

    @lru_cache(maxsize=2 * _PARTNERS)
    def clips_of(content_sha256: str) -> tuple[ViewedClip, ...]:
        lent = (clip for clip in lender(content_sha256) if clip.clip_id in kept_clips[content_sha256])
        return tuple((clip, SceneView(clip.scene)) for clip in lent)

    given: dict[str, KeptVideo] = {}
    for video, partners in with_partners(finalised.videos, "borrow", seed, _PARTNERS):
        groups = tuple(_lent(group, partners, clips_of, margins) for group in video.groups)
        given[video.content_sha256] = replace(video, groups=groups)
    return replace(finalised, videos=tuple(given[video.content_sha256] for video in finalised.videos))


def _lent(
    group: CandidateGroup,
    partners: Sequence[KeptVideo],
    clips_of: Callable[[str], Iterable[ViewedClip]],
    margins: Margins,
) -> CandidateGroup:
    true = group.chosen.claim
    kinds = BREAKS[true.predicate] if true else frozenset()
    if true is None or VisualKind.OTHER_VIDEO not in kinds:
        return group
    for partner in partners:
        for clip, view in clips_of(partner.content_sha256):
            found = check(nowhere(true, view), view)
            if found.truth is TruthValue.FALSE and margins.allow(found):
                specs = [
                    *group.visual_negatives,
                    *_specs(group, clip, with_segment=VisualKind.FOREIGN_SEGMENT in kinds),
                ]
                return group.model_copy(update={"visual_negatives": best_first(specs)})
    return group


def _specs(group: CandidateGroup, clip: LentClip, *, with_segment: bool) -> Iterator[VisualNegative]:
    """One spec with the whole clip, and one with the segment whose length is nearest to that of the event."""
    yield VisualNegative(level=VisualKind.OTHER_VIDEO.level, kind=VisualKind.OTHER_VIDEO, other_clip_id=clip.clip_id)
    if group.event_shown is None or not with_segment or not clip.segments:
        return
    length = group.event_shown.duration_seconds
    segment = min(clip.segments, key=lambda s: (abs(s.end_seconds - s.start_seconds - length), s.segment_id))
    yield VisualNegative(
        level=VisualKind.FOREIGN_SEGMENT.level,
        kind=VisualKind.FOREIGN_SEGMENT,
        preferred_segment_id=group.segment_of(group.event_shown),
        segment_id=segment.segment_id,
        other_clip_id=clip.clip_id,
    )
