"""The writer on hand-made clips: every predicate, one proven truth a group, symmetry, words that tell nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from prompts.wordings import fact_wordings
from schemas.claim import PREDICATES, Axis, Names, Predicate
from schemas.colour import ColourName
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.pair import ClaimEdit, RejectedKind, normalise_text
from stages.claims import TruthValue, check_worded
from stages.claims.edited_scene import edited
from stages.claims.proof import ProofConfig
from stages.claims.scene_view import SceneView
from stages.facts.writer import FactsWriter
from tests.stages.facts.clips import ALL, clip_of, deeds

SENTENCES = [event.phrase or "" for event in deeds().events]
NAMES = "|".join([*SENTENCES, *ColourName, r"(?:an? )?(?:ball|box|star|arrow|cross)(?:e?s)?", "market", "welcome"])
"""What names a thing, its colour or the noun of its kind; an event, its sentence; or a word."""
SEEDS = (0,)
LITTLE_WORDS = {"the", "a", "in", "of", "at", "it", "is", "to", "than", "and"}


@cache
def groups_of(name: str, seed: int = 0) -> tuple[CandidateGroup, ...]:
    """All groups that the writer offers about a hand-made clip."""
    written = FactsWriter().write(clip_of(ALL[name](), name), 200, ProofConfig(), np.random.default_rng(seed))
    return tuple(group for offered in written if not isinstance(offered, Drop) for group in offered)


def all_groups() -> Iterator[tuple[str, CandidateGroup]]:
    for name in ALL:
        for seed in SEEDS:
            yield from ((name, group) for group in groups_of(name, seed))


def test_every_predicate_is_offered_as_true_and_as_false() -> None:
    """Together the hand-made clips make the writer assert every predicate, truly and falsely.

    Those of planted edits are another writer's.
    """
    own = {predicate for predicate, shape in PREDICATES.items() if shape.names is not Names.EDITS}
    chosen = {group.chosen.claim.predicate for _, group in all_groups()}
    rejected = {answer.claim.predicate for _, group in all_groups() for answer in group.rejected}
    assert chosen == own
    assert rejected == own


def test_one_answer_is_true_and_the_others_are_false() -> None:
    """The checker finds the chosen answer of every group true, and every rejected one false."""
    scenes = {name: make() for name, make in ALL.items()}
    for name, group in all_groups():
        shown = SceneView(edited(scenes[name], group.shown))
        for answer in group.answers:
            truth = check_worded(answer.claim, shown, edge_seconds=ProofConfig().edge_seconds).truth
            assert truth is (TruthValue.TRUE if answer.rejected_kind is None else TruthValue.FALSE), (
                group.question,
                answer.text,
            )


def test_phrases_are_said_word_for_word() -> None:
    """Every phrase of a claim is in the question or in its answer."""
    for _, group in all_groups():
        for answer in group.answers:
            said = f"{group.question} {answer.text}".casefold()
            assert all(p.casefold() in said for p in (*answer.claim.subject_phrases, *answer.claim.object_phrases))


def test_a_grid_is_every_thing_with_every_value() -> None:
    """The answers of a grid differ only in the named thing and in the value, and combine each thing with each value."""
    grids = [group for _, group in all_groups() if group.form == "grid"]
    assert grids
    for group in grids:
        named = [re.findall(NAMES, answer.text.casefold()) for answer in group.answers]
        rows = Counter(names[0] for names in named)
        columns = Counter(re.sub(NAMES, "X", answer.text, count=1, flags=re.IGNORECASE) for answer in group.answers)
        assert len(set(rows.values())) == len(set(columns.values())) == 1
        assert len(rows) * len(columns) == len(group.answers) >= 4


def test_answers_of_a_group_have_one_form() -> None:
    """With the things and the values left out, all answers of a group read the same."""
    for _, group in all_groups():
        values = sorted(map(re.escape, _values_of(group)), key=len, reverse=True)
        factors = re.compile(rf"\b({'|'.join([*values, NAMES])})\b")
        masked = {factors.sub("X", normalise_text(answer.text)) for answer in group.answers}
        as_bags = {tuple(sorted(normalise_text(answer.text).split())) for answer in group.answers}
        assert len(masked) == 1 or len(as_bags) == 1, masked


def _values_of(group: CandidateGroup) -> set[str]:
    """The values of all wordings that the group's answers may have been made with, normalised."""
    wordings = [
        w for w in fact_wordings().values() if {t.digest for t in w.answer_templates} & set(group.prompt_hashes)
    ]
    return {normalise_text(value) for wording in wordings for value in wording.values.values()}


