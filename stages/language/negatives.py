"""Visual negatives that a judge is shown of groups whose preferred answer no claim decides."""

import re
from collections.abc import Iterator, Sequence

from numpy.random import Generator

from schemas.clip import UnitClip
from schemas.group import CandidateGroup
from schemas.interval import Interval
from schemas.shown import AS_STORED
from schemas.visual_negative import VisualKind, VisualNegative
from stages.claims.phrases import sole
from stages.claims.proof import ClipProver
from stages.negatives.areas import area_of, control_of
from stages.negatives.check import ClipChecks

_K = VisualKind
_TYPICAL_SHARE = 0.6  # evidence that covers more of the clip is no event: no stretch lacks it
_KEYFRAMES_TRIED = 5
_STRETCHES_TRIED = 20


def with_negatives(
    group: CandidateGroup,
    prover: ClipProver,
    nouns: Sequence[str],
    kinds: Sequence[VisualKind],
    rng: Generator,
) -> CandidateGroup:
    """The group with the visual negatives that may break its preferred answer.

    Those with a segment are completed by `cut`: the first stretch of evidence shows the answer, and a stretch of the
    same length without evidence, drawn at random, does not.

    Args:
        group: the group; nothing of it is shown alone.
        prover: of its clip.
        nouns: of the things that the question is about.
        kinds: the kinds that are wanted.
        rng: draws orders, frames and stretches.
    """
    clip, seed = prover.clip, int(rng.integers(2**31))
    orders = (kind for kind in kinds if kind in (_K.REVERSED, _K.SHUFFLED))
    specs = [VisualNegative(level=kind.level, kind=kind, seed=seed) for kind in orders]
    areas = [kind for kind in kinds if kind.paints_over]
    specs += _areas(group, prover, nouns, areas) if areas else ()
    event = _event(group, clip)
    inside = set(group.keyframe_indices)
    others = [index for index in range(len(clip.frames)) if index not in inside]
    if event is not None and _K.OTHER_FRAME in kinds and others:
        key = group.keyframe_indices[len(group.keyframe_indices) // 2]
        other = others[int(rng.integers(len(others)))]
        kind = _K.OTHER_FRAME
        specs.append(VisualNegative(level=kind.level, kind=kind, preferred_frame_index=key, frame_index=other))
    lacking = _lacking(event, group.event_intervals, clip, rng) if event and _K.OTHER_SEGMENT in kinds else None
    return group.model_copy(
        update={
            "visual_negatives": tuple(specs),
            "event_shown": event if lacking else None,
            "lacking": lacking,
        }
    )


def _areas(
    group: CandidateGroup, prover: ClipProver, nouns: Sequence[str], kinds: Sequence[VisualKind]
) -> Iterator[VisualNegative]:
    """The key object painted over in a keyframe, with an empty place of equal size as the control.

    The key object is one that the scene has a box of: named by its phrase, or the only one of its noun.
    """
    check = ClipChecks(prover, prover.config).of(AS_STORED)
    middle = group.keyframe_indices[len(group.keyframe_indices) // 2]
    frames = sorted(group.keyframe_indices, key=lambda index: abs(index - middle))[:_KEYFRAMES_TRIED]
    for track_id in _key_objects(group, prover, nouns):
        for index in frames:
            area = area_of(check, track_id, index)
            control = control_of(area, None, check, index) if area else None
            if control:
                for kind in kinds:
                    yield VisualNegative(
                        level=kind.level, kind=kind, preferred_frame_index=index, track_id=track_id, control=control
                    )
                return


def _key_objects(group: CandidateGroup, prover: ClipProver, nouns: Sequence[str]) -> Iterator[str]:
    view, text = prover.view(), f"{group.question} {group.chosen.text}".casefold()
    for thing in view.things:
        if thing.phrase is not None and re.search(rf"(?<!\w){re.escape(thing.phrase)}(?!\w)", text):
            yield thing.tracks[0].track_id
    for noun in nouns:
        only = sole(f"the {noun}", view, (), seen_then=False)
        if only is not None:
            yield only.tracks[0].track_id


def _event(group: CandidateGroup, clip: UnitClip) -> Interval | None:
    """The first stretch of evidence; None if the evidence is most of the clip."""
    length = clip.end_seconds - clip.start_seconds
    covered = sum(interval.duration_seconds for interval in group.event_intervals)
    return group.event_intervals[0] if group.event_intervals and covered <= _TYPICAL_SHARE * length else None


def _lacking(event: Interval, events: Sequence[Interval], clip: UnitClip, rng: Generator) -> Interval | None:
    """A stretch as long as the event that touches no evidence; None if none is found."""
    length = event.duration_seconds
    spare = clip.end_seconds - clip.start_seconds - length
    for share in rng.random(_STRETCHES_TRIED):
        start = clip.start_seconds + float(share) * spare
        found = Interval(start_seconds=start, end_seconds=start + length)
        if all(found.overlap_seconds(other) <= 0 for other in events):
            return found
    return None
