"""The aims that a finished set misses are reported."""

from pathlib import Path

from pipeline.build.shortfalls import shortfalls
from pipeline.dataset.finished_set import FinishedSet
from schemas.pair import Pair
from tests.finished import store, write_set
from tests.scenes import claim, fixed, track


def lines(path: Path, pairs: list[Pair], clips: list) -> list[str]:  # type: ignore[type-arg]
    store(path, pairs, clips, [], questions=len({pair.group_id for pair in pairs}))
    return list(shortfalls(FinishedSet.open(str(path))))


def test_missed_aims_are_reported_with_their_figures(tmp_path: Path) -> None:
    """A set in which all chosen claims are equal names their predicate twice: for its share, and for its one value."""
    whole = write_set(tmp_path / "whole", videos=8)
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    alike = [pair for pair in pairs if pair.chosen_claims and pair.chosen_claims[0].value]
    [first] = alike[0].chosen_claims
    one_sided = [pair.model_copy(update={"chosen_claims": (first,)}) for pair in alike]
    reported = lines(tmp_path / "one_sided", one_sided, list(whole.clips))
    name = first.predicate.value.replace("_", " ")
    assert f"{name} is in 100% of the pairs (aim: at most 15%)" in reported
    counted = f"{name}: '{first.value}' is the true answer in {len(alike)} of {len(alike)} pairs"
    assert [line for line in reported if line.startswith(counted)]


def test_the_middle_across_and_upright_is_one_value(tmp_path: Path) -> None:
    """Half of the claims say centre and half middle: neither is nearly always true, but their one value is."""
    whole = write_set(tmp_path / "whole", videos=8)
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    named = next(claim for pair in pairs for claim in pair.chosen_claims if claim.subject_tracks)
    claims = [
        claim("in_region", value=value, during=[(0, 1)], subject=track(named.subject_tracks[0], fixed(0.5, 0.5)))
        for value in ("centre", "middle")
    ]
    halved = [pair.model_copy(update={"chosen_claims": (claims[i % 2],)}) for i, pair in enumerate(pairs)]
    reported = lines(tmp_path / "halved", halved, list(whole.clips))
    assert [line for line in reported if line.startswith("in region: 'middle' is the true answer in")]


def test_pairs_without_claims_count_by_question_type(tmp_path: Path) -> None:
    """If nothing was typed, the type of the question takes the place of the predicate, and no value is one-sided."""
    whole = write_set(tmp_path / "whole", videos=4)
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    question_type = pairs[0].question_type
    update = {"chosen_claims": (), "rejected_claims": (), "question_type": question_type}
    reported = lines(tmp_path / "untyped", [pair.model_copy(update=update) for pair in pairs], list(whole.clips))
    assert f"{question_type.value.replace('_', ' ')} is in 100% of the pairs (aim: at most 15%)" in reported
    assert not [line for line in reported if "is the true answer" in line]


def test_a_set_without_pairs_misses_no_aim(tmp_path: Path) -> None:
    """With no pair there is nothing to count, and nothing is reported."""
    assert lines(tmp_path / "none", [], []) == []
