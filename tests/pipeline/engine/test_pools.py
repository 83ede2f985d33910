"""The plan fits the machine, or is refused with the arithmetic."""

import pytest
from pydantic import ValidationError

from pipeline.build.recipe import Recipe
from pipeline.engine.machine import Machine
from pipeline.engine.pools import plan_run
from pipeline.engine.settings import Engine, StepResources
from schemas.errors import PlanError

GB = 1_000_000_000
STEPS = Recipe().run_steps()
OWN_MODELS = {
    "generate": {"writer": "models"},
    "ask": {"topics": {"spatial": 1}},
    "roles": {"target": {"checkpoint": "here"}, "judge": {"checkpoint": "here"}},
}
"""A recipe in which `ask` and `judge` open models of their own."""


@pytest.mark.parametrize("cpus", [1, 2, 3, 4, 7, 16, 64, 128])
@pytest.mark.parametrize("workers", [None, 1, 2, 50])
def test_all_pools_fit_the_cpus_at_once(cpus: int, workers: int | None) -> None:
    """The sum of workers x CPUs never exceeds the machine's: else Ray hangs without a word."""
    plan = plan_run(STEPS, Engine(workers=workers), Machine(cpus, 0, 1000 * GB))
    assert plan.cpus <= cpus
    assert {operator.name for operator in plan.operators} == {step.name for step in STEPS}
    assert all(operator.workers >= 1 and operator.num_cpus > 0 for operator in plan.operators)


@pytest.mark.parametrize("gpus", [1.5, 0.00001])
def test_a_part_of_a_gpu_that_ray_does_not_give_is_refused(gpus: float) -> None:
    """Above 1 Ray gives whole GPUs, and it counts no less than 0.0001: else it fails after the start."""
    with pytest.raises(ValidationError, match="num_gpus must be"):
        StepResources(num_gpus=gpus)


@pytest.mark.parametrize("shares", [(0.1, 0.7), (0.3, 0.1), (1, 2)])
def test_shares_of_gpus_that_add_up_to_all_fit(shares: tuple[float, float]) -> None:
    """3 x 0.1 + 0.7, 3 x 0.3 + 0.1 and 3 x 1 + 2 are 1, 1 and 5, whatever floats make of them."""
    ground, verify = shares
    steps = {
        "ground": StepResources(workers=3, num_gpus=ground),
        "verify": StepResources(workers=1, num_gpus=verify),
    }
    all_gpus = round(3 * ground + verify)
    plan = plan_run(STEPS, Engine(steps=steps), Machine(16, all_gpus, 100 * GB))
    assert plan.gpus == pytest.approx(all_gpus)


def test_videos_in_flight_are_for_a_step_that_waits() -> None:
    """The key would have no effect on any other step, so it is refused there."""
    with pytest.raises(ValidationError, match=r"engine\.steps\.decode\.in_flight: only a step that waits"):
        Recipe.model_validate({"engine": {"steps": {"decode": {"in_flight": 4}}}})


def test_no_more_workers_than_videos() -> None:
    """Three videos on 16 CPUs take three workers in the slowest step, none of which waits for nothing."""
    plan = plan_run(STEPS, Engine(), Machine(16, 0, 100 * GB), videos=3)
    assert max(operator.workers for operator in plan.operators) == 3


def test_a_gpu_lands_on_ground_alone() -> None:
    """Of one GPU, ground's workers take theirs, and no other operator takes any."""
    plan = plan_run(STEPS, Engine(workers=2, steps={"ground": StepResources(num_gpus=0.5)}), Machine(8, 1, 100 * GB))
    assert {o.name: o.num_gpus for o in plan.operators if o.num_gpus} == {"ground": 0.5}


def test_a_model_with_weights_gets_a_gpu_where_there_is_one() -> None:
    """One for each worker of ground by default; none on a machine without, and none if the recipe says so."""
    steps = Recipe.model_validate({"ground": {"detector": "grounding_dino", "nouns": ["dog"]}}).run_steps()
    none = Engine(workers=1, steps={"ground": StepResources(num_gpus=0)})
    given = [
        plan_run(steps, engine, Machine(8, gpus, 100 * GB)).gpus
        for engine, gpus in ((Engine(workers=1), 1), (Engine(workers=1), 0), (none, 1))
    ]
    assert given == [1, 0, 0]


@pytest.mark.parametrize(("gpus", "each", "workers"), [(0, 0.0, 1), (1, 0.5, 1), (2, 1.0, 1), (8, 1.0, 4)], ids=str)
def test_steps_that_ask_their_own_models_share_the_gpus(gpus: int, each: float, workers: int) -> None:
    """`ask` and `judge` have half of all GPUs each, and one GPU holds both; on the CPU nothing is reserved."""
    steps = Recipe.model_validate(OWN_MODELS).run_steps()
    for slowest in (1, 16):
        plan = plan_run(steps, Engine(workers=slowest), Machine(16, gpus, 1000 * GB))
        found = {o.name: (o.workers, o.num_gpus) for o in plan.operators if o.num_gpus or o.name in ("ask", "judge")}
        assert found == {"ask": (workers, each), "judge": (workers, each)}
    on_cpu = Recipe.model_validate({**OWN_MODELS, "endpoint": {"device": "cpu"}}).run_steps()
    assert plan_run(on_cpu, Engine(workers=1), Machine(16, gpus, 1000 * GB)).gpus == 0


def test_more_models_than_gpus_fit_on_them() -> None:
    """A detector and two steps that ask take half a GPU each of two: thirds of both would leave one without a place."""
    recipe = {**OWN_MODELS, "ground": {"detector": "grounding_dino", "nouns": ["dog"]}}
    steps = Recipe.model_validate(recipe).run_steps()
    plan = plan_run(steps, Engine(workers=1), Machine(8, 2, 1000 * GB))
    assert {o.name: o.num_gpus for o in plan.operators if o.num_gpus} == {"ground": 0.5, "ask": 0.5, "judge": 0.5}


def test_a_plan_shrinks_to_the_gpus() -> None:
    """Four workers with a GPU each on a machine with two become two, and the plan says so."""
    plan = plan_run(STEPS, Engine(workers=4, steps={"ground": StepResources(num_gpus=1)}), Machine(8, 2, 100 * GB))
    assert next(o.workers for o in plan.operators if o.name == "ground") == 2
    assert plan.arithmetic[0] == "4 workers do not fit: shrunk to 2"


def test_a_plan_shrinks_to_the_memory() -> None:
    """64 workers need more than 40 GB; what is left of them does not."""
    wide = plan_run(STEPS, Engine(), Machine(64, 0, 1000 * GB))
    narrow = plan_run(STEPS, Engine(), Machine(64, 0, 40 * GB))
    assert wide.memory_bytes > 40 * GB >= narrow.memory_bytes
    assert narrow.processes < wide.processes


def test_what_cannot_fit_is_refused_with_the_arithmetic() -> None:
    """Six workers, five of them with a child, and twelve videos at a time: 11 x 400 MB + 12 x 64 MB = 5.2 GB."""
    with pytest.raises(PlanError, match=r"11 processes x 400 MB \+ 12 videos at a time x 64 MB = 5\.2 GB of 2\.0 GB"):
        plan_run(STEPS, Engine(), Machine(2, 0, 2 * GB))
    with pytest.raises(PlanError, match="GPUs: 1 ground x 1 = 1 of 0"):
        plan_run(STEPS, Engine(steps={"ground": StepResources(num_gpus=1)}), Machine(2, 0, 100 * GB))
