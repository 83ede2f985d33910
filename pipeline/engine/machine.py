"""The resources of this machine, or of a Ray cluster."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Machine:
    """CPUs, GPUs and memory that a run may use."""

    cpus: float
    gpus: float
    memory_bytes: int

    def __str__(self) -> str:
        return f"{self.cpus:g} CPUs, {self.gpus:g} GPUs, {self.memory_bytes / 1e9:.1f} GB"

    @classmethod
    def here(cls) -> "Machine":
        """What this process may use of this machine; `machine_here` counts the GPUs."""
        return cls(len(os.sched_getaffinity(0)), 0, min(psutil.virtual_memory().total, _cgroup_bytes()))

    @classmethod
    def of_resources(cls, resources: Mapping[str, float]) -> "Machine":
        """A Ray cluster, by `ray.cluster_resources()`."""
        memory = resources.get("memory", 0) + resources.get("object_store_memory", 0)
        return cls(resources.get("CPU", 0), resources.get("GPU", 0), int(memory))


def _cgroup_bytes() -> int:
    """The container's memory limit; if there is none, more than any machine has."""
    text = _CGROUP_LIMIT.read_text().strip() if _CGROUP_LIMIT.is_file() else "max"
    return int(text) if text.isdecimal() else 1 << 62
