"""What a group gets: each visual negative breaks its true answer, and each kind occurs once."""

from functools import cache

import numpy as np
import pytest

from schemas.claim import Predicate
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.visual_negative import VisualKind, VisualLevel
from stages.claims.proof import ProofConfig
from stages.facts.writer import FactsWriter
from tests.scenes import cut, event, fixed, line, link, scene, track
from tests.stages.facts.clips import ALL, looked_for
from tests.stages.negatives.clips import boxed, check_of

CLIPS = {name: boxed(ALL[name]()) for name in ("walkers", "relay", "cut_film", "there_and_back", "pan")}
RED = track("r", line((0.1, 0.3), (0.9, 0.3), (0, 10)), name="red")
BLUE = track("b", fixed(0.5, 0.8), name="blue")
CLIPS["crossing"] = boxed(scene(RED, BLUE, events=[event("starts", 0.5, "r")]))


@cache
def groups_of(name: str, kinds: tuple[VisualKind, ...] = tuple(VisualKind)) -> tuple[CandidateGroup, ...]:
    """All groups of a hand-made clip."""
    writer = FactsWriter(negatives=kinds)
    offered = writer.write(CLIPS[name], 60, ProofConfig(), np.random.default_rng(0))
    return tuple(group for groups in offered if not isinstance(groups, Drop) for group in groups)


def test_every_spec_breaks_the_true_answer() -> None:
    """Checked again, none fails; and each kind occurs that needs neither another video nor a segment."""
    met = set()
    for name, clip in CLIPS.items():
        for group in groups_of(name):
            check = check_of(clip, group.shown)
            texts = (group.question, group.chosen.text)
            for spec in group.visual_negatives:
                assert check.failure(group.chosen.claim, texts, spec) is None, (group.question, spec)
                met.add(spec.kind)
            kinds = [list(VisualKind).index(spec.kind) for spec in group.visual_negatives]
            assert kinds == sorted(set(kinds))
    of_scenes = {k for k in VisualKind if not k.borrows and k is not VisualKind.OTHER_EDITS}
    assert met == {k for k in of_scenes if k.level is not VisualLevel.TEMPORAL}


def test_a_stretch_without_the_event_shares_nothing_with_it_and_is_about_as_long() -> None:
    """IoU 0 with every occurrence, and a length within a quarter of the shown event's."""
    found = [group for name in CLIPS for group in groups_of(name) if group.lacking]
    assert found
    for group in found:
        assert group.event_shown in group.event_intervals
        assert all(group.lacking.iou(event) == 0 for event in group.event_intervals)
        assert 1 / 1.26 < group.lacking.duration_seconds / group.event_shown.duration_seconds < 1.26


@pytest.mark.parametrize("name", list(CLIPS))
def test_alternatives_of_a_question_have_the_same_specs(name: str) -> None:
    """Another wording does not change what breaks an answer, so alternatives share one choice."""
    by_claim: dict[tuple[object, ...], set[object]] = {}
    for group in groups_of(name):
        claim = group.chosen.claim
        said = (claim.predicate, claim.value, claim.subject_tracks, claim.object_tracks, claim.intervals)
        key = (group.shown, group.event_intervals, *said)
        by_claim.setdefault(key, set()).add(group.visual_negatives)
    assert all(len(specs) == 1 for specs in by_claim.values())


def test_only_the_kinds_of_the_recipe_are_written() -> None:
    """With black alone, nothing else; with none, nothing."""
    assert {s.kind for g in groups_of("walkers", (VisualKind.BLACK,)) for s in g.visual_negatives} == {VisualKind.BLACK}
    assert not any(g.visual_negatives or g.lacking for g in groups_of("walkers", ()))


def test_what_no_corruption_breaks_has_no_specs() -> None:
    """That two things are never seen together is true of a black clip as well."""
    kinds = {g.chosen.claim.predicate: g.visual_negatives for name in CLIPS for g in groups_of(name)}
    assert kinds[Predicate.NEVER_TOGETHER] == ()
    assert kinds[Predicate.PLACE_SAME] == ()


@pytest.mark.parametrize(("told_apart", "masked"), [(False, False), (True, True)])
def test_a_thing_that_may_be_seen_elsewhere_under_another_track_is_not_masked(told_apart: bool, masked: bool) -> None:
    """A ball in each of two shots: masking that of the first hides the ball only if the other one is another ball."""
    first = track("a", line((0.1, 0.3), (0.9, 0.3), (0, 5)), [(0, 5)], label="ball")
    second = track("b", fixed(0.5, 0.5), [(5, 10)], moves=False, label="ball")
    links = (link("a", "b", same=False),) if told_apart else ()
    content = looked_for(first, second).model_copy(update={"cuts": (cut(5.0),), "links": links})
    written = FactsWriter().write(boxed(content), 60, ProofConfig(), np.random.default_rng(0))
    groups = [group for groups in written if not isinstance(groups, Drop) for group in groups]
    about = [group for group in groups if group.chosen.claim and group.chosen.claim.subject_tracks == ("a",)]
    kinds = {spec.kind for group in about for spec in group.visual_negatives}
    assert about
    assert (VisualKind.RANDOM_MASK in kinds) == masked
