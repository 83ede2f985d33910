"""What a run consists of, as local run and Ray run are given it."""

from dataclasses import dataclass, field

from pipeline.endpoint.sending import AskingSetup
from pipeline.engine.settings import Engine
from pipeline.engine.step_setup import StepSetup
from pipeline.work.units import Units


@dataclass(frozen=True)
class RunSpec:
    """The steps of a run, where its units go, and what the machine allows; it can be pickled."""

    steps: tuple[StepSetup, ...]
    """In the order in which a video takes them; the last one is `write`."""
    units: Units
    seed: int
    """All randomness comes from it."""
    engine: Engine = field(default_factory=Engine)
    asking: AskingSetup | None = None
    """How its steps ask language models; None if none of them does."""
