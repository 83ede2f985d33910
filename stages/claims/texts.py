"""What a question with its answers must fulfil besides truth.

The answers are different, complete sentences, texts name what their claims name, and the clip holds the evidence.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from schemas.claim import PREDICATES, Claim, Names, Predicate
from schemas.clip import UnitClip
from schemas.drop import DropCause, DropReason
from schemas.group import CandidateGroup
from schemas.pair import Pair, is_complete, normalise_text
from schemas.shown import EditKind, Shown
from stages.claims.alone import LEAST_SECONDS
from stages.claims.nouns import plural
from stages.claims.writing import may_be_mirrored

_ROUNDING_SECONDS = 1e-6


def text_failure(question: str, answers: Sequence[str], claims: Sequence[Sequence[Claim]]) -> DropCause | None:
    """The first fault of the texts; None if there is none.

    REPEATED_TEXT if two answers are equal; EVIDENCE_MISSING if an answer is an incomplete sentence, or if neither
    question nor answer contains a phrase of one of its claims.
    """
    if len({normalise_text(answer) for answer in answers}) < len(answers):
        return DropCause(DropReason.REPEATED_TEXT, "two answers are equal after normalising")
    for answer, asserted in zip(answers, claims, strict=True):
        if not is_complete(answer):
            return DropCause(DropReason.EVIDENCE_MISSING, "an answer is not a complete sentence")
        if not all(_is_worded(claim, question, answer) for claim in asserted):
            return DropCause(DropReason.EVIDENCE_MISSING, "a phrase is in neither question nor answer")
    return None


def _is_worded(claim: Claim, question: str, answer: str) -> bool:
    """Whether the question or the answer contains every phrase of a claim, and its noun."""
    said = all(_says(question, phrase) or _says(answer, phrase) for phrase in _named(claim))
    return said and (claim.noun is None or _names(claim.noun, question, answer))


def _named(claim: Claim) -> tuple[str, ...]:
    """What the texts must say word for word: the claim's phrases, and the word that it says is written."""
    word = (claim.value,) if claim.value is not None and PREDICATES[claim.predicate].names is Names.WORD else ()
    return (*claim.subject_phrases, *claim.object_phrases, *word)


def _names(noun: str, *texts: str) -> bool:
    """Whether one of the texts contains a noun, in the singular or the plural."""
    return any(_says(text, word) for text in texts for word in (noun, plural(noun)))


def _says(text: str, phrase: str) -> bool:
    """Whether a text contains a phrase word for word, in upper or lower case."""
    return re.search(rf"(?<!\w){re.escape(phrase.casefold())}(?!\w)", text.casefold()) is not None


def evidence_failure(item: Pair | CandidateGroup, clip: UnitClip) -> DropCause | None:
    """EVIDENCE_MISSING if the clip lacks a frame, track, segment or interval that the item refers to."""
    negatives = item.visual_negatives
    frames = [*item.evidence.frame_indices, *item.keyframe_indices, *(i for n in negatives for i in n.frame_indices)]
    tracks = [*item.evidence.track_ids, *(n.track_id for n in negatives if n.track_id is not None)]
    segments = [*item.evidence.segment_ids, *filter(None, [item.shown.segment_id])]
    segments += [n.preferred_segment_id for n in negatives if n.preferred_segment_id is not None]
    segments += [n.segment_id for n in negatives if n.segment_id is not None and n.other_clip_id is None]
    if not clip.has_frames(frames):
        return DropCause(DropReason.EVIDENCE_MISSING, "a frame is not in the clip")
    if not {track.track_id for track in clip.scene.tracks}.issuperset(tracks):
        return DropCause(DropReason.EVIDENCE_MISSING, "a track is not in the clip")
    if not {segment.segment_id for segment in clip.segments}.issuperset(segments):
        return DropCause(DropReason.EVIDENCE_MISSING, "a segment is not in the clip")
    start, end = clip.start_seconds - _ROUNDING_SECONDS, clip.end_seconds + _ROUNDING_SECONDS
    if not all(start <= event.start_seconds and event.end_seconds <= end for event in item.event_intervals):
        return DropCause(DropReason.EVIDENCE_MISSING, "an event lies outside the clip")
    if not item.evidence.frame_indices or _lacks_a_shot(item, clip):
        return DropCause(DropReason.EVIDENCE_MISSING, "no frame shows it")
    return _alone_failure(item.shown, clip) or _mirror_failure(item.shown, clip)


def _alone_failure(shown: Shown, clip: UnitClip) -> DropCause | None:
    """Why the clip does not hold the stretch that is shown alone."""
    segment = clip.segment(shown.segment_id)
    if segment is None:
        return None
    seconds = round(segment.interval.duration_seconds, 3)
    if seconds < LEAST_SECONDS:
        return DropCause(DropReason.EVIDENCE_MISSING, "the stretch that is shown is too short", seconds, LEAST_SECONDS)
    outside = sum(not segment.interval.contains(frame.pts_seconds) for frame in segment.frames)
    if outside:
        return DropCause(DropReason.EVIDENCE_MISSING, "the stretch that is shown has frames of another", outside, 0)
    return None


def _mirror_failure(shown: Shown, clip: UnitClip) -> DropCause | None:
    if not shown.is_whole(EditKind.MIRRORED, clip) or may_be_mirrored(clip.scene):
        return None
    return DropCause(DropReason.EVIDENCE_MISSING, "the clip is mirrored, and something may be written in it")


def _lacks_a_shot(item: Pair | CandidateGroup, clip: UnitClip) -> bool:
    """Whether the item counts shots, and one of them has no stored frame."""
    claims = item.chosen_claims if isinstance(item, Pair) else item.chosen.claims
    if not any(claim.predicate is Predicate.SHOT_COUNT for claim in claims):
        return False
    starts = clip.scene.shot_starts
    shown = [clip.frames[index].pts_seconds for index in item.evidence.frame_indices]
    return len({bisect_right(starts, at) for at in shown if not clip.scene.is_fading(at)}) <= len(starts)
