"""Finalise selects and assigns: whole groups, one a slot, balanced, whatever order the units come in."""

import sys
from collections import Counter
from collections.abc import Sequence
from types import FrameType

import pytest
from numpy.random import Generator

from pipeline.finalise.balance import Tally, contributions
from pipeline.finalise.result import Finalised
from pipeline.finalise.settings import BalanceConfig, FinaliseConfig
from schemas.claim import Axis, Predicate
from schemas.drop import Drop, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.shown import EditKind, Shown
from schemas.video import VideoRef
from stages.seeding import rng_for
from tests.scenes import span
from tests.sets import Offered, camera_group, content_hash, finalise, grid, offers, shots_group

Offer = tuple[VideoRef, Offered]


WHOLE = FinaliseConfig(max_predicate_loss=0, min_axis_share=0, min_absent_share=0)
"""Selects for balance alone."""
UNCUT = BalanceConfig(cut_sigmas=99, words=False)
"""Steers, and drops nothing for balance."""

MIRRORED = Shown.whole(EditKind.MIRRORED, span(0, 10))


def mostly_still(rng: Generator, values: Sequence[str]) -> int:
    """Nine cameras in ten stand still."""
    return 0 if rng.random() < 0.9 else int(rng.integers(1, len(values)))


def offer_of(number: int, *groups: CandidateGroup, drops: Sequence[Drop] = ()) -> Offer:
    """The offer of one video with these groups."""
    questions = len({group.slot_id for group in groups}) + sum(d.item_type is ItemType.QUESTION for d in drops)
    return VideoRef(uri=f"clip_{number}.mp4"), Offered(content_hash(number), questions, groups, tuple(drops))


def reasons(finalised: Finalised) -> Counter[DropReason]:
    """The number of dropped questions for each reason."""
    return Counter(drop.reason for drop in finalised.drops if drop.item_type is ItemType.QUESTION)


def group_ids(finalised: Finalised) -> list[str]:
    """All kept groups."""
    return [group.group_id for video in finalised.videos for group in video.groups]


def test_at_most_one_group_of_each_slot_is_kept() -> None:
    """Alternatives of one question exclude each other, and every question is kept or dropped exactly once."""
    given = list(offers(40))
    finalised = finalise(given, FinaliseConfig(), 0)
    slots = [group.slot_id for video in finalised.videos for group in video.groups]
    assert len(slots) == len(set(slots))
    dropped = [drop.item_id for drop in finalised.drops if drop.item_type is ItemType.QUESTION]
    assert sorted(slots + dropped) == sorted({group.slot_id for _, unit in given for group in unit.groups})


def test_the_order_of_units_and_their_names_change_nothing() -> None:
    """Reversed and renamed inputs give the same groups and, uri aside, the same drops."""
    given = list(offers(60))
    renamed = [(VideoRef(uri=f"{i}/other.mp4"), unit) for i, (_, unit) in enumerate(reversed(given))]
    first, second = (finalise(offered, FinaliseConfig(), 3) for offered in (given, renamed))
    assert group_ids(first) == group_ids(second)
    assert [d.model_copy(update={"uri": None}) for d in first.drops] == [
        d.model_copy(update={"uri": None}) for d in second.drops
    ]


def test_another_seed_chooses_other_alternatives() -> None:
    """The choice among alternatives is drawn from the seed."""
    given = list(offers(40))
    assert group_ids(finalise(given, FinaliseConfig(), 0)) != group_ids(finalise(given, FinaliseConfig(), 1))


def test_every_video_has_exactly_one_end() -> None:
    """A video is kept, or dropped once: by the unit's own drop if it has one, else for NO_PAIRS."""
    undecodable = Drop(
        item_id="x", item_type=ItemType.VIDEO, video_id=None, uri=None, stage="decode", reason=DropReason.UNDECODABLE
    )
    given = [*offers(20), offer_of(20), offer_of(21, drops=[undecodable])]
    finalised = finalise(given, FinaliseConfig(), 0)
    ends = Counter(d.video_id for d in finalised.drops if d.item_type is ItemType.VIDEO)
    ends.update(video.video_id for video in finalised.videos)
    assert ends == Counter({unit.content_sha256[:16]: 1 for _, unit in given})
    by_id = {d.item_id: d.reason for d in finalised.drops if d.item_type is ItemType.VIDEO}
    assert by_id[content_hash(20)[:16]] is DropReason.NO_PAIRS
    assert by_id[content_hash(21)[:16]] is DropReason.UNDECODABLE


