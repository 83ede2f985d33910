"""The plan of a run: one operator per step, sized so that all of them fit the machine at once.

Fixed pools that ask for more CPUs than there are hang without a word, so the sum of workers x CPUs of all pools never
exceeds the machine's. Where there are fewer CPUs than workers, each worker takes a fraction of one.
"""

import sys
from dataclasses import dataclass, replace
from math import ceil, floor

from pipeline.engine.machine import Machine
from pipeline.engine.settings import Engine
from pipeline.engine.steps import StepName
from schemas.errors import PlanError

TASKS_IN_FLIGHT = 2
"""Videos that wait at, or are in, one worker: the next one is there when the last one is done."""
_MB = 1_000_000
_SHARE = {
    StepName.DECODE: 0.15,
    StepName.GROUND: 1.0,
    StepName.GENERATE: 0.05,
    StepName.CUT: 0.12,
    StepName.VERIFY: 0.05,
    StepName.WRITE: 0.05,
}
"""CPU time of each step over that of the slowest, as `make bench` measures it, rounded up."""
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
    processes: int
    """Workers, and the children of those that open files."""
    flights: int
    """Videos on their way at once, at most."""
    process_bytes: int
    """What processes may take."""
    flight_bytes: int
    """What videos on their way may take."""
    arithmetic: tuple[str, ...] = ()
    """How the pools came to their sizes, one line each."""

    @property
    def memory_bytes(self) -> int:
        """What everything may take."""
        return self.process_bytes + self.flight_bytes

    @property
    def cpus(self) -> float:
        """CPUs that all pools reserve together."""
        return sum(operator.workers * operator.num_cpus for operator in self.operators)


def plan_run(engine: Engine, machine: Machine, videos: int | None = None) -> Plan:
    """The largest plan that fits, up to the workers asked for and no more than there are videos.

    PlanError with the arithmetic where none fits.
    """
    most = max(1, floor(machine.cpus))
    asked = min(engine.workers or most, videos or sys.maxsize)
    for slowest in range(min(asked, most), 0, -1):
        plan = _sized(engine, machine, slowest)
        if plan.memory_bytes <= machine.memory_bytes and _gpus(plan) <= machine.gpus:
            shrunk = () if slowest == asked else (f"{asked} workers do not fit: shrunk to {slowest}",)
            return replace(plan, arithmetic=(*shrunk, *_arithmetic(engine, plan)))
    raise PlanError(f"one worker per step does not fit: {'; '.join(_arithmetic(engine, plan))}; try --local")


def _sized(engine: Engine, machine: Machine, slowest: int) -> Plan:
    """One worker of the slowest step per video at a time, and of the others as many as keep up with it."""
    pools = {step: max(1, ceil(share * slowest - 1e-9)) for step, share in _SHARE.items()}
    num_cpus = min(1.0, floor(100 * machine.cpus / sum(pools.values())) / 100)
    flights = TASKS_IN_FLIGHT * sum(pools.values())
    processes = sum(count * _PROCESSES.get(step, 1) for step, count in pools.items())
    process_bytes, flight_bytes = processes * engine.worker_memory_mb * _MB, flights * engine.flight_memory_mb * _MB
    gpus = {StepName.GROUND: engine.ground_gpus}
    operators = tuple(Operator(step, count, num_cpus, gpus.get(step, 0)) for step, count in pools.items())
    return Plan(operators, machine, processes, flights, process_bytes, flight_bytes)


def _gpus(plan: Plan) -> float:
    return sum(operator.workers * operator.num_gpus for operator in plan.operators)


def _arithmetic(engine: Engine, plan: Plan) -> tuple[str, ...]:
    machine = plan.machine
    pools = " + ".join(f"{operator.workers} {operator.step}" for operator in plan.operators)
    each = plan.operators[0].num_cpus
    return (
        f"CPUs: ({pools}) x {each:g} = {plan.cpus:.2f} of {machine.cpus:g}",
        f"memory: {plan.processes} processes x {engine.worker_memory_mb} MB + {plan.flights} videos on their way x "
        f"{engine.flight_memory_mb} MB = {plan.memory_bytes / 1e9:.1f} GB of {machine.memory_bytes / 1e9:.1f} GB",
        f"GPUs: {_gpus(plan):g} of {machine.gpus:g}, all for ground",
    )