def test_the_question_tells_nothing_apart() -> None:
    """What tells the answers apart, except for small words, is not in the question; or it names all of them."""
    when = {"first", "second", "last", "middle", "half", "third", "seconds", "between"}  # when, not what
    for _, group in all_groups():
        answers = [set(normalise_text(answer.text).split()) for answer in group.answers]
        factors = [answer - set.intersection(*answers) - LITTLE_WORDS - when for answer in answers]
        question = set(normalise_text(group.question).split())
        names_all = all(factor and factor <= question for factor in factors)
        assert names_all or not set.union(*factors) & question, group.question


def test_texts_of_a_group_are_of_like_length() -> None:
    """No answer is more than a few words longer than another of its group."""
    for _, group in all_groups():
        lengths = [len(answer.text.split()) for answer in group.answers]
        assert max(lengths) - min(lengths) <= 2


def test_absent_things_make_irrelevant_answers_and_present_ones_relevant() -> None:
    """An answer is irrelevant exactly if it names a thing that is not in the clip, and that is its edit."""
    seen = Counter[RejectedKind]()
    for _, group in all_groups():
        for answer in group.rejected:
            lacks = not answer.claim.in_video
            assert (answer.rejected_kind is RejectedKind.IRRELEVANT) == lacks
            assert (answer.corruption.edit is ClaimEdit.ABSENT_ENTITY) == lacks
            assert (answer.adversary_axis is None) == lacks
            assert answer.corruption.edit is not ClaimEdit.NONE
            seen[answer.rejected_kind] += 1
    assert seen[RejectedKind.IRRELEVANT] > 0.1 * seen.total()


def test_absent_things_are_clearly_absent() -> None:
    """An absent thing has a colour that no thing of the clip has or might be said to have."""
    present = {"walkers": {"red", "blue", "green"}, "relay": {"red", "blue"}}
    near = {"red": {"orange", "pink", "brown"}, "blue": {"cyan", "purple"}, "green": {"cyan"}}
    for name, colours in present.items():
        shunned = colours.union(*(near[colour] for colour in colours))
        named = {absent for seed in SEEDS for group in groups_of(name, seed) for absent in group.absent}
        assert named
        assert not named & shunned


def test_a_third_of_the_groups_about_things_are_grids_with_an_absent_thing() -> None:
    """If a clip has things to name, at least a third of its groups name absent ones beside them."""
    for name in ("walkers", "runners", "relay"):
        groups = groups_of(name)
        assert sum(bool(group.absent) and group.form == "grid" for group in groups) >= len(groups) / 3


def test_a_still_empty_clip_is_asked_about_as_a_whole_alone() -> None:
    """About a clip without things no thing is named, and no change is asserted."""
    groups = groups_of("empty")
    assert groups
    assert not any(a.claim.subject_phrases for g in groups for a in g.answers)
    assert {g.chosen.claim.predicate for g in groups} <= {
        Predicate.CAMERA_MOVES,
        Predicate.SHOT_COUNT,
        Predicate.PLACE_SAME,
        Predicate.MOVING_COUNT,
    }
    assert {g.chosen.claim.value for g in groups} <= {"still", "1", "0", None}


def test_faces_are_told_apart_by_their_sides() -> None:
    """Texts about one of two faces name its side, and no question asks for it."""
    groups = groups_of("portrait")
    phrases = {p for g in groups for a in g.answers for p in (*a.claim.subject_phrases, *a.claim.object_phrases)}
    assert phrases == {"the face on the left", "the face on the right"}
    assert not {g.chosen.claim.value for g in groups} & {"left", "centre", "right"}


