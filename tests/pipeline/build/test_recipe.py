"""Recipes: what is accepted, what is refused and how it is said."""

from pathlib import Path

import pytest
import yaml
from pydantic import JsonValue

from pipeline.build.recipe import Recipe, load_recipe
from pipeline.endpoint.settings import Endpoint
from pipeline.engine.step_setup import StepSetup
from schemas.annotations import Annotations
from schemas.errors import RecipeError
from stages.generate import Generate
from stages.verify import VerifyClaims
from tests.pipeline.fakes import of_step

ROOT = Path(__file__).parents[3]


def test_every_shipped_recipe_loads() -> None:
    """Recipes that come with the program are valid."""
    shipped = sorted(file.stem for file in (ROOT / "pipeline" / "recipes").glob("*.yaml"))
    assert [load_recipe(name)[0] for name in shipped] == shipped
    assert "facts" in shipped


def test_what_the_shipped_recipe_says_is_what_the_stages_do_by_default() -> None:
    """`facts` names keys of every section but those of language models, which it asks none; each with its default."""
    content = yaml.safe_load((ROOT / "pipeline" / "recipes" / "facts.yaml").read_text())
    assert set(content) == set(Recipe.model_fields) - {"ask", "retrospect", "judge", "roles", "endpoint"}
    assert _differing("", content, Recipe().model_dump(mode="json")) == []


@pytest.mark.parametrize("name", ["videopasta", "vistadpo"])
def test_recipes_of_language_models_show_every_key_of_their_servers(name: str) -> None:
    """With its default, so that the file says all that can be set."""
    written = yaml.safe_load((ROOT / "pipeline" / "recipes" / f"{name}.yaml").read_text())["endpoint"]
    assert written == Endpoint().model_dump(mode="json")


def _differing(prefix: str, written: JsonValue, default: JsonValue) -> list[str]:
    """Paths of the keys whose written value is not the default one."""
    if isinstance(written, dict) and isinstance(default, dict):
        return [path for key, value in written.items() for path in _differing(f"{prefix}{key}.", value, default[key])]
    return [] if written == default else [f"{prefix[:-1]}: {written}, by default {default}"]


def test_a_recipe_of_ones_own_is_laid_over_the_defaults(tmp_path: Path) -> None:
    """Keys of the file hold; keys left out keep their default; the name is that of the file."""
    path = tmp_path / "mine.yaml"
    path.write_text("seed: 5\ndecode:\n  num_frames: 16\n")
    name, recipe = load_recipe(str(path))
    assert (name, recipe.seed, recipe.decode.num_frames) == ("mine", 5, 16)
    assert recipe.decode.short_side == Recipe().decode.short_side


def test_set_overrides_the_file() -> None:
    """--set a.b=c is read as YAML and wins over the recipe."""
    _, recipe = load_recipe("facts", ["decode.num_frames=8", "engine.workers=3", "seed=9"])
    assert (recipe.decode.num_frames, recipe.engine.workers, recipe.seed) == (8, 3, 9)


