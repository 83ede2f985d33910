"""The plan of a run: one operator per step, sized so that all of them fit the machine at once.

Fixed pools that ask for more CPUs than the cluster has hang without an error, so the sum of workers x CPUs of all pools
never exceeds the machine's. If there are fewer CPUs than workers, each worker takes a fraction of one.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from pipeline.engine.machine import Machine
from pipeline.engine.settings import Engine
from pipeline.engine.step_setup import StepSetup
from schemas.errors import PlanError

_QUEUED = 2
"""Batches that wait at, or are in, one worker: the next one is there when the last one is done."""
_WAITING_IN_FLIGHT = 8
"""Videos that one worker of a step that waits holds at a time, if `engine.steps.NAME.in_flight` does not say."""
_MB = 1_000_000


@dataclass(frozen=True)
class Operator:
    """One step as a pool of workers."""

    setup: StepSetup
    workers: int
    num_cpus: float
    """CPUs that each worker reserves."""
    num_gpus: float
    """GPUs that each worker reserves."""
    in_flight: int
    """Videos that wait at, or are in, one worker, at most."""
    batch: int
    """Videos that the stage is given at once."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.setup.name


@dataclass(frozen=True)
class Plan:
    """Everything that runs at once."""

    operators: tuple[Operator, ...]
    machine: Machine
    process_bytes: int
    """Memory that the workers and their children may take."""
    task_bytes: int
    """Memory that videos may take between the steps."""
    arithmetic: tuple[str, ...] = ()
    """How the pools came to their sizes, one line each."""

    @property
    def processes(self) -> int:
        """Workers, and the children of those that have one."""
        return sum(operator.workers * operator.setup.processes for operator in self.operators)

    @property
    def tasks(self) -> int:
        """Videos that are worked on or wait at once, at most."""
        return sum(operator.workers * operator.in_flight for operator in self.operators)

    @property
    def memory_bytes(self) -> int:
        """What everything may take."""
        return self.process_bytes + self.task_bytes

    @property
    def cpus(self) -> float:
        """CPUs that all pools reserve together."""
        return sum(operator.workers * operator.num_cpus for operator in self.operators)

    @property
    def gpus(self) -> float:
        """GPUs that all pools reserve together."""
        return sum(operator.workers * operator.num_gpus for operator in self.operators)

    @property
    def fits(self) -> bool:
        """Whether the machine has what all pools reserve."""
        has_cpus = all(operator.num_cpus > 0 for operator in self.operators) and self.cpus <= self.machine.cpus + 1e-9
        return has_cpus and self.gpus <= self.machine.gpus + 1e-9 and self.memory_bytes <= self.machine.memory_bytes


def plan_run(steps: Sequence[StepSetup], engine: Engine, machine: Machine, videos: int | None = None) -> Plan:
    """The largest plan that fits, up to the workers asked for and no more than there are videos.

    Raises PlanError with the arithmetic if none fits.
    """
    most = max(1, floor(machine.cpus))
    asked = min(engine.workers or most, videos or sys.maxsize)
    for slowest in range(min(asked, most), 0, -1):
        plan = _sized(steps, engine, machine, slowest, videos or sys.maxsize)
        if plan.fits:
            shrunk = () if slowest == asked else (f"{asked} workers do not fit: shrunk to {slowest}",)
            return replace(plan, arithmetic=(*shrunk, *_arithmetic(engine, plan)))
    raise PlanError(f"one worker per step does not fit: {'; '.join(_arithmetic(engine, plan))}; try --local")


