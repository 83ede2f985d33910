"""What is cut from what is kept."""

from pipeline.finalise.alternatives import Alternative
from pipeline.finalise.cuts import Cutting
from pipeline.finalise.kept import CHOSEN, REJECTED, Keeping
from pipeline.finalise.settings import SelectionConfig
from schemas.claim import PREDICATES, Predicate


def option(cluster: str, number: int, predicate: Predicate, lean: float) -> Alternative:
    """A question of one pair that leans so far towards "right"."""
    slot_id = f"{cluster}/{number}"
    return Alternative(
        cluster=cluster,
        slot_id=slot_id,
        group_ids=(f"{slot_id}/0",),
        clip_id=cluster,
        predicate=predicate,
        axis=PREDICATES[predicate].axis,
        lean={"right": lean} if lean else {},
        questions=frozenset(),
        pairs_by_role={(CHOSEN, predicate): 1, (REJECTED, predicate): 1},
        pair_count=1,
        absent=frozenset(),
        names_absent=False,
        true_words=frozenset(),
    )


def test_a_group_that_leans_the_other_way_is_not_cut() -> None:
    """One video has seven groups for "right" and one against it, nine have one for it, and ten none: of these 20 videos
    a lean may reach 1.5 sigma. It is 0.5 (7 - 1 + 9) = 7.5, and sigma sqrt(3.0^2 + 9 x 0.5^2) = 3.35: 2.47 too many.

    Without the one against it the lean is 8.0 and sigma sqrt(3.5^2 + 9 x 0.5^2) = 3.81, 2.29 too many, which is less;
    yet that group does not add to the lean. Without one of the seven it is 2.63, and the nine are rare: all stay.
    """
    keeping = Keeping(0)
    for number in range(8):
        keeping.take(option("0", number, Predicate.CAMERA_MOVES, 0.5 if number < 7 else -0.5))
    for video in range(1, 20):
        keeping.take(
            option(str(video), 0, Predicate.SHOT_COUNT if video < 10 else Predicate.BRIGHTER, 0.5 * (video < 10))
        )
    config = SelectionConfig(min_axis_share=0, min_absent_share=0, rare_pairs=0, rare_videos=60)  # 60 / 120 of 20: ten
    Cutting(keeping, config).cut()
    assert not keeping.refusals
