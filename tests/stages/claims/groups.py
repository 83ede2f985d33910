"""A clip and groups about it, for tests of proofs."""

from schemas.claim import PREDICATES, Claim
from schemas.clip import Frame, UnitClip
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.pair import Evidence, RejectedKind
from schemas.scene import Scene
from schemas.shown import AS_STORED, Shown


def unit_clip(scene: Scene, clip_id: str = "clip") -> UnitClip:
    """A clip with a sampled frame every half second; the pixels do not matter here."""
    moments = [0.25 + 0.5 * i for i in range(int(2 * scene.end_seconds))]
    return UnitClip(
        clip_id=clip_id,
        content_sha256="0" * 64,
        codec="h264",
        width=64,
        height=36,
        rotation_degrees=0,
        start_seconds=scene.start_seconds,
        end_seconds=scene.end_seconds,
        duration_seconds_from_header=None,
        duration_seconds_measured=scene.end_seconds,
        frames=tuple(Frame(pts_seconds=moment, jpeg=b"jpeg") for moment in moments),
        segments=(),
        scene=scene,
    )


def group(
    chosen: tuple[str, Claim],
    *rejected: tuple[str, Claim],
    question: str = "Which way does the red object move?",
    group_id: str = "g",
    slot_id: str = "s",
    twin_of: str | None = None,
    shown: Shown = AS_STORED,
    evidence: Evidence | None = None,
) -> CandidateGroup:
    """A group of answers, with the true one in the middle."""
    others = [_answer(text, claim, RejectedKind.RELEVANT) for text, claim in rejected]
    true = _answer(*chosen, None)
    shape = PREDICATES[chosen[1].predicate]
    return CandidateGroup(
        group_id=group_id,
        slot_id=slot_id,
        clip_id="clip",
        twin_of=twin_of,
        shown=shown,
        question=question,
        question_model="test",
        question_type=shape.question_type,
        axis=shape.axis,
        form="values",
        balance=(),
        balance_others=((),) * len(others),
        answers=(*others[:1], true, *others[1:]),
        evidence=evidence or Evidence(frame_indices=(2, 15)),
        event_intervals=(),
        keyframe_indices=(),
    )


def _answer(text: str, claim: Claim, kind: RejectedKind | None) -> CandidateAnswer:
    return CandidateAnswer(text=text, claims=(claim,), rejected_kind=kind, model="test")