def _sized(steps: Sequence[StepSetup], engine: Engine, machine: Machine, slowest: int, videos: int) -> Plan:
    """`slowest` workers of the slowest step, and of the others as many as keep up with it."""
    gpus = _GpuShare.of(steps, engine, machine)
    usual = {step.name: min(videos, _usual_workers(step, slowest, gpus)) for step in steps}
    workers = {name: engine.of(name).workers or count for name, count in usual.items()}
    cpus_each = _cpus_each(workers, engine, machine)
    operators = tuple(_operator(step, workers[step.name], cpus_each, engine, gpus) for step in steps)
    plan = Plan(operators, machine, 0, 0)
    process_bytes, task_bytes = plan.processes * engine.worker_memory_mb * _MB, plan.tasks * engine.task_memory_mb * _MB
    return replace(plan, process_bytes=process_bytes, task_bytes=task_bytes)


@dataclass(frozen=True)
class _GpuShare:
    """What the steps that have a model get if the recipe does not say."""

    gpus: float
    """GPUs of each worker: one, or a share if there are fewer GPUs than such steps; 0 without any."""
    workers: int
    """Workers of a step whose model does nearly all of its work."""

    @classmethod
    def of(cls, steps: Sequence[StepSetup], engine: Engine, machine: Machine) -> "_GpuShare":
        wanting = [step for step in steps if step.num_gpus and engine.of(step.name).num_gpus is None]
        taken = sum((engine.of(s.name).workers or 1) * (engine.of(s.name).num_gpus or 0) for s in steps)
        left = machine.gpus - taken
        if not wanting or left <= 0:
            return cls(1.0 if machine.gpus else 0.0, 1)
        if len(wanting) <= left:
            return cls(1.0, floor(left / len(wanting)))
        return cls(floor(100 / ceil(len(wanting) / left)) / 100, 1)


def _usual_workers(step: StepSetup, slowest: int, gpus: _GpuShare) -> int:
    """As many as keep up with the slowest step; of a step that waits for its own model, as many as there are GPUs."""
    if step.num_gpus and step.waits:
        return gpus.workers
    return max(1, ceil(step.cpu_share * slowest - 1e-9))


def _cpus_each(workers: dict[str, int], engine: Engine, machine: Machine) -> float:
    """CPUs for each worker of the steps that do not set their own: what those leave, in equal parts of 1 at most."""
    left, sharing = float(machine.cpus), 0
    for name, count in workers.items():
        own = engine.of(name).num_cpus
        left -= count * (own or 0)
        sharing += count if own is None else 0
    return max(0.0, min(1.0, floor(100 * left / sharing) / 100)) if sharing else 1.0


def _operator(step: StepSetup, workers: int, cpus_each: float, engine: Engine, gpus: _GpuShare) -> Operator:
    resources = engine.of(step.name)
    in_flight = resources.in_flight or _WAITING_IN_FLIGHT if step.waits else _QUEUED * resources.batch
    num_cpus = cpus_each if resources.num_cpus is None else resources.num_cpus
    num_gpus = step.num_gpus * gpus.gpus if resources.num_gpus is None else resources.num_gpus
    return Operator(step, workers, num_cpus, num_gpus, in_flight, resources.batch)


def _arithmetic(engine: Engine, plan: Plan) -> tuple[str, ...]:
    machine = plan.machine
    by_cpus: dict[float, list[str]] = {}
    for operator in plan.operators:
        by_cpus.setdefault(operator.num_cpus, []).append(f"{operator.workers} {operator.name}")
    cpus = " + ".join(f"({' + '.join(pools)}) x {each:g}" for each, pools in by_cpus.items())
    on_gpus = [f"{o.workers} {o.name} x {o.num_gpus:g}" for o in plan.operators if o.num_gpus]
    return (
        f"CPUs: {cpus} = {plan.cpus:.2f} of {machine.cpus:g}",
        f"memory: {plan.processes} processes x {engine.worker_memory_mb} MB + {plan.tasks} videos at a time x "
        f"{engine.task_memory_mb} MB = {plan.memory_bytes / 1e9:.1f} GB of {machine.memory_bytes / 1e9:.1f} GB",
        f"GPUs: {' + '.join(on_gpus) + ' = ' if on_gpus else ''}{plan.gpus:g} of {machine.gpus:g}",
    )
