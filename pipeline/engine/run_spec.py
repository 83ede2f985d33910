"""What every worker of a run is given when it starts."""

from dataclasses import dataclass

from pipeline.chain import Chain
from pipeline.engine.settings import Engine
from pipeline.work.units import Units


@dataclass(frozen=True)
class RunSpec:
    """The stages, where their work goes, and what the machine allows; it can be pickled."""

    chain: Chain
    units: Units
    engine: Engine
