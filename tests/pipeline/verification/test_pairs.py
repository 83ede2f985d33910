"""Pairs that break an invariant, refer to nothing, or are no longer proven are reported."""

from collections.abc import Callable

import pytest

from schemas.arrow import to_table
from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from schemas.pair import Evidence, Pair
from schemas.text_span import TextSpan
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from tests.finished import Whole
from tests.pipeline.verification.damage import PAIRS, found, problems_of, rewrite, stored_clips, stored_pairs

Change = Callable[[Pair], Pair]
EARLY, LATE = Interval(start_seconds=2, end_seconds=4), Interval(start_seconds=6, end_seconds=8)
REVERSED = VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.REVERSED)
"""No words of the pairs name the seconds that they speak of: what a reversed clip shows then is not known."""


def _borrowing(clip_id: str) -> VisualNegative:
    return VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.OTHER_VIDEO, other_clip_id=clip_id)


def _with(**fields: object) -> Change:
    return lambda pair: pair.model_copy(update=fields)


def _wrong_claim(pair: Pair) -> Pair:
    """The chosen answer now asserts what the rejected one does."""
    return pair.model_copy(update={"chosen_claims": pair.rejected_claims})


def _true_rejection(pair: Pair) -> Pair:
    return pair.model_copy(update={"rejected_claims": pair.chosen_claims})


def _other_margin(pair: Pair) -> Pair:
    claim = _claim(pair)
    assert claim.margin is not None
    return pair.model_copy(update={"chosen_claims": (claim.model_copy(update={"margin": claim.margin + 0.01}),)})


def _evidence(**fields: object) -> Change:
    return lambda pair: pair.model_copy(update={"evidence": pair.evidence.model_copy(update=fields)})


def _saying(predicate: Predicate, *intervals: Interval, **fields: object) -> Change:
    """The chosen answer now asserts that its thing is, or goes, left."""
    return lambda pair: pair.model_copy(
        update={
            "chosen_claims": (
                Claim.model_validate(
                    dict(_claim(pair))
                    | {"predicate": predicate, "intervals": intervals, "value": "left", "margin": None}
                ),
            ),
            **fields,
        }
    )


def _claim(pair: Pair) -> Claim:
    [claim] = pair.chosen_claims
    return claim


_ELSEWHERE = VisualNegative(
    level=VisualLevel.PERCEPTIVE, kind=VisualKind.OTHER_FRAME, preferred_frame_index=99, frame_index=0
)
_CROSS_FRAME = _saying(Predicate.DISPLACED, EARLY, LATE, evidence=Evidence(frame_indices=(99,)))
_PERCEPTIVE = _saying(Predicate.IN_REGION, EARLY, visual_negatives=(_ELSEWHERE,))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(_with(clip_id="nowhere"), "clip nowhere is not in the set", id="clip"),
        pytest.param(_with(video_id="another"), "its video is another", id="video"),
        pytest.param(_with(question="Who is it?"), "in what a group shares", id="group"),
        pytest.param(_with(twin_of="no group"), "the twin of no group", id="twin"),
        pytest.param(_with(visual_negatives=(REVERSED,)), "reversed: negative not false", id="negative"),
        pytest.param(_with(visual_negatives=(_borrowing("nowhere"),)), "clip nowhere is not in the set", id="borrowed"),
        pytest.param(_with(chosen_claims=(), visual_negatives=(REVERSED,)), "neither proven", id="negative unjudged"),
        pytest.param(_evidence(frame_indices=(99,)), "a frame is not in the clip", id="frame"),
        pytest.param(_CROSS_FRAME, "a frame is not in the clip", id="frame of a still"),
        pytest.param(_PERCEPTIVE, "a frame is not in the clip", id="frame of a negative"),
        pytest.param(_evidence(track_ids=("t99",)), "a track is not in the clip", id="track"),
        pytest.param(_evidence(segment_ids=("s99",)), "a segment is not in the clip", id="segment"),
        pytest.param(_wrong_claim, "chosen not true", id="chosen claim"),
        pytest.param(_true_rejection, "rejected not false", id="rejected claim"),
        pytest.param(_other_margin, "a different margin is stored", id="margin"),
        pytest.param(_with(rejected="It moves"), "not a complete sentence", id="invariant"),
        pytest.param(_with(chosen_spans=(TextSpan(start=0, end=2),)), "outside of the spans", id="spans"),
        pytest.param(_with(rejected_spans=(TextSpan(start=0, end=999),)), "do not lie in order", id="span beyond"),
        pytest.param(_with(chosen="IT MOVES, LEFT!", rejected="It moves left."), "equal after normalising", id="equal"),
    ],
)
def test_an_edited_pair_is_reported(copy: Whole, change: Change, named: str) -> None:
    """A row that was edited, with hashes put right, is reported with what it breaks; other groups are not."""
    pairs = stored_pairs(copy)
    edited = next(i for i, pair in enumerate(pairs) if pair.chosen.startswith("It moves"))
    rewrite(copy, PAIRS, to_table(Pair, [change(p) if i == edited else p for i, p in enumerate(pairs)]))
    failures = found(copy)
    assert any(named in failure.problem for failure in failures)
    others = {f"pair {pair.pair_id}" for pair in pairs if pair.group_id != pairs[edited].group_id}
    assert not others & {failure.item for failure in failures}


def test_visual_negatives_of_the_set_are_proven_again(copy: Whole) -> None:
    """A clip of the same video, or of another one that has what is named, is no negative; one that lacks it is."""
    pairs = stored_pairs(copy)
    pair = pairs[0]
    colour = _claim(pair).subject_phrases[0].split()[1]
    clips = stored_clips(copy)
    shows = {c.clip_id: {t.colour.name for t in c.scene.tracks if t.colour} for c in clips if c.clip_id != pair.clip_id}
    without = next(clip_id for clip_id, colours in shows.items() if colour not in colours)
    having = next((clip_id for clip_id, colours in shows.items() if colour in colours), pair.clip_id)
    for clip_id, holds in ((without, True), (having, False), (pair.clip_id, False)):
        changed = pair.model_copy(update={"visual_negatives": (_borrowing(clip_id),)})
        group = [
            p.model_copy(update={"visual_negatives": changed.visual_negatives}) if p.group_id == pair.group_id else p
            for p in pairs
        ]
        rewrite(copy, PAIRS, to_table(Pair, group))
        assert (not found(copy)) is holds


def test_a_repeated_pair_is_reported(copy: Whole) -> None:
    """Two rows with the same id."""
    pairs = stored_pairs(copy)
    rewrite(copy, PAIRS, to_table(Pair, [*pairs, pairs[0]]))
    assert problems_of(copy, f"pair {pairs[0].pair_id}") == ["another pair has the same id"]
