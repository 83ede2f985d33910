"""The plan of a run: one operator per step, sized so that all of them fit the machine at once.

Fixed pools that ask for more CPUs than there are hang without a word, so the sum of workers x CPUs of all pools never
exceeds the machine's. Where there are fewer CPUs than workers, each worker takes a fraction of one.
"""

from dataclasses import dataclass, replace
from math import ceil, floor

from pipeline.engine import Engine
from pipeline.machine import Machine
from pipeline.steps import StepName
from schemas.errors import PlanError

TASKS_IN_FLIGHT = 2
"""Videos that wait at, or are in, one worker: the next one is there when the last one is done."""
_MB = 1_000_000
_SHARE = {
    StepName.DECODE: 0.35,
    StepName.GROUND: 1.0,
    StepName.GENERATE: 0.15,
    StepName.CUT: 0.2,
    StepName.VERIFY: 0.1,
    StepName.WRITE: 0.05,
}
"""CPU time of each step over that of the slowest, which gets one worker per video at a time."""
_PROCESSES = {StepName.DECODE: 2, StepName.CUT: 2}
"""Processes of each worker: those that open files have a child."""


@dataclass(frozen=True)
class Operator:
    """One step as a pool of workers."""

    step: StepName
    workers: int
    num_cpus: float
    """CPUs that each worker reserves."""
    num_gpus: float
    """GPUs that each worker reserves; 0 but for ground."""


@dataclass(frozen=True)
class Plan:
    """Everything that runs at once."""

    operators: tuple[Operator, ...]
    machine: Machine
    memory_bytes: int
    """What workers and videos on their way may take."""
    flights: int
    """Videos on their way at once, at most."""
    notes: tuple[str, ...] = ()
    """What was made smaller than asked for, and why."""

    @property
    def cpus(self) -> float:
        """CPUs that all pools reserve together."""
        return sum(operator.workers * operator.num_cpus for operator in self.operators)

    @property
    def workers(self) -> int:
        """Workers of all pools together."""
        return sum(operator.workers for operator in self.operators)


def plan_run(engine: Engine, machine: Machine) -> Plan:
    """The largest plan that fits, up to the workers asked for; PlanError with the arithmetic where none does."""
    asked = engine.workers or max(1, floor(machine.cpus))
    for slowest in range(min(asked, max(1, floor(machine.cpus))), 0, -1):
        plan = _sized(engine, machine, slowest)
        if plan.memory_bytes <= machine.memory_bytes and _gpus(plan) <= machine.gpus:
            return plan if slowest == asked else replace(plan, notes=(_shrunk(asked, slowest, machine),))
    raise PlanError(_refusal(engine, machine, plan))


def _sized(engine: Engine, machine: Machine, slowest: int) -> Plan:
    pools = {step: max(1, ceil(share * slowest - 1e-9)) for step, share in _SHARE.items()}
    workers = sum(pools.values())
    num_cpus = min(1.0, floor(100 * machine.cpus / workers) / 100)
    flights = TASKS_IN_FLIGHT * workers
    processes = sum(count * _PROCESSES.get(step, 1) for step, count in pools.items())
    memory_bytes = _MB * (processes * engine.worker_memory_mb + flights * engine.flight_memory_mb)
    gpus = {StepName.GROUND: engine.ground_gpus}
    operators = tuple(Operator(step, count, num_cpus, gpus.get(step, 0)) for step, count in pools.items())
    return Plan(operators, machine, memory_bytes, flights)


def _gpus(plan: Plan) -> float:
    return sum(operator.workers * operator.num_gpus for operator in plan.operators)


def _shrunk(asked: int, slowest: int, machine: Machine) -> str:
    return f"{asked} workers do not fit {machine}: {slowest} in the slowest step"


def _refusal(engine: Engine, machine: Machine, smallest: Plan) -> str:
    return (
        f"one worker per step does not fit {machine}: "
        f"memory {smallest.memory_bytes / 1e9:.1f} GB (processes x engine.worker_memory_mb {engine.worker_memory_mb} + "
        f"{smallest.flights} videos x engine.flight_memory_mb {engine.flight_memory_mb}), "
        f"GPUs {_gpus(smallest):g} (engine.ground_gpus); use a larger machine, or --local"
    )