@pytest.mark.parametrize(
    ("override", "problem"),
    [
        ("decode.num_frame=8", "unknown key decode.num_frame: did you mean num_frames?"),
        ("decod.num_frames=8", "unknown key decod: did you mean decode?"),
        ("decode.num_frames=many", "decode.num_frames: Input should be a valid integer"),
        ("decode.num_frames=0", "decode.num_frames: Input should be greater than or equal to 1"),
        ("decode.num_frames", "or section.key=value"),
        ("seed.x=1", "seed is a value, not a section"),
        ("seed=[1", "is not a YAML value"),
    ],
)
def test_a_wrong_key_or_value_is_refused_with_what_is_allowed(override: str, problem: str) -> None:
    """One line names the key, what was given, and what is allowed or was probably meant."""
    with pytest.raises(RecipeError) as refused:
        load_recipe("facts", ["seed=1", override])
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", ["- a\n- b\n", "a: [1\n", "\x00"])
def test_a_file_that_is_no_recipe_is_refused(tmp_path: Path, content: str) -> None:
    """A list, broken YAML and binary data are refused in one line."""
    path = tmp_path / "r.yaml"
    path.write_text(content)
    with pytest.raises(RecipeError) as refused:
        load_recipe(str(path))
    assert "\n" not in str(refused.value)


def test_an_unknown_recipe_is_refused_with_the_names_of_those_there_are() -> None:
    """The shipped names are listed."""
    with pytest.raises(RecipeError, match="one of: facts"):
        load_recipe("facs")


def test_only_what_may_change_a_row_is_in_the_fingerprint() -> None:
    """Seed and stages change the fingerprint; workers and limits of the machine do not, nor does the name."""
    plain = Recipe().identity("a").fingerprint
    assert (
        load_recipe("facts", ["engine.workers=7", "engine.child.cpu_seconds=5"])[1].identity("b").fingerprint == plain
    )
    assert load_recipe("facts", ["decode.num_frames=31"])[1].identity("a").fingerprint != plain
    assert load_recipe("facts", ["seed=1"])[1].identity("a").fingerprint != plain
    other_wording = Recipe().identity("a").model_copy(update={"prompt_hashes": ("another wording",)})
    assert other_wording.fingerprint != plain


def test_whether_frames_are_read_is_decided_before_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fingerprint says so, and names the packages; without them it is that of a recipe that does not read."""
    plain, blind = (load_recipe("facts", [f"ground.reading.enabled={value}"])[1] for value in ("null", "false"))
    assert plain.identity("a").recipe["ground"]["reading"]["enabled"] is True  # type: ignore[index,call-overload]
    assert any(package.startswith("opencv-python ") for package in plain.identity("a").packages)
    assert [model.name for model in plain.models() if model.role == "reader"] == ["rapidocr"]
    assert plain.identity("a").fingerprint != blind.identity("a").fingerprint
    monkeypatch.setattr("stages.reading.reader.versions", lambda: None)
    assert plain.identity("a").recipe == blind.identity("a").recipe
    assert not [model for model in plain.models() if model.role == "reader"]


def test_what_is_asked_is_held_to_the_proof_that_it_will_have() -> None:
    """The writer's proof is that of `verify`; one of its own is refused."""
    _, recipe = load_recipe("facts", ["verify.proof.margins.size=0.5"])
    generate = of_step(recipe.steps(), "generate").stage
    assert isinstance(generate, Generate)
    assert generate.proof == recipe.verify.proof
    assert recipe.verify.proof.margins.size == 0.5
    with pytest.raises(RecipeError, match=r"generate\.proof is always verify\.proof"):
        load_recipe("facts", ["generate.proof.edge_seconds=0.5"])


def test_the_share_of_planted_edits_is_set_once() -> None:
    """Finalise holds the set to the share that the writer has; one of its own is refused."""
    _, recipe = load_recipe("facts", ["generate.planted.share=0.2"])
    assert recipe.selection().max_planted_share == 0.2
    with pytest.raises(RecipeError, match=r"finalise\.max_planted_share is always generate\.planted\.share"):
        load_recipe("facts", ["finalise.max_planted_share=0.9"])


def test_what_a_model_looks_for_is_in_the_fingerprint_and_where_it_runs_is_not() -> None:
    """Nouns of the manifest are added to those of the recipe, for all videos; another interpreter changes no row."""
    noted = Annotations.model_validate({"objects": [{"id": "a", "noun": "cat"}]})

    def fingerprint(python: str, *annotations: Annotations) -> str:
        search = {"groundingdino_py": {"python": python}}
        ground = {"detector": "groundingdino_py", "nouns": ["dog"], "search": search}
        return Recipe.model_validate({"ground": ground}).looking_for(annotations).identity("r").fingerprint

    assert fingerprint("here/python") == fingerprint("there/python")
    assert fingerprint("here/python", noted) != fingerprint("here/python")


def test_a_model_gets_the_file_and_its_interpreter() -> None:
    """Further frames are read from the file; the original package runs in its own Python, and motion in ours."""

    def ground(detector: str) -> StepSetup:
        [step] = [s for s in Recipe.model_validate({"ground": {"detector": detector}}).steps() if s.name == "ground"]
        return step

    assert [ground(name).with_file is None for name in ("motion", "grounding_dino", "groundingdino_py")] == [
        True,
        False,
        False,
    ]
    assert ground("grounding_dino").interpreter is None
    assert str(ground("groundingdino_py").interpreter).endswith("/build/groundingdino/bin/python")


def test_language_models_are_asked_before_the_proof_and_judge_after_it() -> None:
    """Two more steps with `models` and `mixed`; what verify cannot decide of theirs it leaves to the judge."""
    plain = [step.name for step in Recipe().steps()]
    for name in ("videopasta", "vistadpo"):
        steps = {step.name: step for step in load_recipe(name)[1].steps()}
        assert list(steps) == ["decode", "ground", "generate", "ask", "cut", "verify", "judge"]
        assert isinstance(verify := steps["verify"].stage, VerifyClaims)
        assert verify.judged
        assert steps["ask"].waits
        assert steps["judge"].waits
    assert plain == ["decode", "ground", "generate", "cut", "verify"]


def test_mixed_sets_have_shares() -> None:
    """With `mixed` models may have written half of the pairs; with `models` alone there is no such limit."""
    for writer, share in (("mixed", 0.5), ("models", None), ("facts", None)):
        assert load_recipe("facts", (f"generate.writer={writer}",))[1].selection().max_written_share == share


def test_what_models_are_asked_is_in_the_fingerprint() -> None:
    """Another adversary, another limit of the judge or another topic makes other rows."""
    known = load_recipe("videopasta")[1].identity("r").fingerprint
    changes = ("ask.twin_questions=1", "judge.least_sure=4", "ask.evidence_coverage=0.5", "generate.writer=mixed")
    others = {load_recipe("videopasta", (change,))[1].identity("r").fingerprint for change in changes}
    assert len(others | {known}) == 5
