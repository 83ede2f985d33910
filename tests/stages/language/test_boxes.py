"""A writer draws a box around the key object where the scene has no track of it."""

import asyncio

import pytest

from schemas.visual_negative import VisualKind
from stages.claims.proof import ClipProver, ProofConfig
from stages.language.asking import Asker
from stages.language.boxes import with_drawn_box
from stages.models.chat import ModelRole, ReplyRefused
from tests.scenes import fixed, scene, track
from tests.stages.facts.clips import clip_of
from tests.stages.judging.judging import frames, group
from tests.stages.language.fake_chat import Answer, FakeChat

DRAWN = {"thing": "door", "found": True, "left": 200, "top": 300, "right": 400, "bottom": 600}


def drawn(answer: Answer, kinds: tuple[VisualKind, ...] = tuple(VisualKind)) -> tuple[FakeChat, list]:  # type: ignore[type-arg]
    """What was asked, and the visual negatives of the group."""
    clip = clip_of(scene(track("cup", fixed(0.9, 0.9), moves=False))).model_copy(update={"frames": frames(20, 0, 10.0)})
    chat = FakeChat({"box": answer})
    made = asyncio.run(with_drawn_box(Asker(chat, 99), group(), ClipProver(clip, ProofConfig()), kinds))
    return chat, list(made.visual_negatives)


def test_what_the_writer_boxes_is_painted_over_and_as_much_elsewhere() -> None:
    """The writer sees the middle keyframe alone; each kind that hides an object gets the box and a control."""
    chat, made = drawn(DRAWN)
    [asked] = chat.asked
    assert asked.role is ModelRole.WRITER
    assert "Where does the man stand?" in asked.text
    assert [frame.pts_seconds for frame in asked.shown.frames] == [1.5]
    assert [one.kind for one in made] == [VisualKind.INPAINTED, VisualKind.FILLED]
    for one in made:
        assert one.area is not None
        assert (one.area.corners, one.area.noun) == ((0.2, 0.3, 0.4, 0.6), "door")
        assert one.preferred_frame_index == 3
        assert one.control is not None
        assert abs(one.control.shift_x) >= 0.2 or abs(one.control.shift_y) >= 0.3


@pytest.mark.parametrize(
    "answer",
    [
        {**DRAWN, "found": False},
        {**DRAWN, "thing": " "},
        {**DRAWN, "right": 1400},
        {**DRAWN, "right": 210},
        {**DRAWN, "left": 400, "right": 200},
        {**DRAWN, "left": 0},
        {**DRAWN, "left": 100, "top": 100, "right": 800, "bottom": 800},
        ReplyRefused,
    ],
)
def test_a_box_that_cannot_be_used_changes_nothing(answer: Answer) -> None:
    """Not found, no name, beyond the frame, too narrow, turned round, at the border, half of the frame, no reply."""
    assert drawn(answer)[1] == []


def test_nobody_is_asked_if_nothing_is_to_be_hidden() -> None:
    """The recipe must want a kind that paints over the object."""
    chat, made = drawn(DRAWN, (VisualKind.REVERSED,))
    assert (chat.asked, made) == ([], [])
