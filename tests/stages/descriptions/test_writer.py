"""The writer `descriptions`: groups of several clauses that `verify` proves, as symmetric as any other."""

import numpy as np
import pytest

from schemas.claim import ABOUT_EDITS
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason
from schemas.group import CandidateGroup
from schemas.shown import AS_STORED
from stages.claims.proof import ClipProver, ProofConfig
from stages.descriptions.writer import DescriptionWriter
from stages.facts.twins import TWIN_EDITS, TwinMaker
from stages.verify import prove_group
from stages.wording.differing import differing_spans
from tests.stages.facts.clips import clip_of, cut_film, deeds, empty, walkers
from tests.stages.visuals.footage import pan

Offered = tuple[CandidateGroup, ...] | Drop


def written(clip: UnitClip, writer: DescriptionWriter, seed: int = 0, *, edits: bool = False) -> list[Offered]:
    """What the writer makes of a clip."""
    prover = ClipProver(clip, ProofConfig())
    rng = np.random.default_rng(seed)
    return list(writer.write(clip, prover, TwinMaker(prover, TWIN_EDITS), rng, edits=edits))


def groups_of(offered: list[Offered]) -> list[CandidateGroup]:
    """All groups, in order."""
    return [group for groups in offered if not isinstance(groups, Drop) for group in groups]


SCENES = {"walkers": walkers, "deeds": deeds, "cut_film": cut_film}


def is_planted(group: CandidateGroup) -> bool:
    """Whether it tells edits."""
    return all(claim.predicate in ABOUT_EDITS for claim in group.chosen.claims)


CLIPS = {name: clip_of(make(), name) for name, make in SCENES.items()}
TOLD = {name: groups_of(written(clip, DescriptionWriter(max_questions=6))) for name, clip in CLIPS.items()}


@pytest.mark.parametrize("name", sorted(CLIPS))
def test_verify_proves_every_description(name: str) -> None:
    """Of a true answer every clause, and the order; of a false one that a clause is false and nothing is unknown."""
    prover = ClipProver(CLIPS[name], ProofConfig())
    assert TOLD[name]
    for group in TOLD[name]:
        proven = prove_group(group, prover)
        assert not isinstance(proven, DropCause), (group.chosen.text, proven)
        assert "order" in {verdict.check for verdict in proven.chosen.verdicts}
        assert all(claim.margin is not None for answer in proven.answers for claim in answer.claims)
        assert proven.chosen.differing == ()
        assert all(1 <= len(answer.differing) <= 2 for answer in proven.rejected)


def test_answers_have_as_many_clauses_and_differ_in_their_spans() -> None:
    """Three to six sentences, one for each claim; no answer has one less, and the spans are words of changed ones."""
    for group in (group for groups in TOLD.values() for group in groups):
        assert len({len(answer.claims) for answer in group.answers}) == 1
        assert 3 <= len(group.chosen.claims) <= 6
        for answer in group.rejected:
            spans, others = differing_spans(group.chosen, answer)
            changed = sum(a != b for a, b in zip(group.chosen.claims, answer.claims, strict=True))
            assert len(spans) == len(others) == changed


def test_the_edited_clip_makes_another_version_true() -> None:
    """A mirrored or reversed clip is asked the same, with another true answer, if all is proven there, too."""
    twins = [group for groups in TOLD.values() for group in groups if group.twin_of]
    assert twins
    by_id = {group.group_id: group for groups in TOLD.values() for group in groups}
    for twin in twins:
        group = by_id[twin.twin_of or ""]
        assert {answer.text for answer in twin.answers} == {answer.text for answer in group.answers}
        assert twin.chosen.text != group.chosen.text
        assert twin.shown != AS_STORED


def test_descriptions_of_edits_are_asked_in_both_orders() -> None:
    """Each text is true of one version of the clip and false of the other."""
    offered = written(pan(), DescriptionWriter(max_questions=0, max_of_edits=2), edits=True)
    groups = groups_of(offered)
    assert len(groups) == 4
    prover = ClipProver(pan(), ProofConfig())
    for one, other in zip(groups[::2], groups[1::2], strict=True):
        assert other.twin_of == one.group_id
        assert (one.chosen.text, one.rejected[0].text) == (other.rejected[0].text, other.chosen.text)
        assert is_planted(one)
        assert is_planted(other)
        for group in (one, other):
            assert not isinstance(prove_group(group, prover), DropCause)


def test_no_edit_is_told_unless_edits_are_planted() -> None:
    """Without them the clip is described as it is."""
    assert not any(is_planted(group) for group in groups_of(written(pan(), DescriptionWriter())))


def test_a_clip_of_which_too_little_is_known_is_a_drop() -> None:
    """It says how many things could be said otherwise, and how many it takes."""
    [drop] = written(clip_of(empty()), DescriptionWriter())
    assert isinstance(drop, Drop)
    assert (drop.reason, drop.measured, drop.limit) == (DropReason.CHOSEN_NOT_TRUE, 0, 2)


def test_a_clip_that_bears_no_edits_is_a_drop() -> None:
    """Of fifteen frames there are too few; it says how many it takes."""
    few = pan().model_copy(update={"frames": pan().frames[:15]})
    [drop] = written(few, DescriptionWriter(max_questions=0), edits=True)
    assert isinstance(drop, Drop)
    assert (drop.reason, drop.measured, drop.limit) == (DropReason.TOO_FEW_FRAMES, 15, 16)


def test_nothing_is_asked_if_nothing_is_wanted() -> None:
    """With 0 of both there is no group and no drop."""
    assert written(CLIPS["walkers"], DescriptionWriter(max_questions=0, max_of_edits=0), edits=True) == []


def test_the_same_draws_give_the_same_groups() -> None:
    """Nothing but the random numbers decides."""
    clip = CLIPS["walkers"]
    assert written(clip, DescriptionWriter(), 5) == written(clip, DescriptionWriter(), 5)
