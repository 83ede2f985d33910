"""Two versions of an edited clip: the edits of one come in the other's reverse order."""

import numpy as np
import pytest

from schemas.shown import EditKind
from stages.claims.proof import ClipProver, ProofConfig
from stages.descriptions.edits import EditedClip, edited_clips, exchangeable, visible_edits
from tests.stages.visuals.footage import pan, still


@pytest.fixture(scope="module")
def found() -> list[tuple[EditedClip, EditedClip]]:
    """The versions of a clip in which the camera pans."""
    clip = pan()
    prover = ClipProver(clip, ProofConfig())
    return list(edited_clips(clip, visible_edits(clip, prover), prover, np.random.default_rng(0)))


def test_each_version_has_the_kinds_of_the_other_in_reverse_order(found: list[tuple[EditedClip, EditedClip]]) -> None:
    """Three or four quarters are edited, each in another way; harmless seams are the same."""
    assert found
    for one, other in found:
        kinds = [clause.key for clause in one.clauses]
        assert kinds == [clause.key for clause in other.clauses][::-1]
        assert len(set(kinds)) == len(kinds) >= 3
        seams = [{edit for edit in v.shown.edits if edit.kind is EditKind.SEAM} for v in (one, other)]
        assert seams[0] == seams[1] != set()


def test_what_is_told_of_a_version_is_proven_of_it(found: list[tuple[EditedClip, EditedClip]]) -> None:
    """Each clause is true of its own version, and at least one is false of the other."""
    prover = ClipProver(pan(), ProofConfig())
    for one, other in found:
        assert all(prover.prove(claim, chosen=True, shown=one.shown).failure is None for claim in one.claims)
        false = [prover.prove(claim, chosen=False, shown=other.shown).failure is None for claim in one.claims]
        assert any(false)


def test_no_two_descriptions_have_the_same_edits(found: list[tuple[EditedClip, EditedClip]]) -> None:
    """Neither in one order nor in the other."""
    told = [frozenset(version.shown.edits) for versions in found for version in versions]
    assert len(set(told)) == len(told)


def test_what_needs_movement_is_not_seen_in_a_still_clip() -> None:
    """A frozen or reversed stillness is no edit; turned upside down it is one."""
    clip = still()
    visible = visible_edits(clip, ClipProver(clip, ProofConfig()))
    assert EditKind.TURNED in visible
    assert not {EditKind.FROZEN, EditKind.REVERSED, EditKind.SHUFFLED, EditKind.SPED_UP} & visible.keys()


def test_nothing_is_told_if_too_little_can_be_seen() -> None:
    """Two kinds of edits, or three that can each be seen in one quarter alone, make no description."""
    clip = pan()
    prover = ClipProver(clip, ProofConfig())
    for visible in (
        {EditKind.TURNED: range(4), EditKind.ZOOMED: range(4)},
        {EditKind.TURNED: [0], EditKind.ZOOMED: [1], EditKind.MIRRORED: [2]},
    ):
        assert not list(edited_clips(clip, visible, prover, np.random.default_rng(0)))


def test_edits_can_be_exchanged_if_both_are_seen_in_both_quarters() -> None:
    """Turned in the first and third, enlarged in the first, third and last: both in the first and the third."""
    assert exchangeable({EditKind.TURNED: [0, 2], EditKind.ZOOMED: [0, 2, 3], EditKind.FROZEN: [1]}) == 2
    assert exchangeable({EditKind.TURNED: [0, 1], EditKind.ZOOMED: [2, 3]}) == 1
    assert exchangeable({}) == 0
