"""Visual negatives that a judge is to look at: what they show and what they leave out."""

import numpy as np
import pytest

from schemas.box import Box
from schemas.group import CandidateGroup
from schemas.pair import Evidence
from schemas.visual_negative import VisualKind
from stages.claims.proof import ClipProver, ProofConfig
from stages.language.negatives import with_negatives
from tests.scenes import fixed, scene, track
from tests.stages.facts.clips import clip_of
from tests.stages.judging.judging import group

KINDS = (
    VisualKind.REVERSED,
    VisualKind.SHUFFLED,
    VisualKind.OTHER_SEGMENT,
    VisualKind.INPAINTED,
    VisualKind.FILLED,
    VisualKind.OTHER_FRAME,
)
LAMP = track("lamp", fixed(0.3, 0.5), moves=False, label="lamp").model_copy(
    update={"boxes": tuple(Box(frame_index=i, x0=0.25, y0=0.45, x1=0.35, y1=0.55) for i in range(20))}
)


def found(one: CandidateGroup, *nouns: str, things: tuple = (LAMP,)) -> CandidateGroup:  # type: ignore[type-arg]
    prover = ClipProver(clip_of(scene(*things)), ProofConfig())
    return with_negatives(one, prover, nouns, KINDS, np.random.default_rng(0))


def kinds(one: CandidateGroup) -> list[VisualKind]:
    return [spec.kind for spec in one.visual_negatives]


def test_each_level_gets_its_own() -> None:
    """Two orders; a stretch without the event, for `cut`; the lamp painted over in a keyframe; another frame."""
    made = found(group(), "lamp")
    assert kinds(made) == [k for k in KINDS if k is not VisualKind.OTHER_SEGMENT]
    filled = next(spec for spec in made.visual_negatives if spec.kind is VisualKind.FILLED)
    assert (filled.track_id, filled.preferred_frame_index in made.keyframe_indices) == ("lamp", True)
    assert filled.control is not None
    other = made.visual_negatives[-1]
    assert other.frame_index not in made.keyframe_indices
    assert made.event_shown == made.event_intervals[0]
    assert made.lacking is not None
    assert made.lacking.overlap_seconds(made.event_intervals[0]) <= 0


@pytest.mark.parametrize(("nouns", "things"), [((), (LAMP,)), (("lamp",), ()), (("cup",), (LAMP,))])
def test_without_a_box_nothing_is_painted_over(nouns: tuple[str, ...], things: tuple) -> None:  # type: ignore[type-arg]
    """The question must be about a thing that the scene has a box of."""
    made = found(group(), *nouns, things=things)
    assert not {VisualKind.INPAINTED, VisualKind.FILLED} & set(kinds(made))


def test_evidence_all_along_leaves_no_stretch_without_it() -> None:
    """An answer that most of the clip shows has no other frame and no other segment."""
    whole = clip_of(scene()).scene
    everywhere = group().model_copy(
        update={
            "event_intervals": (
                found(group()).event_intervals[0].model_copy(update={"end_seconds": whole.end_seconds}),
            ),
            "keyframe_indices": tuple(range(20)),
            "evidence": Evidence(frame_indices=tuple(range(20))),
        }
    )
    made = found(everywhere)
    assert kinds(made) == [VisualKind.REVERSED, VisualKind.SHUFFLED]
    assert (made.event_shown, made.lacking) == (None, None)
