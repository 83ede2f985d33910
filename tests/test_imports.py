"""The layout, read from the source: which way imports run, and where each library is used."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "prompts", "stages", "trainer", "pipeline")
"""Each may import itself and those before it."""
ROOMS = {
    "pipeline": """
        __main__
        cli
        rounds
        demo
        report push
        planning verification viewer
        training evaluation inspection asking export
        audit
        build
        importers
        reviews
        questions
        engine dataset
        work endpoint
        scripted
        inputs
        finalise
        blind_readers presentation recipes stats storage child
    """,
    "stages": """
        ask judge sample look_back compare known_answers
        retrospection
        ground generate verify cut decode
        judging
        language
        alone descriptions
        facts planted
        linking
        annotated motion reading
        negatives
        question_drops
        wording
        claims
        models
        video
        visuals
        payloads seeding stage
        drawing
    """,
    "trainer": """
        launch
        loop answering
        scoring
        policy data
        losses
        recipe
        recipes loss_settings data_settings atomic_file
    """,
}
"""Folders, and files beside them, from top to bottom: each line imports from lines below it alone."""


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_module(file): file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))}


@cache
def imported(file: Path) -> tuple[str, ...]:
    """What a file imports, in functions and for types too: modules, and names of modules."""
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


@cache
def imported_files(module: str) -> frozenset[str]:
    """The modules of this repository that a module imports."""
    found = {name if name in FILES else name.rpartition(".")[0] for name in imported(FILES[module])}
    return frozenset(name for name in found if name in FILES and name != module)


def within(module: str, *prefixes: str) -> bool:
    return any(module == prefix or module.startswith(prefix + ".") for prefix in prefixes)


def imports() -> list[tuple[str, str]]:
    """Every import of every module."""
    return [(module, name) for module, file in FILES.items() for name in imported(file)]


def test_imports_run_downwards_only() -> None:
    """Schemas <- prompts <- stages <- trainer <- pipeline; trainer takes only the models and visuals of stages."""
    assert [f"{module} imports {name}" for module, name in imports() if _runs_up(module, name)] == []


def _runs_up(module: str, name: str) -> bool:
    package, top = (dotted.partition(".")[0] for dotted in (module, name))
    if package == "trainer" and top == "stages":
        return not within(name, "stages.visuals", "stages.models")
    return top in {"tests", *PACKAGES[PACKAGES.index(package) + 1 :]}


def test_libraries_stay_in_their_rooms() -> None:
    """Ray is imported by engine/ray_*.py and the trainer's launcher, torch by the trainer and the models of stages."""
    assert [f"{module} imports {name}" for module, name in imports() if not _may_load(module, name)] == []


def _may_load(module: str, name: str) -> bool:
    library = name.partition(".")[0]
    if library == "ray":
        return module.startswith("pipeline.engine.ray_") or module == "trainer.launch"
    if library in {"torch", "torchvision", "transformers", "peft"}:
        return within(module, "trainer", "stages.models")
    return True


def test_no_file_imports_itself_over_others() -> None:
    """No circle of imports, even counting those in functions and those for types."""
    graph = {module: imported_files(module) for module in FILES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_stand_in_their_order(package: str) -> None:
    """Every folder and loose file is in the list, and imports from lines below its own alone."""
    lines = [line.split() for line in ROOMS[package].split("\n") if line.strip()]
    floor_of = {room: floor for floor, line in enumerate(lines) for room in line}
    modules = [module for module in FILES if "." in module and within(module, package)]
    assert {module.split(".")[1] for module in modules} | {f.name for f in _folders(package)} == set(floor_of)
    for module in modules:
        room = module.split(".")[1]
        for other in imported_files(module):
            if within(other, package) and (below := other.split(".")[1]) != room:
                assert floor_of[below] > floor_of[room], f"{module} imports {other}"


def _folders(package: str) -> list[Path]:
    return [path for path in (ROOT / package).iterdir() if path.is_dir() and any(path.glob("[!_]*.*"))]
