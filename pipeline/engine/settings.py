"""What belongs to the machine: workers and limits. None of it can change a row."""

from pydantic import Field

from pipeline.child.limits import ChildLimits
from schemas.record import Record


class Engine(Record):
    """The section `engine:` of a recipe, outside the fingerprint."""

    workers: int | None = Field(default=None, ge=1)
    """Videos in the slowest step at a time; by default as many as there are CPUs. --workers sets it too."""
    ground_gpus: float = Field(default=0, ge=0)
    """GPUs of each worker of `ground`, and of no other step; 0 for the detector `motion`."""
    worker_memory_mb: int = Field(default=400, ge=1)
    """Memory that the plan reserves for each worker process with what it has imported, MB."""
    flight_memory_mb: int = Field(default=64, ge=1)
    """Memory that the plan reserves for each video on its way, MB."""
    max_failed_share: float = Field(default=0.5, gt=0, le=1)
    """Largest share of the videos that may be dropped for what another try may mend (unreadable, a decoder that ended);
    with 20 or more done the run stops above it, with exit code 3."""
    child: ChildLimits = ChildLimits()
    """Limits of the child process that opens files."""

    def with_workers(self, workers: int | None) -> "Engine":
        """The engine with another number of workers, where one is given."""
        return self if workers is None else self.model_copy(update={"workers": workers})