def test_drops_carry_what_the_reference_says() -> None:
    """Every drop gets the id and the uri of its video, the drops of the units too."""
    own = Drop(
        item_id="q", item_type=ItemType.QUESTION, video_id=None, uri=None, stage="generate",
        reason=DropReason.MARGIN_TOO_SMALL,
    )  # fmt: skip
    (_, unit) = offer_of(0, drops=[own])
    finalised = finalise([(VideoRef(uri="a.mp4", id="mine"), unit)], FinaliseConfig(), 0)
    assert {(drop.video_id, drop.uri) for drop in finalised.drops} == {("mine", "a.mp4")}


def test_a_file_that_repeats_is_refused() -> None:
    """Two offers with one content hash are a bug of the engine, which should have dropped the duplicate."""
    given = list(offers(1))
    with pytest.raises(ValueError, match="a second unit"):
        finalise([*given, *given], FinaliseConfig(), 0)


def test_what_is_absent_here_is_true_elsewhere() -> None:
    """A group that names an absent thing stays only if a true answer about another video names that thing."""
    rng = rng_for(0, "test", "absence")
    red_or_blue = grid("v0/a", Predicate.ENTERS_FROM, "red", "blue", "left", rng)
    red_or_pink = grid("v1/a", Predicate.ENTERS_FROM, "red", "pink", "left", rng)
    blue_or_red = grid("v2/a", Predicate.ENTERS_FROM, "blue", "red", "right", rng)
    given = [offer_of(0, red_or_blue), offer_of(1, red_or_pink), offer_of(2, blue_or_red)]
    finalised = finalise(given, FinaliseConfig(), 0)
    assert group_ids(finalised) == sorted(
        [red_or_blue.group_id, blue_or_red.group_id], key=lambda g: content_hash(int(g[1]))
    )
    [drop] = [d for d in finalised.drops if d.reason is DropReason.NO_ABSENT_ENTITY]
    assert (drop.item_id, drop.detail, drop.measured, drop.limit) == ("v1/a", "pink", 0, 1)


def test_absences_that_rest_on_each_other_fall_together() -> None:
    """If the only group that names blue truly is dropped, those that call blue absent are dropped too."""
    rng = rng_for(0, "test", "absence")
    red_or_blue = grid("v0/a", Predicate.ENTERS_FROM, "red", "blue", "left", rng)
    blue_or_pink = grid("v1/a", Predicate.ENTERS_FROM, "blue", "pink", "left", rng)
    finalised = finalise([offer_of(0, red_or_blue), offer_of(1, blue_or_pink)], FinaliseConfig(), 0)
    assert not group_ids(finalised)
    assert reasons(finalised) == {DropReason.NO_ABSENT_ENTITY: 2}


def test_a_question_is_not_asked_twice_about_a_clip() -> None:
    """One of two questions with the same text about a clip stays; the same question about another clip stays too."""
    given = [
        offer_of(0, camera_group("v0/a", 1), camera_group("v0/b", 1)),
        offer_of(1, camera_group("v1/a", 2)),
    ]
    finalised = finalise(given, FinaliseConfig(), 0)
    assert len(group_ids(finalised)) == 2
    assert reasons(finalised) == {DropReason.REPEATED_TEXT: 1}


def test_a_clip_gets_no_more_questions_than_allowed() -> None:
    """Beyond `max_groups_per_clip` questions are dropped, and the predicates take turns."""
    shots = [
        shots_group(f"v0/s{i}", 1, 3).model_copy(update={"question": f"How many shots, counted {i} times?"})
        for i in range(5)
    ]
    finalised = finalise([offer_of(0, *shots, camera_group("v0/c", 1))], FinaliseConfig(max_groups_per_clip=2), 0)
    [video] = finalised.videos
    assert {group.chosen.claim.predicate for group in video.groups} == {Predicate.SHOT_COUNT, Predicate.CAMERA_MOVES}
    assert reasons(finalised) == {DropReason.OVER_MAX_GROUPS: 4}


