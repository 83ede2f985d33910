"""Where a keyframe shows the key object of a question, if the scene has no track of it: a writer draws the box, and a
judge confirms it later on what the box cuts out.
"""

from collections.abc import Sequence

from pydantic import ValidationError

from schemas.clip import UnitClip
from schemas.group import CandidateGroup
from schemas.shown import AS_STORED
from schemas.visual_negative import KeyArea, VisualKind, VisualNegative
from stages.claims.proof import ClipProver
from stages.drawing.rectangles import bordered
from stages.language.asking import Asker, timed
from stages.language.replies import BoxReply
from stages.models.chat import ModelRole, NoReply
from stages.negatives.areas import control_of, may_be_changed
from stages.negatives.check import ClipChecks

_SCALE = 1000
_LEAST_SIDE = 0.03  # of the frame: a smaller cut-out shows nothing to judge


async def with_drawn_box(
    asker: Asker, group: CandidateGroup, prover: ClipProver, kinds: Sequence[VisualKind]
) -> CandidateGroup:
    """The group with visual negatives that paint over a box of the writer, if it has none of a track.

    The writer is asked about the middle keyframe. The group stays as it is if it has no keyframe, or if there is no
    usable reply, or no empty place of equal size for the control.
    """
    wanted = [kind for kind in kinds if kind.paints_over]
    if not (wanted and group.keyframe_indices) or any(n.kind.paints_over for n in group.visual_negatives):
        return group
    index = group.keyframe_indices[len(group.keyframe_indices) // 2]
    area = await _drawn(asker, group, prover.clip, index)
    if area is None:
        return group
    check = ClipChecks(prover, prover.config).of(AS_STORED)
    control = control_of(bordered(area.corners), None, check, index)
    if control is None:
        return group
    drawn = (
        VisualNegative(level=kind.level, kind=kind, preferred_frame_index=index, area=area, control=control)
        for kind in wanted
    )
    return group.model_copy(update={"visual_negatives": (*group.visual_negatives, *drawn)})


async def _drawn(asker: Asker, group: CandidateGroup, clip: UnitClip, index: int) -> KeyArea | None:
    """The box that the writer draws around the key object; None if it finds none that can be painted over."""
    shown = timed([clip.frames[index]], clip.start_seconds)
    try:
        said = await asker.ask(
            ModelRole.WRITER, "box", BoxReply, shown, question=group.question, answer=group.chosen.text
        )
    except NoReply:
        return None
    reply = said.reply
    left, top, right, bottom = (side / _SCALE for side in (reply.left, reply.top, reply.right, reply.bottom))
    if not reply.found or min(right - left, bottom - top) < _LEAST_SIDE:
        return None
    try:
        area = KeyArea(x0=left, y0=top, x1=right, y1=bottom, noun=reply.thing.strip())
    except ValidationError:  # it has no name, or reaches beyond the frame: the model counts otherwise
        return None
    return area if may_be_changed(bordered(area.corners)) else None
