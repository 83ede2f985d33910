"""One work in a process of its own, so that its peak of memory is that of its work, and its CPU time too."""

import resource
import time
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch

from tests.benchmarks.train_counts import Passes, counted
from tests.benchmarks.train_model import TINY, Shape, make_model
from tests.benchmarks.train_works import WORKS


class Worker:
    """One model and one work."""

    def __init__(self, name: str, shape: Shape, folder: Path) -> None:
        self._model = make_model(shape)
        self._model.train()
        self._ready = WORKS[name].make(shape, self._model, folder)

    def fill(self) -> dict[str, Any]:
        """Fill the reference cache, if this work has one."""
        if self._ready.fill is None:
            return {"cpu_seconds": 0.0}
        seconds, passes, _ = self._timed(self._ready.fill)
        return {"cpu_seconds": seconds, "passes": passes.as_json()}

    def step(self) -> dict[str, Any]:
        """One forward and backward pass."""
        seconds, passes, loss = self._timed(self._ready.step)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        gradient = torch.cat([p.grad.flatten() for p in self._model.parameters() if p.grad is not None])
        direction = torch.randn(gradient.shape, generator=torch.Generator().manual_seed(0))
        return {
            "cpu_seconds": seconds,
            "passes": passes.as_json(),
            "loss": loss,
            "gradient_norm": float(gradient.norm()),
            "gradient_along": float(gradient @ direction / direction.norm()),
            "peak_bytes": peak,
        }

    def _timed(self, do: Callable[[], Any]) -> tuple[float, Passes, Any]:
        with counted(self._model) as passes:
            before = time.process_time()
            result = do()
            seconds = time.process_time() - before
        return seconds, passes[0], result


def answer(connection: Connection, name: str, shape: Shape, folder: Path) -> None:
    """Do one work once and send what was measured: `fill` and `step`. The same at a tiny size warms it up."""
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    warm = Worker(name, TINY, folder)
    warm.fill()
    warm.step()
    worker = Worker(name, shape, folder)
    connection.send({"fill": worker.fill(), "step": worker.step()})
