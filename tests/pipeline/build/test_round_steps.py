"""A round of self-sampling as a build: what it takes from a set of questions, and what its own set holds."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.build.recipe import Recipe, load_recipe
from pipeline.build.round_notes import round_notes
from pipeline.build.shortfalls import shortfalls
from pipeline.dataset.finished_set import FinishedSet
from pipeline.planning.prompts import filled_prompts
from pipeline.verification.run import VerifyOptions, run_verify
from schemas.clip import Clip
from schemas.context import ClipContext
from schemas.drop import Drop, ItemType
from schemas.errors import DatasetError, RecipeError, VideosError
from schemas.pair import Grounds, Pair, RejectedKind
from schemas.samples import Comparison, ComparisonOutcome, SampledQuestion
from tests.finished import write_set
from tests.pipeline.round_builds import build_round
from tests.stages.retrospection.policy import ScriptedPolicy, said

SAMPLES = ("It moves left.", "it moves Right", said(right=True, words=4), said(right=False, words=6))
NOTES = [(0.0, 10.0, "Things cross the picture.")]
OPEN = "finalise.max_length_correlation=null"


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of two questions about each of three clips: which way a thing moves."""
    folder = tmp_path_factory.mktemp("questions")
    write_set(folder, videos=3)
    return folder


@pytest.fixture(scope="module")
def made(questions: Path, tmp_path_factory: pytest.TempPathFactory) -> FinishedSet:
    """The set of a first round."""
    out = tmp_path_factory.mktemp("round")
    build_round(out, questions, ScriptedPolicy(samples=SAMPLES, notes=NOTES), OPEN)
    return FinishedSet.open(str(out))


def test_videos_clips_and_scenes_are_those_of_the_set_of_questions(made: FinishedSet, questions: Path) -> None:
    """Ids, splits, licences, frames and scenes are the same; nothing is decoded again."""
    before = FinishedSet.open(str(questions))
    assert list(made.records(Clip, "clips")) == list(before.records(Clip, "clips"))
    whose = [
        {(p.video_id, p.split, p.licence, p.source, p.question, p.shown) for p in opened.records(Pair, "pairs")}
        for opened in (made, before)
    ]
    assert whose[0] == whose[1]


def test_what_claims_decide_is_proven_and_the_rest_judged(made: FinishedSet) -> None:
    """Of the four samples two have claims, one of which is true: its pair is proven.

    The judge prefers the free right sample to the free wrong one and to the refuted one, and the proven one loses to
    none: against the free right one it is a tie, since the judge contradicts the proof.
    """
    pairs = list(made.records(Pair, "pairs"))
    assert {pair.rejected_kind for pair in pairs} == {RejectedKind.SELF_SAMPLED}
    assert Counter(pair.grounds for pair in pairs)[Grounds.PROVEN] == 6
    assert {pair.chosen.split()[0] for pair in pairs if pair.grounds is Grounds.JUDGED} == {"Right"}
    assert {pair.chosen_model for pair in pairs} == {"fake-target"}


def test_everything_is_counted(made: FinishedSet) -> None:
    """Six comparisons of each of six questions: each is a pair or a drop, and stands in the table of its outcome."""
    compared = list(made.records(Comparison, "comparisons"))
    pairs = {pair.pair_id for pair in made.records(Pair, "pairs")}
    line = made.manifest.account.line(ItemType.PAIR)
    assert line is not None
    assert (line.produced, line.kept) == (36, len(pairs)) == (len(compared), len(pairs))
    assert {one.pair_id for one in compared if one.pair_id} == pairs
    outcomes = Counter(one.outcome for one in compared)
    assert outcomes[ComparisonOutcome.CONSISTENT] == len(pairs)
    shards = {shard.path.split("/")[1].rpartition("-")[0]: shard.rows for shard in made.shards("comparisons")}
    assert shards == {outcome.value: count for outcome, count in outcomes.items()}
    asked = list(made.records(SampledQuestion, "samples"))
    assert [len(one.samples) for one in asked] == [4] * 6
    assert len(list(made.records(ClipContext, "contexts"))) == 3


def test_the_card_names_its_tables(made: FinishedSet) -> None:
    """Consistent comparisons and ties are splits of one config, so that `datasets` opens each."""
    card = (Path(made.location.path) / "README.md").read_text()
    for line in (
        "- config_name: contexts",
        "- config_name: samples",
        "  - split: tie",
        "comparisons/consistent-*.parquet",
    ):
        assert line in card
    assert "| comparisons | 36 |" in card


def test_verify_proves_it_again(made: FinishedSet) -> None:
    """Files, rows, proofs, account and comparisons agree."""
    told = StringIO()
    run_verify(Console(file=told, width=200), VerifyOptions(str(made.location)))
    assert "passes" in told.getvalue()


