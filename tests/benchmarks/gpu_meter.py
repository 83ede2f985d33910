"""Seconds and memory of what runs on a device; one that fails is a line of the report, and the next one runs."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

Line = dict[str, Any]
"""What one measurement came to, as it stands in the JSON; `error` instead where it failed."""


@dataclass
class Meter:
    """One device, and all that was measured on it."""

    device: str
    deadline_seconds: float
    """After this many seconds of a part no further measurement of it begins."""
    tell: Callable[[Line], None]
    """Called after each measurement."""
    seconds_each: float = 6.0
    """A measurement repeats until it has taken so long, or `most` times."""
    most: int = 3
    lines: list[Line] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)

    @property
    def is_gpu(self) -> bool:
        """Whether memory and time are a GPU's."""
        return self.device == "cuda"

    def begin(self) -> None:
        """A part begins, and has all its time."""
        self._started = time.monotonic()

    def attempt(self, part: str, name: str, measure: Callable[[], Line]) -> Line:
        """Measure and keep what came of it."""
        line: Line = {"part": part, "name": name}
        if time.monotonic() - self._started > self.deadline_seconds:
            line["error"] = f"left out: {self.deadline_seconds:.0f} s were up"
        else:
            try:
                line |= measure()
            except Exception as error:  # noqa: BLE001 (one failing measurement must not cost the others)
                line["error"] = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        self._free()
        self.lines.append(line)
        self.tell(line)
        return line

    def timed(self, do: Callable[[], Any], *, is_warm: bool = False) -> Line:
        """Median seconds of a call, warmed up once, and its peak of memory beside what stood before."""
        self._free()
        standing = torch.cuda.memory_allocated() if self.is_gpu else 0
        if not is_warm:
            do()
        taken = [self._seconds(do)]
        while len(taken) < self.most and sum(taken) < self.seconds_each:
            taken.append(self._seconds(do))
        return {
            "seconds": statistics.median(taken),
            "runs": len(taken),
            "peak_gib": self.peak_gib,
            "standing_gib": standing / 2**30,
        }

    def now(self) -> float:
        """Seconds on a clock, once the device has done all that it was given."""
        if self.is_gpu:
            torch.cuda.synchronize()
        return time.perf_counter()

    @property
    def peak_gib(self) -> float:
        """Most memory since the last measurement ended or `timed` began; 0 without a GPU."""
        return torch.cuda.max_memory_allocated() / 2**30 if self.is_gpu else 0.0

    def _seconds(self, do: Callable[[], Any]) -> float:
        before = self.now()
        do()
        return self.now() - before

    def _free(self) -> None:
        gc.collect()
        if self.is_gpu:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()


def matmul_flops(meter: Meter, side: int) -> Line:
    """Operations per second of a bfloat16 product of two square matrices: what there is to be reached."""
    left, right = (torch.randn(side, side, device=meter.device, dtype=torch.bfloat16) for _ in range(2))
    repeats = 50 if meter.is_gpu else 1

    def multiply() -> None:
        for _ in range(repeats):
            left @ right

    line = meter.timed(multiply)
    return {**line, "flops_per_second": repeats * 2 * side**3 / line["seconds"]}