def test_twins_stay_or_go_with_their_group() -> None:
    """A twin follows its group, and needs no slot of its own."""
    first = camera_group("v0/a", 1)
    twin = camera_group("v0/a", 2).model_copy(
        update={
            "group_id": "v0/a/twin",
            "twin_of": first.group_id,
            "shown": MIRRORED,
        }
    )
    kept = finalise([offer_of(0, first, twin)], FinaliseConfig(), 0)
    assert group_ids(kept) == [first.group_id, twin.group_id]
    rng = rng_for(0, "test", "twins")
    lonely = grid("v1/a", Predicate.ENTERS_FROM, "red", "blue", "left", rng)
    lonely_twin = lonely.model_copy(update={"group_id": "v1/a/twin", "twin_of": lonely.group_id, "absent": ()})
    assert not group_ids(finalise([offer_of(1, lonely, lonely_twin)], FinaliseConfig(), 0))


def tally_of(finalised: Finalised) -> Tally:
    """The imbalances of what is kept."""
    tally = Tally()
    for video in finalised.videos:
        for group in video.groups:
            tally.add(video.content_sha256, contributions(group))
    return tally


def test_natural_skew_is_cut() -> None:
    """If nine cameras in ten stand still, enough of those are dropped that "still" is right as often as other answers.

    Of 100 groups of five values, 20 are expected to be still and about 92 are: 72 too many. After the cut the
    imbalance is within its limit, give or take one group; and of eight that move there is something left.
    """
    given = list(offers(100, still=mostly_still))
    cut, uncut = (finalise(given, WHOLE.model_copy(update={"balance": b}), 0) for b in (WHOLE.balance, UNCUT))
    feature = "camera_moves=still"
    assert tally_of(uncut).lean(feature) > 50
    tally = tally_of(cut)
    assert abs(tally.lean(feature)) <= max(WHOLE.balance.cut_slack, tally.sigma(feature)) + 1
    assert sum("camera" in group_id for group_id in group_ids(cut)) >= 8
    drop = next(d for d in cut.drops if d.reason is DropReason.OVER_REPRESENTED and "camera" in d.item_id)
    assert drop.measured is not None
    assert drop.limit is not None
    assert drop.measured > drop.limit


def test_a_fair_set_is_hardly_cut() -> None:
    """If nothing leans except by chance (and numbers at the ends of their range), five questions in six stay."""
    finalised = finalise(offers(100), WHOLE, 0)
    assert len(group_ids(finalised)) >= 5 / 6 * 6 * 100


def test_steering_evens_out_what_alternatives_allow() -> None:
    """With three alternatives per question, the colours called absent are chosen to be right as often as wrong."""
    features = [f"colour={colour}" for colour in ("red", "blue", "pink", "cyan")]
    given = list(offers(100))
    balances = (UNCUT, UNCUT.model_copy(update={"steer_sigmas": 99}))
    steered, drawn = (
        tally_of(finalise(given, WHOLE.model_copy(update={"balance": balance}), 0)) for balance in balances
    )
    assert sum(abs(steered.lean(f)) for f in features) < 0.7 * sum(abs(drawn.lean(f)) for f in features)


def test_no_predicate_makes_up_too_much_of_the_set() -> None:
    """If eight questions of each video are about one predicate and two about another, the first is cut to its share."""

    def many_shots(number: int) -> Offer:
        made = [
            shots_group(f"v{number}/s{i}", i % 3, 4 + i % 2).model_copy(update={"question": f"How many, asked {i}?"})
            for i in range(8)
        ]
        others = [
            camera_group(f"v{number}/{i}", i % 5).model_copy(update={"question": f"What does it do, part {i}?"})
            for i in range(2)
        ]
        return offer_of(number, *made, *others)

    config = FinaliseConfig(max_predicate_share=0.6, min_axis_share=0, min_absent_share=0, balance=UNCUT)
    finalised = finalise([many_shots(number) for number in range(40)], config, 0)
    pairs = Counter(
        group.chosen.claim.predicate for video in finalised.videos for group in video.groups for _ in group.rejected
    )
    assert 0.5 <= pairs[Predicate.SHOT_COUNT] / pairs.total() <= 0.6


def test_the_rarest_axis_gets_its_share() -> None:
    """The commonest axis is cut until the rarest has its share, unless that takes too much.

    Of 15 pairs a video 10 are temporal, 3 cross-frame and 2 spatial: for a fifth to be spatial 10 may stay, and a
    third goes.
    """
    config = FinaliseConfig(max_predicate_loss=0, min_absent_share=0, axis_free_pairs=0, balance=UNCUT)
    given = list(offers(40))

    def axes(of: FinaliseConfig) -> Counter[Axis]:
        finalised = finalise(given, of, 0)
        return Counter(group.axis for video in finalised.videos for group in video.groups for _ in group.rejected)

    before, after = axes(config.model_copy(update={"min_axis_share": 0.0})), axes(config)
    assert min(before.values()) / before.total() < 0.2 <= min(after.values()) / after.total()
    assert min(after.values()) == min(before.values())
    assert before == axes(config.model_copy(update={"max_axis_loss": 0.0}))


