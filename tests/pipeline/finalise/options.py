"""Alternatives made by hand, for tests of what is chosen and kept."""

from pipeline.finalise.alternatives import Alternative, Role
from pipeline.finalise.difficulty import Measured
from schemas.claim import Axis


def option(
    video: str,
    number: int = 0,
    theme: str = "camera_moves",
    *,
    axis: Axis = Axis.TEMPORAL,
    lean: float = 0.0,
    pairs: int = 1,
    absent: str | None = None,
    true_words: str = "",
    question: str | None = None,
    second_choice: bool = False,
    planted: bool = False,
    written: bool = False,
    alone: bool = False,
    margins: tuple[Measured, ...] = (),
) -> Alternative:
    """An alternative of question `number` of a video; `lean` is its contribution to the feature "right"."""
    slot_id = f"{video}/{number}"
    return Alternative(
        content_sha256=video,
        slot_id=slot_id,
        group_ids=(f"{slot_id}/0",),
        clip_id=video,
        theme=theme,
        axis=axis,
        lean={"right": lean} if lean else {},
        questions=frozenset({(video, "none", question or f"question {number}")}),
        pairs_by_role={(Role.CHOSEN, theme): pairs, (Role.REJECTED, theme): pairs},
        pair_count=pairs,
        absent=frozenset() if absent is None else frozenset({absent}),
        names_absent=absent is not None,
        planted=planted,
        written=written,
        alone=alone,
        second_choice=second_choice,
        true_words=frozenset(true_words.split()),
        margins=(margins,),
    )
