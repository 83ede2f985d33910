"""The plan fits the machine, or is refused with the arithmetic."""

import pytest

from pipeline.engine.machine import Machine
from pipeline.engine.pools import plan_run
from pipeline.engine.settings import Engine
from pipeline.engine.steps import StepName
from schemas.errors import PlanError

GB = 1_000_000_000


@pytest.mark.parametrize("cpus", [1, 2, 3, 4, 7, 16, 64, 128])
@pytest.mark.parametrize("workers", [None, 1, 2, 50])
def test_all_pools_fit_the_cpus_at_once(cpus: int, workers: int | None) -> None:
    """The sum of workers x CPUs never exceeds the machine's: else Ray hangs without a word."""
    plan = plan_run(Engine(workers=workers), Machine(cpus, 0, 1000 * GB))
    assert plan.cpus <= cpus
    assert {operator.step for operator in plan.operators} == set(StepName)
    assert all(operator.workers >= 1 and operator.num_cpus > 0 for operator in plan.operators)


def test_no_more_workers_than_videos() -> None:
    """Three videos on 16 CPUs take three workers in the slowest step, none of which waits for nothing."""
    plan = plan_run(Engine(), Machine(16, 0, 100 * GB), videos=3)
    assert max(operator.workers for operator in plan.operators) == 3


def test_a_gpu_lands_on_ground_alone() -> None:
    """Of one GPU, ground's workers take theirs, and no other operator takes any."""
    plan = plan_run(Engine(workers=2, ground_gpus=0.5), Machine(8, 1, 100 * GB))
    assert {operator.step: operator.num_gpus for operator in plan.operators if operator.num_gpus} == {
        StepName.GROUND: 0.5
    }


def test_a_plan_shrinks_to_the_gpus() -> None:
    """Four workers with a GPU each on a machine with two become two, and the plan says so."""
    plan = plan_run(Engine(workers=4, ground_gpus=1), Machine(8, 2, 100 * GB))
    assert next(o.workers for o in plan.operators if o.step is StepName.GROUND) == 2
    assert plan.arithmetic[0] == "4 workers do not fit: shrunk to 2"


def test_a_plan_shrinks_to_the_memory() -> None:
    """64 workers need more than 40 GB; what is left of them does not."""
    wide = plan_run(Engine(), Machine(64, 0, 1000 * GB))
    narrow = plan_run(Engine(), Machine(64, 0, 40 * GB))
    assert wide.memory_bytes > 40 * GB >= narrow.memory_bytes
    assert narrow.processes < wide.processes


def test_what_cannot_fit_is_refused_with_the_arithmetic() -> None:
    """Six workers, two of them with a child, and twelve videos on their way: 8 x 400 MB + 12 x 64 MB = 4.0 GB."""
    with pytest.raises(PlanError, match=r"8 processes x 400 MB \+ 12 videos on their way x 64 MB = 4\.0 GB of 2\.0 GB"):
        plan_run(Engine(), Machine(2, 0, 2 * GB))
    with pytest.raises(PlanError, match="GPUs: 1 of 0"):
        plan_run(Engine(ground_gpus=1), Machine(2, 0, 100 * GB))
