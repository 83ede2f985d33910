"""A reader of seams finds edits whose ends show, and nothing where every part ends alike. Clips pan for 8 s."""

import numpy as np
import pytest

from pipeline.blind_readers.groups import BlindGroup, pairing_of
from pipeline.blind_readers.readers import BlindReader
from pipeline.blind_readers.seams import SeamSteps, seam_features, seam_steps
from schemas.claim import Axis, Claim
from schemas.pair import RejectedKind
from schemas.shown import EditKind, Shown
from stages.planted.parts import PARTS, parts_of
from stages.planted.questions import ORDERS, PREDICATE_OF, order_question
from stages.seeding import rng_for
from stages.visuals.small import SmallPictures
from stages.visuals.standard import standard_edit
from tests.planted_sets import CLIPS


def accuracy(candidates: list[list[tuple[SeamSteps, Claim]]], videos: list[int]) -> float:
    """The share of pairs that a reader of the seams finds, the first candidate of each group being the true one."""
    groups = [
        BlindGroup(
            str(number),
            f"v{video}",
            ("c", Shown()),
            Axis.TEMPORAL,
            "",
            ("",) * len(group),
            (RejectedKind.RELEVANT,) * (len(group) - 1),
        )
        for number, (group, video) in enumerate(zip(candidates, videos, strict=True))
    ]
    pairing = pairing_of(groups, np.zeros(len(groups), np.int64))
    reader = BlindReader(seam_features(one for group in candidates for one in group), groups)
    return float(reader.wins(pairing, rng_for(0, "tests", "seams")).halves.mean())


def asked(kind: EditKind, *, seams: bool) -> tuple[list[list[tuple[SeamSteps, Claim]]], list[int]]:
    """For each clip and part: the claim that this part is edited, then those that another one is."""
    groups, videos = [], []
    for video, clip in enumerate(CLIPS):
        parts, pictures = parts_of(clip), SmallPictures()
        claims = [
            Claim(predicate=PREDICATE_OF[kind], intervals=(stretch,), value=kind.value) for stretch in parts.stretches
        ]
        for true in range(PARTS):
            edit = standard_edit(kind, parts.stretches[true])
            steps = seam_steps(clip, parts.shown(edit) if seams else Shown(edits=(edit,)), None, pictures)
            ordered = [claims[true], *claims[:true], *claims[true + 1 :]]
            groups.append([(steps, claim) for claim in ordered])
            videos.append(video)
    return groups, videos


def test_steps_are_those_from_frame_to_frame_at_each_seam() -> None:
    """Four parts end in a black frame: a step into each and a step out of the first three. Into and out of black a
    picture changes by its own mean brightness; that is more than any step of the pan, so its rank is 1.
    """
    clip, pictures = CLIPS[0], SmallPictures()
    steps = seam_steps(clip, parts_of(clip).shown(), None, pictures)
    shown = pictures.of(clip.frames)
    beside = [6, 8, 14, 16, 22, 24, 30]
    assert steps.change_S == pytest.approx([float(shown[place].mean()) for place in beside], abs=1e-5)
    assert list(steps.rank_S) == [1.0] * 7


def test_ends_that_only_an_edit_has_are_found() -> None:
    """Without harmless seams, only the edited part has any: the reader is right in every pair but those of part one,
    whose start is the clip's.
    """
    assert accuracy(*asked(EditKind.MIRRORED, seams=False)) > 0.9


@pytest.mark.parametrize("kind", [EditKind.MIRRORED, EditKind.FROZEN, EditKind.ZOOMED, EditKind.REVERSED])
def test_where_every_part_ends_alike_nothing_is_found(kind: EditKind) -> None:
    """Edits of other kinds change what is next to a black frame, but hardly its brightness."""
    assert accuracy(*asked(kind, seams=True)) <= 0.60


def test_the_order_of_parts_is_not_found() -> None:
    """Whatever the order, a part follows a black frame."""
    groups, videos = [], []
    for video, clip in enumerate(CLIPS):
        parts, pictures = parts_of(clip), SmallPictures()
        answers = order_question(parts).answers
        for true, answer in enumerate(answers):
            steps = seam_steps(clip, answer.shown, None, pictures)
            others = (one for place, one in enumerate(answers) if place != true)
            groups.append([(steps, one.claim) for one in (answer, *others)])
            videos.append(video)
    assert len(groups) == len(CLIPS) * len(ORDERS)
    assert accuracy(groups, videos) <= 0.60
