"""Twins: the same question and texts about the edited clip, on which another answer is proven true."""

from functools import cache

import numpy as np

from schemas.claim import Predicate
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.shown import EditKind, Shown
from stages.claims import TruthValue, check
from stages.claims.edited_scene import edited, edited_interval
from stages.claims.proof import ProofConfig
from stages.claims.scene_view import SceneView
from stages.facts.writer import FactsWriter
from tests.stages.facts.clips import ALL, clip_of, walkers

NAMES = ("walkers", "relay", "cut_film")


@cache
def written(name: str, writer: FactsWriter = FactsWriter(negatives=())) -> dict[str, CandidateGroup]:  # noqa: B008 a frozen record
    """All groups about a hand-made clip, by id."""
    offered = writer.write(clip_of(ALL[name](), name), 200, ProofConfig(), np.random.default_rng(0))
    return {group.group_id: group for groups in offered if not isinstance(groups, Drop) for group in groups}


def families() -> list[tuple[str, CandidateGroup, CandidateGroup]]:
    """Every group that has a twin, with it."""
    return [
        (name, written(name)[twin.twin_of], twin) for name in NAMES for twin in written(name).values() if twin.twin_of
    ]


def test_a_twin_says_the_same_and_another_answer_is_true() -> None:
    """Question, texts and their order are those of the group; of the edited scene its own true answer alone is true,
    and there are twins of both edits.
    """
    found = families()
    assert {twin.shown.name for _, _, twin in found} == {"mirrored", "reversed"}
    for name, group, twin in found:
        assert (twin.question, twin.slot_id) == (group.question, group.slot_id)
        assert [a.text for a in twin.answers] == [a.text for a in group.answers]
        assert twin.chosen.text != group.chosen.text
        shown = SceneView(edited(ALL[name](), twin.shown))
        for answer in twin.answers:
            truth = check(answer.claim, shown).truth
            assert truth is (TruthValue.TRUE if answer.rejected_kind is None else TruthValue.FALSE), (
                twin.question,
                answer,
            )


def test_each_text_that_twins_turn_round_is_chosen_once_and_rejected_once() -> None:
    """No group has two twins, and a twin rejects what its group chooses."""
    found = families()
    assert len({group.group_id for _, group, _ in found}) == len(found)
    for _, group, twin in found:
        assert group.chosen.text in {answer.text for answer in twin.rejected}
        assert twin.chosen.text in {answer.text for answer in group.rejected}


def test_balance_follows_the_true_answer() -> None:
    """The balance features of an answer are the same in a group and in its twin, whichever answer is true."""
    for _, group, twin in families():
        of_group = {g.text: f for g, f in zip(group.rejected, group.balance_others, strict=True)}
        of_twin = {t.text: f for t, f in zip(twin.rejected, twin.balance_others, strict=True)}
        assert of_group | {group.chosen.text: group.balance} == of_twin | {twin.chosen.text: twin.balance}


def test_absent_things_stay_irrelevant_and_swapped_truths_become_adversaries() -> None:
    """A rejected answer is irrelevant exactly if it names what is not in the video."""
    for _, _, twin in families():
        for answer in twin.rejected:
            assert (answer.adversary_axis is None) == (not answer.claim.in_video)


def test_the_recipe_sets_the_share_and_may_forbid_mirrors() -> None:
    """With a share of 0 there is no twin; without mirrors all twins run backwards."""
    assert not any(g.twin_of for g in written("walkers", FactsWriter(negatives=(), twin_share=0)).values())
    edits = {g.shown.name for g in written("walkers", FactsWriter(negatives=(), mirror=False)).values()}
    assert edits == {"none", "reversed"}


def test_events_of_a_reversed_twin_lie_where_the_stored_clip_shows_them() -> None:
    """Red comes in at 1 s and leaves at 6 s, so that played backwards it leaves where the stored clip is at 1 s: a
    twin about its going out of view has its interval there.
    """
    twins = [
        twin
        for twin in written("walkers", FactsWriter(negatives=(), mirror=False)).values()
        if twin.twin_of and twin.chosen.claim.predicate is Predicate.LEAVES_TO
        if twin.chosen.claim.subject_tracks == ("t1",)
    ]
    assert twins
    for twin in twins:
        [interval] = twin.event_intervals
        assert interval.contains(1.0)
        assert edited_interval(walkers(), Shown.whole(EditKind.REVERSED, walkers()), interval).contains(9.0)
        times = [clip_of(walkers()).frames[index].pts_seconds for index in twin.keyframe_indices]
        assert all(interval.contains(moment) for moment in times)