def test_verify_finds_a_comparison_without_its_pair(made: FinishedSet, tmp_path: Path) -> None:
    """A set whose comparisons are those of another selection is refused."""
    for table in ("pairs", "clips", "drops", "contexts", "samples", "comparisons"):
        (tmp_path / table).mkdir()
        for shard in made.shards(table):
            (tmp_path / shard.path).write_bytes((Path(made.location.path) / shard.path).read_bytes())
    kept = tuple(shard for shard in made.manifest.shards if not shard.path.startswith("comparisons/consistent"))
    manifest = made.manifest.model_copy(update={"shards": kept})
    (tmp_path / "dataset.json").write_text(manifest.model_dump_json())
    with pytest.raises(DatasetError, match="damaged"):
        run_verify(Console(file=StringIO()), VerifyOptions(str(tmp_path)))


def test_a_second_round_goes_on_from_the_contexts_of_the_first(
    made: FinishedSet, questions: Path, tmp_path: Path
) -> None:
    """Its writer is told the notes of the first; in the fourth it starts anew. Its pairs are drawn anew."""
    for number, is_told in ((2, True), (4, False)):
        policy = ScriptedPolicy(notes=[(0.0, 1.0, "Nothing new.")])
        previous = f"retrospect.previous={made.location}"
        build_round(tmp_path / f"{number}", questions, policy, previous, f"retrospect.round={number}")
        told = [request.text for request in policy.asked if request.text.startswith("You see")]
        assert len(told) == 3
        assert all(("Things cross the picture." in text) is is_told for text in told)


def test_the_same_round_gives_the_same_bytes_and_another_one_other_samples(questions: Path, tmp_path: Path) -> None:
    """Samples are drawn by seed and round; where the sets lie does not count."""
    first, again, second = (
        build_round(tmp_path / name, questions, ScriptedPolicy(), f"retrospect.round={number}")
        for name, number in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first.shards == again.shards
    assert first.fingerprint == again.fingerprint
    samples = [[shard.sha256 for shard in one.shards if shard.path.startswith("samples")] for one in (first, second)]
    assert samples[0] != samples[1]


def test_a_judge_that_never_agrees_is_told_in_one_line(questions: Path, tmp_path: Path) -> None:
    """Every verdict changes with the order: the set is empty, its account adds up, and one line says why."""
    build_round(tmp_path, questions, ScriptedPolicy(position_bias=1.0), OPEN)
    opened = FinishedSet.open(str(tmp_path))
    [line] = [line for line in shortfalls(opened) if "never agrees" in line]
    assert "fake-judge" in line
    assert "roles.judge" in line
    assert opened.rows()["pairs"] == 0
    assert {drop.stage for drop in opened.records(Drop, "drops") if drop.item_type is ItemType.PAIR} == {"judge"}


def test_the_summary_tells_what_came_of_the_round(made: FinishedSet) -> None:
    """Comparisons by outcome, what length tells, samples and contexts, a line each."""
    lines = list(round_notes(made))
    assert list(shortfalls(made)) == []
    assert any(line.startswith("of 36 comparisons") for line in lines)
    assert any("correlation" in line for line in lines)
    assert any(line.startswith("contexts:") for line in lines)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ("retrospect.questions=null", RecipeError, "retrospect.questions is not set"),
        ("retrospect.questions=/nowhere", DatasetError, "not a finished set"),
        ("retrospect.questions_sha256=abc", RecipeError, "leave out the hash"),
        ("retrospect.previous=/nowhere", DatasetError, "not a finished set"),
        ("retrospect.samples=1", RecipeError, "retrospect.samples"),
    ],
)
def test_bad_sets_are_told_in_one_line(
    change: str, error: type[Exception], message: str, questions: Path, tmp_path: Path
) -> None:
    """What was given, and what to give, before anything is asked."""
    with pytest.raises(error, match=message) as found:
        build_round(tmp_path / "out", questions, ScriptedPolicy(), change)
    assert "\n" not in str(found.value)


def test_a_set_without_a_question_is_refused(questions: Path, tmp_path: Path) -> None:
    """There would be nothing to sample."""
    build_round(tmp_path / "empty", questions, ScriptedPolicy(position_bias=1.0))
    with pytest.raises(VideosError, match="holds no question"):
        build_round(tmp_path / "out", tmp_path / "empty", ScriptedPolicy())


def test_the_first_videos_alone_may_be_taken(questions: Path, tmp_path: Path) -> None:
    """--limit counts by uri, as in every build."""
    build_round(tmp_path, questions, ScriptedPolicy(), OPEN, limit=1)
    assert {clip.uri for clip in FinishedSet.open(str(tmp_path)).records(Clip, "clips")} == {"clip_0.mp4"}


def test_its_prompts_are_shown_by_plan() -> None:
    """Those of the policy, the writer of contexts and the judge, in the order of a round."""
    found = [heading.split()[1] for heading, _ in filled_prompts(load_recipe("isr_dpo")[1])]
    assert found == ["sample", "context", "judge_prefer", "judge_reason"]


def test_the_recipe_of_its_set_can_be_read_again(made: FinishedSet) -> None:
    """Places are not part of it, hashes are."""
    recipe = Recipe.of(made.manifest)
    assert recipe.retrospect.questions is None
    assert recipe.retrospect.questions_sha256 is not None
    assert [one.role for one in made.manifest.models] == ["writer", "target", "judge"]
