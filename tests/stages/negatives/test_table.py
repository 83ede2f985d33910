"""Which corruptions may break which predicate."""

from schemas.claim import PREDICATES, Predicate
from schemas.visual_negative import VisualKind, VisualLevel
from stages.negatives.table import BREAKS, HIDING


def test_the_table_names_every_predicate_and_one_frame_shows_no_movement() -> None:
    """Each predicate has an entry; the perceptive level breaks only what one frame shows; and claims that are true when
    nothing is visible are broken by nothing that hides.
    """
    assert set(BREAKS) == set(Predicate)
    perceptive = {p for p, kinds in BREAKS.items() if any(k.level is VisualLevel.PERCEPTIVE for k in kinds)}
    assert perceptive == {
        *(Predicate.LEFT_OF, Predicate.RIGHT_OF, Predicate.ABOVE, Predicate.BELOW),
        *(Predicate.LARGER_THAN, Predicate.OVERLAPS, Predicate.IN_REGION),
    }
    assert not BREAKS[Predicate.APART] | BREAKS[Predicate.NEVER_TOGETHER] | BREAKS[Predicate.PLACE_SAME]


def test_what_hides_a_subject_breaks_only_claims_with_one() -> None:
    """A mask, or an area painted over, needs the track of a subject; black frames alone also break other claims."""
    for predicate, kinds in BREAKS.items():
        if PREDICATES[predicate].subjects == 0:
            assert kinds & HIDING <= {VisualKind.BLACK}
