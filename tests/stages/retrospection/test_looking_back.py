"""Contexts go on from round to round, without what the scene refutes."""

import asyncio

import pytest

from schemas.context import ClauseTruth, ClipContext, ContextClause
from schemas.drop import DropCause, DropReason
from stages.claims.proof import ClipProver, ProofConfig
from stages.language.asking import Asker
from stages.retrospection.looking_back import context_of, notes_of
from tests.scenes import span
from tests.stages.retrospection.policy import ScriptedPolicy, farm

HALLUCINATED = (0.0, 10.0, "A horse stands behind the cat.")
TRUE = [
    *((0.0, 10.0, f"A {look} cat {does}.") for look in ("grey", "calm", "fluffy") for does in ("sits", "lies")),
    *((5.0, 10.0, f"The {look} dog {does}.") for look in ("brown", "old", "big") for does in ("barks", "is in view")),
    *((0.0, 10.0, f"It is a {look} day.") for look in ("sunny", "warm", "bright", "quiet")),
    *((0.0, 5.0, f"{count} cats are there with no dog.") for count in ("Some", "Few")),
    (7.0, 8.0, "The dog runs away."),
    (0.0, 4.0, "The cat is alone."),
]
"""Twenty sentences that hold of the farm, or of which nothing is known."""


def _context(policy: ScriptedPolicy, earlier: ClipContext | None = None) -> ClipContext:
    asker = Asker(policy, 512)
    found = asyncio.run(context_of(asker, ClipProver(farm(), ProofConfig()), earlier, most_notes=50))
    assert isinstance(found, ClipContext)
    return found


def test_a_planted_object_is_gone_within_one_round_and_the_true_clauses_stay() -> None:
    """A context with a horse is repeated word for word: the horse is struck, and none of the 20 others is."""
    clauses = (
        ContextClause(text=text, interval=span(start, end), truth=ClauseTruth.UNKNOWN)
        for start, end, text in (HALLUCINATED, *TRUE)
    )
    before = ClipContext(clip_id="clip", is_fresh=True, clauses=tuple(clauses), model="m", prompt_hash="h")
    after = _context(ScriptedPolicy(), before)
    assert [clause.text for clause in after.clauses if clause.truth is ClauseTruth.REFUTED] == [HALLUCINATED[2]]
    assert len(after.kept) == len(TRUE)
    assert all(clause.is_repeated for clause in after.clauses)
    assert not any("horse" in note for note in notes_of(after, farm()))


def test_what_is_struck_is_not_told_on() -> None:
    """The policy that insists on a horse in every round has it struck in every round."""
    policy = ScriptedPolicy(notes=[HALLUCINATED, *TRUE])
    first = _context(policy)
    second = _context(policy, first)
    for context in (first, second):
        assert context.count(ClauseTruth.REFUTED) == 1
        assert len(context.kept) == len(TRUE)
    assert (first.is_fresh, second.is_fresh) == (True, False)
    assert "horse" not in policy.asked[1].text


def test_clauses_are_counted_by_what_the_scene_says() -> None:
    """Cat and dog are confirmed at their times; days, denials and the lonely cat are not decided, or are."""
    context = _context(ScriptedPolicy(notes=TRUE))
    confirmed = {clause.text for clause in context.clauses if clause.truth is ClauseTruth.CONFIRMED}
    assert "The old dog barks." in confirmed
    assert "It is a warm day." not in confirmed
    assert len(confirmed) + context.count(ClauseTruth.UNKNOWN) == len(TRUE)


def test_notes_are_told_with_times_from_the_clips_start() -> None:
    """A clip that starts at 100 seconds of its video: 105 is told as 5."""
    late = farm().model_copy(update={"start_seconds": 100.0, "end_seconds": 110.0})
    clause = ContextClause(text="It rains.", interval=span(105, 107), truth=ClauseTruth.UNKNOWN)
    context = ClipContext(clip_id="clip", is_fresh=True, clauses=(clause,), model="m", prompt_hash="h")
    assert notes_of(context, late) == ["5.0 to 7.0 s: It rains."]


@pytest.mark.parametrize(
    ("start", "end", "told"), [(8.0, 20.0, span(8, 10)), (4.0, 2.0, span(2, 4)), (30.0, 40.0, None)]
)
def test_times_are_fitted_to_the_clip(start: float, end: float, told: object) -> None:
    """A time beyond the end is cut off, a turned one is put right, and one of no use counts for all of the clip."""
    [clause] = _context(ScriptedPolicy(notes=[(start, end, "It rains")])).clauses
    assert (clause.text, clause.interval) == ("It rains.", told)


def test_a_context_that_says_nothing_is_none() -> None:
    """EVIDENCE_MISSING, so that it is counted."""
    found = asyncio.run(context_of(Asker(ScriptedPolicy(), 512), ClipProver(farm(), ProofConfig()), None, most_notes=5))
    assert isinstance(found, DropCause)
    assert found.reason is DropReason.EVIDENCE_MISSING
