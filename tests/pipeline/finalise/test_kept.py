"""The counts over what is kept, and the questions that they answer."""

from pipeline.finalise.alternatives import Role
from pipeline.finalise.kept import KeptQuestions
from schemas.claim import Axis
from schemas.drop import DropReason
from tests.pipeline.finalise.options import option


def filled() -> KeptQuestions:
    """Two videos: two questions of 3 pairs about "moves", one of 2 pairs about "colour" that names an absent thing."""
    kept = KeptQuestions(0)
    kept.take(option("a", 0, "moves", pairs=3, lean=0.5))
    kept.take(option("b", 0, "moves", pairs=3, lean=0.5))
    kept.take(option("b", 1, "colour", axis=Axis.SPATIAL, pairs=2, absent="red"))
    return kept


def test_what_is_kept_is_counted() -> None:
    """3 + 3 temporal pairs and 2 spatial ones make 8, of which the spatial axis has a quarter."""
    kept = filled()
    assert (len(kept), kept.videos, kept.pair_count, kept.with_absent) == (3, 2, 8, 1)
    assert (kept.pairs_of(Role.CHOSEN, "moves"), kept.pairs_of(Role.REJECTED, "colour")) == (6, 2)
    assert kept.axes() == [Axis.SPATIAL, Axis.TEMPORAL]
    assert kept.share_of_axis(Axis.SPATIAL) == 0.25
    assert kept.tally.lean("right") == 1.0


def test_what_is_dropped_is_no_longer_counted() -> None:
    """Dropping the one spatial question leaves nothing of it but its refusal."""
    kept = filled()
    [spatial] = [option for option in kept.options if option.axis is Axis.SPATIAL]
    kept.drop(spatial, DropReason.OVER_REPRESENTED, 1 / 3, 0.2, "why")
    assert (len(kept), kept.pair_count, kept.with_absent) == (2, 6, 0)
    assert kept.axes() == [Axis.TEMPORAL]
    [refusal] = kept.refusals
    assert (refusal.slot_id, refusal.cause.measured, refusal.cause.detail) == ("b/1", 0.333333, "why")


def test_a_theme_is_rare_by_pairs_or_by_videos() -> None:
    """Without the question of "a", "moves" has 3 pairs of 1 video: too few for 4 pairs or for 2 videos."""
    kept = filled()
    first = next(iter(kept.options))
    assert not kept.would_be_rare(first, pairs=3, videos=1)
    assert kept.would_be_rare(first, pairs=4, videos=1)
    assert kept.would_be_rare(first, pairs=3, videos=2)


def test_draws_depend_on_seed_purpose_and_name_alone() -> None:
    """Two selections with one seed order alternatives alike, whatever they hold and however these are given."""
    options = [option(str(video)) for video in range(20)]
    order = KeptQuestions(5).in_random_order(options)
    assert filled().draw("turn", "x") == KeptQuestions(0).draw("turn", "x") != KeptQuestions(1).draw("turn", "x")
    assert KeptQuestions(5).in_random_order(reversed(options)) == order != options
