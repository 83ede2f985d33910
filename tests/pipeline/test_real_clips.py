"""A set of real clips, where VIDPREF_TEST_VIDEOS names a folder of them: what the embedded default makes of videos."""

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.build.run import run_build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.run import failures
from schemas.arrow import from_table
from schemas.claim import Axis, Predicate
from schemas.drop import ItemType
from schemas.pair import Pair
from tests.shared import NEEDS_VIDEOS, real_videos

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow(45),
    NEEDS_VIDEOS,
]


def test_real_clips_become_a_set_that_holds(tmp_path: Path) -> None:
    """Most clips yield pairs of many predicates, of all axes and of faces; nothing is lost; the set proves itself."""
    run_build(Console(quiet=True), recipe="facts", videos=str(real_videos()), out=str(tmp_path / "ds"), local=True)
    opened = FinishedSet.open(str(tmp_path / "ds"))
    video = opened.manifest.account.line(ItemType.VIDEO)
    assert video is not None
    assert video.produced == len([p for p in real_videos().iterdir() if p.suffix in {".mp4", ".avi"}])
    assert video.kept >= 6
    pairs = _pairs(tmp_path / "ds")
    assert len(pairs) >= 60
    assert len({pair.chosen_claim.predicate for pair in pairs if pair.chosen_claim}) >= 8
    shares = Counter(pair.axis for pair in pairs)
    assert set(shares) == set(Axis)
    assert any("face" in pair.question for pair in pairs)
    # none of these clips shows simple things, the aerial pan and the still scenes least of all
    claims = [claim for pair in pairs for claim in (pair.chosen_claim, pair.rejected_claim) if claim]
    things = [claim for claim in claims if any("face" not in phrase for phrase in claim.subject_phrases)]
    counts = {Predicate.MOVING_COUNT, Predicate.DISTINCT_MOVING_COUNT}
    assert not [claim for claim in claims if claim.predicate in counts or claim in things]
    assert list(failures(opened)) == []


def _pairs(folder: Path) -> list[Pair]:
    return [pair for file in sorted((folder / "pairs").iterdir()) for pair in from_table(Pair, pq.read_table(file))]