def test_features_say_what_each_answer_betrays() -> None:
    """The answers of a group that chooses among values have different features."""
    for _, group in all_groups():
        features = [group.balance, *group.balance_others]
        assert all(features)
        assert len(set(features)) == len(features)


def test_axes_and_types_are_those_of_the_predicate() -> None:
    """A group is on the axis of its true answer's predicate, and so are all of its answers."""
    for _, group in all_groups():
        shape = PREDICATES[group.chosen.claim.predicate]
        assert (group.axis, group.question_type) == (shape.axis, shape.question_type)
        assert {PREDICATES[a.claim.predicate].axis for a in group.answers} == {group.axis}


def test_cross_frame_stretches_are_apart() -> None:
    """The two stretches of a cross_frame claim are at least the configured gap apart."""
    gap = ProofConfig().min_gap_seconds
    for _, group in all_groups():
        for answer in group.answers:
            if group.axis is Axis.CROSS_FRAME and len(answer.claim.intervals) == 2:
                early, late = sorted(answer.claim.intervals, key=lambda interval: interval.start_seconds)
                assert late.start_seconds - early.end_seconds >= gap - 1e-9


def test_evidence_lies_in_the_clip() -> None:
    """Every group names sampled frames, and events of at least a second inside the clip."""
    for name, group in all_groups():
        scene = ALL[name]()
        assert group.evidence.frame_indices
        assert set(group.keyframe_indices) <= set(range(20))
        assert group.event_intervals
        for interval in group.event_intervals:
            assert interval.duration_seconds >= 1.0 - 1e-9
            assert scene.start_seconds <= interval.start_seconds
            assert interval.end_seconds <= scene.end_seconds + 1e-9


def test_a_slot_has_few_alternatives() -> None:
    """A slot has at most the configured number of groups, with different ids, and one second choice; of those that
    name kinds which other videos may not contain it has four times as many.
    """
    for name in ALL:
        groups = groups_of(name)
        assert len({group.group_id for group in groups}) == len(groups)
        by_slot = Counter(group.slot_id for group in groups if not (group.twin_of or group.second_choice))
        second = Counter(group.slot_id for group in groups if not group.twin_of and group.second_choice)
        plain = FactsWriter().alternatives
        assert second.keys() <= by_slot.keys()
        assert all(count == 1 for count in second.values())
        assert all(count <= plain * (4 if name == "toys" else 1) for count in by_slot.values())


@pytest.mark.parametrize("name", sorted(ALL))
def test_equal_randomness_gives_equal_groups(name: str) -> None:
    """The same clip and the same rng give the same groups and drops, in the same order."""
    clip = clip_of(ALL[name](), name)
    first, again = (list(FactsWriter().write(clip, 10, ProofConfig(), np.random.default_rng(7))) for _ in range(2))
    assert first == again
    assert sum(not isinstance(offered, Drop) for offered in first) <= 10


def test_order_of_answers_says_nothing() -> None:
    """The true answer is as often in one half of the answers as in the other: of n groups, within 4 standard
    deviations, sqrt(n) / 2 each, of n / 2.
    """
    pairs = [g for _, g in all_groups() if len(g.answers) % 2 == 0]
    late = sum(g.answers.index(g.chosen) >= len(g.answers) / 2 for g in pairs)
    assert abs(late - len(pairs) / 2) <= 2 * len(pairs) ** 0.5


def test_what_is_said_already_is_not_said_again_and_again() -> None:
    """At most `max_alike` questions about a clip have true answers that say the same about the same thing."""
    most = []
    for name in ALL:
        written = FactsWriter(max_alike=2).write(
            clip_of(ALL[name](), name), 200, ProofConfig(), np.random.default_rng(0)
        )
        said = Counter(
            (offered[0].chosen.claim.predicate, bool(offered[0].absent), offered[0].balance[:1], phrases)
            for offered in written
            if not isinstance(offered, Drop)
            for phrases in [offered[0].chosen.claim.subject_phrases]
        )
        most.append(max(said.values()))
    assert max(most) == 2
