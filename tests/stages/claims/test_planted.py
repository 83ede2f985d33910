"""What is said of planted edits is true by the spec, and only where the edit can be seen: an even pan of 32 frames."""

import pytest

from schemas.claim import PREDICATES, Axis, Claim, Predicate, QuestionType
from schemas.interval import Interval
from schemas.shown import EditKind, Shown, ShownEdit
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.claims.checked import TruthValue
from stages.claims.planted import check_planted
from stages.claims.proof import ClipProver, ProofConfig
from stages.negatives.edits import edits_failure
from stages.visuals.change import EditChanges
from stages.visuals.standard import reordering, standard_edit
from tests.stages.visuals.footage import SECONDS, pan, still

K = EditKind
SECOND, THIRD = (Interval(start_seconds=start, end_seconds=start + 1.75) for start in (2.0, 4.0))
PAN, STILL = EditChanges(pan()), EditChanges(still())
T, F, U = TruthValue.TRUE, TruthValue.FALSE, TruthValue.UNKNOWN
PREDICATE_OF = {
    K.TURNED: Predicate.PICTURE_EDITED,
    K.MIRRORED: Predicate.VIEW_EDITED,
    K.ZOOMED: Predicate.VIEW_EDITED,
}


def says(kind: EditKind, stretch: Interval) -> Claim:
    """That this was done to the stretch."""
    return Claim(predicate=PREDICATE_OF.get(kind, Predicate.PLAY_EDITED), intervals=(stretch,), value=kind.value)


def planted(kind: EditKind, stretch: Interval = SECOND) -> Shown:
    """The clip with that edit."""
    return Shown(edits=(standard_edit(kind, stretch),))


@pytest.mark.parametrize("kind", [K.TURNED, K.MIRRORED, K.ZOOMED, K.FROZEN, K.REVERSED, K.SHUFFLED, K.SPED_UP])
def test_an_edit_is_true_where_it_is_and_false_elsewhere(kind: EditKind) -> None:
    """True of the second part, false of the third, and false of the second once the third is edited instead."""
    assert check_planted(says(kind, SECOND), planted(kind), PAN).truth is T
    assert check_planted(says(kind, THIRD), planted(kind), PAN).truth is F
    assert check_planted(says(kind, SECOND), planted(kind, THIRD), PAN).truth is F
    assert check_planted(says(kind, SECOND), Shown(), PAN).truth is F


def test_the_margin_is_how_visible_the_edit_is() -> None:
    """Of a true claim that of the edit itself, of a false one that of the edit if it were there."""
    true, false = (check_planted(says(K.MIRRORED, at), planted(K.MIRRORED), PAN) for at in (SECOND, THIRD))
    assert true.margin == PAN.change(Shown(), standard_edit(K.MIRRORED, SECOND))
    assert false.margin == PAN.change(Shown(), standard_edit(K.MIRRORED, THIRD))


def test_another_edit_of_the_same_stretch_is_false_if_the_two_look_different() -> None:
    """The second part is frozen: that it is turned is false."""
    assert check_planted(says(K.TURNED, SECOND), planted(K.FROZEN), PAN).truth is F


def test_what_cannot_be_seen_is_unknown() -> None:
    """A frozen stillness is neither frozen nor not; of a part of an edited stretch nothing is said."""
    assert check_planted(says(K.FROZEN, SECOND), planted(K.FROZEN), STILL).truth is U
    assert check_planted(says(K.FROZEN, THIRD), planted(K.FROZEN), STILL).truth is U
    half = Interval(start_seconds=2.0, end_seconds=3.0)
    assert check_planted(says(K.MIRRORED, half), planted(K.MIRRORED), PAN).truth is U


def test_one_order_is_true() -> None:
    """Shown as 2 4 1 3, the parts belong in the order 3 1 4 2; the reverse is false, and without such an edit nothing
    is said.
    """
    whole = Interval(start_seconds=0.0, end_seconds=SECONDS)
    shown = Shown(edits=(reordering(whole, (1, 3, 0, 2)),))
    right, reverse = (Claim(predicate=Predicate.PARTS_ORDERED, value=value) for value in ("3142", "2413"))
    assert check_planted(right, shown, PAN).truth is T
    assert check_planted(reverse, shown, PAN).truth is F
    assert check_planted(right, Shown(), PAN).truth is U


def test_other_edits_break_a_claim_and_the_same_edit_does_not() -> None:
    """Mirrored elsewhere, or nowhere, the second part is not mirrored; black frames are no negative of an edit."""
    prover = ClipProver(pan(), ProofConfig())

    def failure(shown: Shown) -> bool:
        spec = VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.OTHER_EDITS, shown=shown)
        return edits_failure(says(K.MIRRORED, SECOND), spec, prover) is not None

    seam = ShownEdit(kind=K.SEAM, start_seconds=3.75, end_seconds=4.0)
    assert [failure(shown) for shown in (planted(K.MIRRORED, THIRD), Shown(edits=(seam,)), planted(K.MIRRORED))] == [
        False,
        False,
        True,
    ]
    black = VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.BLACK)
    assert edits_failure(says(K.MIRRORED, SECOND), black, prover) is not None


def test_axes_are_what_has_to_be_compared() -> None:
    """One picture shows that it is turned, two frames that one is mirrored, a run of frames that it runs backwards."""
    found = {kind: PREDICATES[says(kind, SECOND).predicate].axis for kind in (K.TURNED, K.MIRRORED, K.REVERSED)}
    assert found == {K.TURNED: Axis.SPATIAL, K.MIRRORED: Axis.CROSS_FRAME, K.REVERSED: Axis.TEMPORAL}
    assert QuestionType.SEQUENCE is PREDICATES[Predicate.PARTS_ORDERED].question_type
