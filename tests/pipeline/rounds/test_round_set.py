"""The numbers of a round's set, counted from its rows, and how often a judge that was examined is right."""

import hashlib
from collections import Counter
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.rounds.round_set import built_round, judge_agreement
from schemas.pair import Grounds, Pair
from schemas.samples import Comparison, ComparisonOutcome, SampledQuestion, SampleFate, count_words
from schemas.video import Split
from tests.finished import write_set
from tests.pipeline.round_builds import build_round
from tests.stages.retrospection.policy import ScriptedPolicy, said

SAMPLES = ("It moves left.", "It moves right.", said(right=True, words=9), said(right=False, words=4))
OPEN = "finalise.max_length_correlation=null"


class Leaning(ScriptedPolicy):
    """A judge that prefers one way to another whatever the clip shows, in both orders: the later one of `WAYS`."""

    def _letter(self, first: str, second: str) -> str:
        return "A" if _rank(first) > _rank(second) else "B"


WAYS = ("left", "up", "down", "right")


def _rank(text: str) -> int:
    return WAYS.index(text.rstrip(".").split()[-1])


def _place(text: str) -> bytes:
    """Where an answer stands in its question: by a hash, so that its place does not tell whether it is true."""
    return hashlib.sha256(text.encode()).digest()


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("questions")
    write_set(folder, videos=3)
    return folder


def test_the_numbers_are_those_of_the_rows(questions: Path, tmp_path: Path) -> None:
    """Pairs by split and by what decided them, lengths in words, numpy's correlation, samples and contexts."""
    build_round(tmp_path, questions, ScriptedPolicy(samples=SAMPLES, notes=[(0.0, 10.0, "Things cross.")]), OPEN)
    opened = FinishedSet.open(str(tmp_path))
    pairs, found = list(opened.records(Pair, "pairs")), built_round(opened)
    assert found.pairs == sum(pair.split is Split.TRAIN for pair in pairs)
    grounds = Counter(pair.grounds for pair in pairs)
    assert (found.proven, found.judged) == (grounds[Grounds.PROVEN], grounds[Grounds.JUDGED])
    assert found.proven > 0 < found.judged
    chosen, rejected = ([count_words(getattr(p, role)) for p in pairs] for role in ("chosen", "rejected"))
    assert (found.chosen_words, found.rejected_words) == (fmean(chosen), fmean(rejected))
    labels = [1] * len(chosen) + [-1] * len(rejected)
    assert found.length_correlation == pytest.approx(np.corrcoef(chosen + rejected, labels)[0, 1])
    kept = [
        count_words(sample.text)
        for one in opened.records(SampledQuestion, "samples")
        for sample in one.samples
        if sample.fate is SampleFate.KEPT
    ]
    assert (found.samples, found.sample_words) == (len(kept), fmean(kept))
    outcomes = Counter(one.outcome for one in opened.records(Comparison, "comparisons"))
    assert (found.ties, found.flips) == (outcomes[ComparisonOutcome.TIE], outcomes[ComparisonOutcome.FLIP])
    assert (found.context_kept, found.context_struck) == (3, 0)  # one note about each clip
    assert found.context_unknown <= 3


def test_a_round_without_a_pair_has_numbers_too(questions: Path, tmp_path: Path) -> None:
    """A judge that goes by position alone: flips, no pair, no length."""
    free = (said(right=True, words=4), said(right=False, words=4))
    build_round(tmp_path, questions, ScriptedPolicy(samples=free, position_bias=1.0), OPEN)
    found = built_round(FinishedSet.open(str(tmp_path)))
    assert (found.pairs, found.proven, found.judged, found.flips) == (0, 0, 0, 6)
    assert (found.chosen_words, found.rejected_words, found.length_correlation) == (None, None, 0.0)


def test_a_judge_is_examined_on_what_is_proven(questions: Path, tmp_path: Path) -> None:
    """A judge that leans one way is consistent, and right where that is true; one that goes by position never is."""
    keys = ("retrospect.examines_judge=true", "retrospect.reasons=false")
    build_round(tmp_path / "a", questions, Leaning(), *keys)
    found = judge_agreement(FinishedSet.open(str(tmp_path / "a")))
    pairs = list(FinishedSet.open(str(questions)).records(Pair, "pairs"))
    groups = {pair.group_id: [one for one in pairs if one.group_id == pair.group_id] for pair in pairs}
    false = [min((one.rejected for one in rows), key=_place) for rows in groups.values()]
    right = sum(_rank(rows[0].chosen) > _rank(wrong) for rows, wrong in zip(groups.values(), false, strict=True))
    assert (found.asked, found.right, found.wrong) == (len(groups), right, len(groups) - right)
    assert 0 < right < len(groups)
    build_round(tmp_path / "b", questions, ScriptedPolicy(position_bias=1.0), *keys)
    by_position = judge_agreement(FinishedSet.open(str(tmp_path / "b")))
    assert (by_position.asked, by_position.right, by_position.wrong, by_position.share) == (len(groups), 0, 0, None)
