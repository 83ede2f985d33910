"""The section `engine:` of a recipe: workers, resources and limits. None of it can change a row."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from pipeline.child.limits import ChildLimits
from schemas.record import Record

LEAST_SHARE = 0.0001
"""Smallest part of a CPU or GPU that Ray counts."""


class StepResources(Record):
    """What the workers of one step get; a key that is left out is computed by the plan."""

    workers: int | None = Field(default=None, ge=1)
    """Workers of the step; by default as many as keep up with the slowest step."""
    num_cpus: float | None = Field(default=None, ge=LEAST_SHARE)
    """CPUs that each worker reserves; by default an equal part of what the other steps leave."""
    num_gpus: float | None = Field(default=None, ge=0)
    """GPUs that each worker reserves: a share of one, or a whole number; by default 1 for a step that has a model with
    weights, or an equal share if there are more such steps than GPUs, and none for the others."""
    in_flight: int | None = Field(default=None, ge=1)
    """Videos that one worker of a step that waits (an `AsyncStage`) holds at a time; 8 by default."""
    batch: int = Field(default=1, ge=1)
    """Videos that the stage is given at once."""
    child: ChildLimits | None = None
    """Limits of the step's child process; by default those of `engine.child`."""

    @model_validator(mode="after")
    def _asks_what_ray_gives(self) -> Self:
        gpus = self.num_gpus or 0.0
        if 0 < gpus < LEAST_SHARE or (gpus > 1 and not gpus.is_integer()):
            raise ValueError(
                f"num_gpus must be 0, a share of one GPU from {LEAST_SHARE:g} on, or a whole number, got {gpus:g}"
            )
        return self


class Engine(Record):
    """The section `engine:` of a recipe; not part of the fingerprint."""

    workers: int | None = Field(default=None, ge=1)
    """Videos in the slowest step at a time; by default as many as there are CPUs. --workers sets it too."""
    worker_memory_mb: int = Field(default=400, ge=1)
    """Memory that the plan reserves for each process, MB. Workers take about 280, a child that reads writing 500, and
    one that only decodes 100."""
    task_memory_mb: int = Field(default=64, ge=1)
    """Memory that the plan reserves for each video that is being worked on or waits, MB."""
    max_failed_share: float = Field(default=0.5, gt=0, le=1)
    """Largest share of the videos that may be dropped for a reason that another try may mend (unreadable, a child
    process that ended); if more fail, and at least 20 videos are done, the run stops with exit code 3."""
    child: ChildLimits = ChildLimits()
    """Limits of the child processes that read pixels."""
    steps: Mapping[str, StepResources] = Field(default_factory=dict)
    """Resources of single steps, by the step's name."""

    def of(self, step: str) -> StepResources:
        """The resources of a step."""
        return self.steps.get(step, StepResources())

    def child_limits(self, step: str) -> ChildLimits:
        """The limits of a step's child processes."""
        return self.of(step).child or self.child

    def with_workers(self, workers: int | None) -> "Engine":
        """The engine with another number of workers, if one is given."""
        return self if workers is None else self.model_copy(update={"workers": workers})
