"""A step whose packages do not go with ours, or are missing: its own interpreter, and one line in time."""

import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import ray

from pipeline.build.build import Runner
from pipeline.engine.isolated_env import runtime_env_of
from pipeline.engine.local_run import run_locally
from pipeline.engine.ray_processes import no_process_left
from pipeline.engine.ray_run import run_on_ray
from pipeline.engine.settings import Engine
from pipeline.engine.step_setup import StepSetup
from schemas.errors import ModelError
from tests.pipeline.engine.odd_fakes import MissingGround, NotedGround
from tests.pipeline.fakes import fake_steps
from tests.pipeline.runs import make_videos, run_fakes

pytestmark = [
    pytest.mark.ray,
    pytest.mark.process,
    pytest.mark.slow(40),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),  # Ray's own, about itself
]


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """A cluster of its own."""
    with no_process_left():
        ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
        yield
        ray.shutdown()


def test_what_a_stage_lacks_ends_the_run_before_anything_is_made(tmp_path: Path) -> None:
    """`check` is asked first: the output folder does not exist afterwards."""
    with pytest.raises(ModelError, match=r"^no model at /nowhere$"):
        run_fakes(make_videos(tmp_path / "videos", 1), tmp_path / "out", steps=fake_steps(ground=MissingGround()))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("run", [run_locally, run_on_ray])
def test_what_only_opening_finds_is_the_users_error_too(run: Runner, tmp_path: Path) -> None:
    """The error of a worker that cannot open its stage, with its type and text, whether on Ray or not."""
    steps = fake_steps(ground=MissingGround(checked=False))[:2]
    with pytest.raises(ModelError, match=r"^no model at /nowhere$"):
        run_fakes(make_videos(tmp_path / "videos", 3), tmp_path / "out", run=run, steps=steps)


def test_a_step_with_an_interpreter_runs_in_it_on_ray(tmp_path: Path) -> None:
    """An environment that lies over the tests' own, as `make groundingdino` makes one; other steps have none."""
    venv.create(tmp_path / "over", with_pip=False)
    python = tmp_path / "over" / "bin" / "python"
    [packages] = (tmp_path / "over").glob("lib/python*/site-packages")
    (packages / "over.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})")
    ground = NotedGround(note=str(tmp_path / "note"))
    steps = tuple(_in(step, str(python)) if step.name == "ground" else step for step in fake_steps(ground=ground))
    run_fakes(
        make_videos(tmp_path / "videos", 2), tmp_path / "out", run=run_on_ray, engine=Engine(workers=1), steps=steps
    )
    assert (tmp_path / "note").read_text() == str(python)
    assert [runtime_env_of(step) for step in steps if step.name != "ground"] == [None] * 4


def _in(step: StepSetup, python: str) -> StepSetup:
    return replace(step, interpreter=python)