def test_enough_questions_name_what_the_video_lacks() -> None:
    """Two of six questions per video name absent things: for three in eight to do so in 40 videos, 80 / 0.375 = 213 of
    240 may stay, and the others go, commonest first; if more would go than may, all stay.
    """
    config = FinaliseConfig(max_predicate_loss=0, min_axis_share=0, min_absent_share=0.375, rare_pairs=0, balance=UNCUT)
    given = list(offers(40))
    named = [bool(group.absent) for video in finalise(given, config, 0).videos for group in video.groups]
    assert sum(named) == 80
    assert len(named) == 213
    assert len(group_ids(finalise(given, config.model_copy(update={"max_absent_loss": 0.1}), 0))) == 240


def test_a_rare_predicate_is_not_cut_for_balance() -> None:
    """Nine cameras in ten stand still: balance would leave few of 400 pairs, and does not take the last 200."""

    def camera_pairs(rare_pairs: int) -> int:
        config = WHOLE.model_copy(update={"rare_pairs": rare_pairs, "rare_videos": 0})
        finalised = finalise(offers(100, still=mostly_still), config, 0)
        return sum(
            pair.chosen_claims[0].predicate is Predicate.CAMERA_MOVES for v in finalised.videos for pair in v.pairs()
        )

    assert camera_pairs(0) < 100
    share = 100 / WHOLE.rare_of_videos
    assert 200 * share <= camera_pairs(200) < 200 * share + 5


def test_few_videos_are_hardly_cut() -> None:
    """Eight videos whose cameras all stand still may be chance; a hundred are a habit."""

    def still(_rng: Generator, _values: Sequence[str]) -> int:
        return 0

    def cameras(count: int) -> int:
        return sum("camera" in group_id for group_id in group_ids(finalise(offers(count, still=still), WHOLE, 0)))

    assert cameras(8) == 8
    assert cameras(100) < 50


def test_writers_with_and_without_claims_share_a_set() -> None:
    """Each video has a typed question about shots and three untyped ones of another type: the type is held to half of
    the pairs as a predicate is, and rows keep the names of their writers.
    """

    def mixed(number: int) -> Offer:
        typed = shots_group(f"v{number}/shots", number % 3, 4)
        untyped = [
            camera_group(f"v{number}/{place}", number % 5).model_copy(
                update={"question": f"What does it do, part {place}?", "question_model": "asker"}
            )
            for place in range(3)
        ]
        return offer_of(number, typed, *map(without_claims, untyped))

    config = WHOLE.model_copy(update={"balance": UNCUT, "max_predicate_share": 0.5, "max_predicate_loss": 1.0})
    rows = [
        pair for video in finalise([mixed(number) for number in range(60)], config, 0).videos for pair in video.pairs()
    ]
    typed = [pair for pair in rows if pair.chosen_claims]
    assert len(typed) == 2 * 60
    assert 100 <= len(rows) - len(typed) <= 2 * 60
    assert {(not pair.chosen_claims, pair.question_model, pair.chosen_model) for pair in rows} == {
        (True, "asker", "model"),
        (False, "facts", "drawn"),
    }


def without_claims(group: CandidateGroup) -> CandidateGroup:
    """The group as if a model without typed claims had written it."""
    answers = tuple(answer.model_copy(update={"claims": (), "model": "model"}) for answer in group.answers)
    return group.model_copy(update={"answers": answers})


def calls_of(count: int) -> int:
    """Functions called, in Python and in C, to select among the offers of `count` videos."""
    given, calls = list(offers(count)), 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        finalise(given, FinaliseConfig(predicate_free_pairs=0), 0)  # the few pairs of a small set would all be free
    finally:
        sys.setprofile(before)
    return calls


def test_the_work_grows_with_the_number_of_videos() -> None:
    """Four times the videos take four times the function calls, give or take a tenth: nothing compares all with all."""
    assert calls_of(200) == pytest.approx(4 * calls_of(50), rel=0.1)
