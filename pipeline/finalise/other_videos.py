"""Visual negatives that show another video: each group borrows a clip on which its true answer is false."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pipeline.finalise.result import Finalised, KeptVideo
from schemas.group import CandidateGroup
from schemas.pair import VisualKind, VisualNegative, best_first
from schemas.unit import LentClip
from stages.claims.checked import TruthValue
from stages.claims.checker import check
from stages.claims.margins import Margins
from stages.claims.scene_view import SceneView
from stages.negatives.check import nowhere
from stages.negatives.table import BREAKS
from stages.seeding import rng_for

_PARTNERS = 8
"""How many videos a group may borrow from; neighbours in one random order, so that each scene is read about once."""


Lender = Callable[[str], Sequence[LentClip]]
"""The clips of a video, by its content hash."""


def borrowed(finalised: Finalised, lender: Lender, margins: Margins, seed: int) -> Finalised:
    """The set with a spec of each kind that borrows, wherever the claim is proven false of a clip of another video of
    the same split: as the thing that it names is absent from that clip, or its number is another.
    """
    shelf = _Shelf(lender)
    given: dict[str, KeptVideo] = {}
    for split in {video.split for video in finalised.videos}:
        ring = sorted(
            (video for video in finalised.videos if video.split is split),
            key=lambda video: float(rng_for(seed, "borrow", video.content_sha256).random()),
        )
        for place, video in enumerate(ring):
            partners = [ring[(place + step) % len(ring)] for step in range(1, min(_PARTNERS + 1, len(ring)))]
            groups = tuple(_lent(group, partners, shelf, margins) for group in video.groups)
            given[video.content_sha256] = replace(video, groups=groups)
    return replace(finalised, videos=tuple(given[video.content_sha256] for video in finalised.videos))


class _Shelf:
    """The clips of the videos that were asked for last."""

    def __init__(self, lender: Lender) -> None:
        self._lender = lender
        self._held: OrderedDict[str, tuple[tuple[LentClip, SceneView], ...]] = OrderedDict()

    def clips(self, video: KeptVideo) -> tuple[tuple[LentClip, SceneView], ...]:
        """Those of a video's clips that are in the set anyway."""
        content = video.content_sha256
        if content not in self._held:
            kept = {group.clip_id for group in video.groups}
            lent = (clip for clip in self._lender(content) if clip.clip_id in kept)
            self._held[content] = tuple((clip, SceneView(clip.scene)) for clip in lent)
            if len(self._held) > 2 * _PARTNERS:
                self._held.popitem(last=False)
        return self._held[content]


def _lent(group: CandidateGroup, partners: Sequence[KeptVideo], shelf: _Shelf, margins: Margins) -> CandidateGroup:
    kinds = BREAKS[group.chosen.claim.predicate]
    if VisualKind.OTHER_VIDEO not in kinds:
        return group
    claim = nowhere(group.chosen.claim)
    for partner in partners:
        for clip, view in shelf.clips(partner):
            found = check(claim, view)
            if found.truth is TruthValue.FALSE and margins.allow(found):
                specs = [
                    *group.visual_negatives,
                    *_specs(group, clip, with_segment=VisualKind.FOREIGN_SEGMENT in kinds),
                ]
                return group.model_copy(update={"visual_negatives": best_first(specs)})
    return group


def _specs(group: CandidateGroup, clip: LentClip, *, with_segment: bool) -> Iterator[VisualNegative]:
    """The whole clip; and of its segments the one whose length is most like that of the event."""
    yield VisualNegative(level=VisualKind.OTHER_VIDEO.level, kind=VisualKind.OTHER_VIDEO, other_clip_id=clip.clip_id)
    if group.shown is None or not with_segment or not clip.segments:
        return
    length = group.shown.duration_seconds
    segment = min(clip.segments, key=lambda s: (abs(s.end_seconds - s.start_seconds - length), s.segment_id))
    yield VisualNegative(
        level=VisualKind.FOREIGN_SEGMENT.level,
        kind=VisualKind.FOREIGN_SEGMENT,
        preferred_segment_id=group.segment_of(group.shown),
        segment_id=segment.segment_id,
        other_clip_id=clip.clip_id,
    )
