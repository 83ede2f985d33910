"""What a set falls short of is told."""

from pathlib import Path

from pipeline.build.shortfalls import shortfalls
from pipeline.dataset.finished_set import FinishedSet
from schemas.pair import Pair
from tests.finished import store, write_set


def lines(path: Path, pairs: list[Pair], clips: list) -> list[str]:  # type: ignore[type-arg]
    store(path, pairs, clips, [], questions=len({pair.group_id for pair in pairs}))
    return list(shortfalls(FinishedSet.open(str(path))))


def test_what_few_videos_could_not_reach_is_told(tmp_path: Path) -> None:
    """Pairs of one predicate alone on one axis, with one true value throughout: all three are reported, in numbers."""
    whole = write_set(tmp_path / "whole", videos=8)
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    alike = [pair for pair in pairs if pair.chosen_claim and pair.chosen_claim.value]
    first = alike[0].chosen_claim
    one_sided = [pair.model_copy(update={"chosen_claim": first}) for pair in alike]
    said = lines(tmp_path / "one_sided", one_sided, list(whole.clips))
    assert first is not None
    name = first.predicate.value.replace("_", " ")
    assert f"{name} is in 100% of the pairs (aim: at most 15%)" in said
    assert any(line.startswith(f"{name}: '{first.value}' is the true answer in {len(alike)} of") for line in said)


def test_a_set_without_pairs_falls_short_of_nothing(tmp_path: Path) -> None:
    """There is nothing to count."""
    assert lines(tmp_path / "none", [], []) == []
