"""What is asked of two stretches is true of one and false of the other, and says nothing of the rest of the clip."""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from schemas.claim import Predicate
from schemas.drop import Drop, DropReason
from schemas.group import CandidateGroup
from schemas.pair import RejectedKind
from schemas.scene import Scene
from schemas.visual_negative import VisualKind
from stages.alone.slots import AloneSlots
from stages.alone.writer import WHEN, SegmentTwinWriter
from stages.claims.alone import is_of_stretch
from stages.claims.proof import ClipProver, ProofConfig
from stages.facts.writer import FactsWriter
from stages.negatives.check import ClipChecks
from stages.wording.stretch import Stretch
from tests.scenes import fixed, line, measure, scene, span, track
from tests.stages.facts.clips import clip_of, cut_film, deeds, pan, runners, signs, swellers, walkers

Twins = tuple[CandidateGroup, ...]
_WHOLE_CLIP = re.compile(r"\b(half|third of the clip|seconds? in|first|last|whole)\b")


def written(seen: Scene, *, most: int = 99, seed: int = 0) -> tuple[list[Twins], list[Drop]]:
    clip, rng = clip_of(seen), np.random.default_rng(seed)
    prover = ClipProver(clip, ProofConfig())
    view = FactsWriter().askable_scene(prover.view(), 1.0, rng)
    found = list(SegmentTwinWriter(max_questions=most).write(view, ClipChecks(prover, ProofConfig()), rng))
    return [one for one in found if not isinstance(one, Drop)], [one for one in found if isinstance(one, Drop)]


ASKED = (walkers, runners, swellers, cut_film, deeds, signs)
"""Scenes of which two stretches differ."""


@cache
def groups_of(make: Callable[[], Scene]) -> list[Twins]:
    return written(make())[0]


@pytest.mark.parametrize("make", ASKED)
def test_both_answers_are_proven_of_both_stretches(make: Callable[[], Scene]) -> None:
    """Each group has two answers, about the stretch that it shows; the twin has the same texts, the other way round."""
    prover, asked = ClipProver(clip_of(make()), ProofConfig()), groups_of(make)
    assert asked
    for group, twin in asked:
        assert (twin.twin_of, twin.question, twin.slot_id) == (group.group_id, group.question, group.slot_id)
        assert [answer.text for answer in twin.answers] == [answer.text for answer in group.answers]
        assert twin.chosen.text == group.rejected[0].text
        assert group.shown_alone is not None
        assert twin.shown_alone is not None
        assert group.shown_alone.overlap_seconds(twin.shown_alone) <= 0
        for one in (group, twin):
            assert len(one.answers) == 2
            for answer in one.answers:
                assert answer.claim is not None
                assert one.shown_alone is not None
                assert answer.claim.intervals == (one.shown_alone,)
                assert is_of_stretch(answer.claim, one.shown_alone)
                assert prover.prove(answer.claim, chosen=answer.rejected_kind is None).failure is None
        assert group.rejected[0].rejected_kind is RejectedKind.RELEVANT
        assert group.rejected[0].adversary_axis is group.axis


def test_no_text_speaks_of_the_whole_clip() -> None:
    """Whoever sees the stretch alone knows of no half, and of nothing that comes first."""
    for make in ASKED:
        for groups in groups_of(make):
            texts = (groups[0].question, *(answer.text for answer in groups[0].answers))
            assert WHEN in groups[0].question.lower()
            assert not any(_WHOLE_CLIP.search(text) for text in texts)


def test_events_words_and_things_are_asked_for_where_others_are() -> None:
    """Of named events and of written words each is in one stretch; a thing that stops is still in another."""
    asked = {groups[0].chosen.claims[0].predicate for make in (deeds, signs, walkers) for groups in groups_of(make)}
    assert asked >= {Predicate.HAPPENS_IN, Predicate.READS}
    assert asked & {Predicate.MOVES, Predicate.STILL}


def test_the_other_stretch_is_a_visual_negative() -> None:
    """`cut` makes it of the stretch that the group lacks: the one that its twin shows; black frames break it, too."""
    for group, twin in groups_of(deeds):
        assert (group.lacking, twin.lacking) == (twin.shown_alone, group.shown_alone)
    kinds = {spec.kind for groups in groups_of(signs) for group in groups for spec in group.visual_negatives}
    assert kinds == {VisualKind.BLACK}


def test_a_camera_that_turns_back_is_asked_about() -> None:
    """To the right for five seconds, then to the left."""
    way = [measure(float(s), shift=(-0.1 if s < 5 else 0.1, 0.0), motion=(0.02, 0.02, 0.02)) for s in range(10)]
    [(group, twin)], _ = written(scene(measures=way))
    assert {group.chosen.claims[0].value, twin.chosen.claims[0].value} == {"left", "right"}


def test_what_stays_as_it_is_gives_no_question() -> None:
    """The camera moves to the right all along, the balls are always there: a drop says that no two stretches differ."""
    for make in (pan, lambda: scene(track("t", fixed(0.5, 0.5), name="red", moves=False))):
        groups, [drop] = written(make())
        assert (groups, drop.reason) == ([], DropReason.CHOSEN_NOT_TRUE)


def test_a_short_clip_has_no_two_stretches() -> None:
    """Of 3.5 s there are none of 2 s that share no frame."""
    groups, [drop] = written(scene(seconds=3.5))
    assert (groups, drop.reason, drop.measured, drop.limit) == ([], DropReason.SEGMENT_TOO_SHORT, 3.5, 4.0)


def test_questions_beyond_the_limit_are_dropped() -> None:
    """With at most one question all others are drops, and with none nothing is tried."""
    groups, drops = written(runners(), most=1)
    assert len(groups) == 1
    assert {drop.reason for drop in drops} == {DropReason.OVER_MAX_GROUPS}
    assert len(drops) == len(groups_of(runners)) - 1
    assert written(runners(), most=0) == ([], [])


def test_a_thing_that_stands_still_is_not_asked_about() -> None:
    """Under a still camera its place is the same in every stretch; one that moves is asked about."""
    still = track("s", fixed(0.2, 0.2), name="red", moves=False)
    moving = track("m", line((0.2, 0.8), (0.8, 0.8), (0, 10)), name="blue")
    seen = scene(still, moving, measures=[measure(float(s)) for s in range(10)])
    view = FactsWriter().askable_scene(ClipProver(clip_of(seen), ProofConfig()).view(), 1.0, np.random.default_rng(0))
    rows = [one.slot.row for one in AloneSlots(view).of(Stretch("x", WHEN, span(2.0, 4.0)))]
    assert {row.name for row in rows if row} == {"blue"}
