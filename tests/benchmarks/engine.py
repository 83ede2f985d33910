"""What the engine costs: memory and CPU time of a Ray run over many clips, beside what the stages take.

The clips are copies of a few rendered ones that differ in trailing bytes, so that each is a video of its own.
"""

import argparse
import json
import os
import re
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from pipeline.build import BuildRequest, build
from pipeline.demo.render import render_set
from pipeline.demo.scenarios import demo_worlds
from pipeline.flight import Report
from pipeline.progress import LineProgress
from pipeline.prompt_hashes import prompt_hashes
from pipeline.ray_run import run_on_ray
from pipeline.recipe import load_recipe
from pipeline.steps import StepName

_EVERY_SECONDS = 1.0
_DAEMONS = (
    "ray/",
    "ray::DashboardAgent",
    "ray::RuntimeEnvAgent",
    "ray::IDLE",
    "ray::_StatsActor",
    "ray::_AutoscalingCoordinatorActor",
    "ray::ActorLocationTracker",
    "ray::get_table_block_metadata_schema",
)
"""What the command lines of Ray's own processes hold."""


def run(options: argparse.Namespace) -> None:
    """Measure and print; the goals are peak memory <= 1.1x and overhead <= 15 %."""
    with tempfile.TemporaryDirectory() as folder:
        videos = _make_clips(Path(folder), options.rendered, options.clips)
        meter = _Meter(early=options.clips // 5)
        _build(videos, Path(folder) / "ds", meter, options.workers)
    result = meter.result(options.clips)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1))
    for name, value in result.items():
        print(f"{name:40} {value:10.2f}")  # noqa: T201 a benchmark prints


def _make_clips(folder: Path, rendered: int, clips: int) -> Path:
    videos = folder / "clips"
    videos.mkdir()
    sources = render_set(demo_worlds(1, rendered), folder / "rendered")
    for number in range(clips):
        source = sources[number % rendered]
        copy = videos / f"{number:04d}.mp4"
        shutil.copyfile(source, copy)
        with copy.open("ab") as stream:
            stream.write(b"\x00\x00\x00\x0cfree" + number.to_bytes(4, "big"))  # an MP4 box that says nothing
    return videos


def _build(videos: Path, out: Path, meter: "_Meter", workers: int) -> None:
    name, recipe = load_recipe("facts")
    request = BuildRequest(
        videos=str(videos),
        out=str(out),
        chain=recipe.chain(),
        finalise=recipe.finalise,
        identity=recipe.identity(name, prompt_hashes()),
        engine=recipe.engine.with_workers(workers),
    )
    with meter.sampling():
        build(request, run_on_ray, _Metered(meter))


class _Metered(LineProgress):
    """Progress that is measured too."""

    def __init__(self, meter: "_Meter") -> None:
        super().__init__(print)
        self._meter = meter

    def add(self, report: Report) -> None:
        """Count what a step took."""
        super().add(report)
        self._meter.add(report)


@dataclass
class _Meter:
    """Samples the process tree once a second: memory as it is, CPU time as it was when last seen."""

    early: int
    """After how many videos the first peak is read."""
    cpu_seconds: dict[int, float] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    stage_seconds: Counter[str] = field(default_factory=Counter)
    written: int = 0
    early_peak: float = 0.0
    peak: float = 0.0

    def add(self, report: Report) -> None:
        """Count what a step took."""
        self.stage_seconds[report.step] += report.cpu_seconds
        self.written += report.step == StepName.WRITE

    @contextmanager
    def sampling(self) -> Iterator[None]:
        """Sample for as long as the context lasts."""
        ended = threading.Event()

        def sample() -> None:
            while not ended.wait(_EVERY_SECONDS):
                self._sample()

        thread = threading.Thread(target=sample, daemon=True)
        thread.start()
        yield
        ended.set()
        thread.join()

    def result(self, clips: int) -> dict[str, float]:
        """All figures."""
        inside = sum(self.stage_seconds[step] for step in StepName if step is not StepName.WRITE)
        outside = sum(self.cpu_seconds.values()) - inside
        return {
            "clips": clips,
            "CPU seconds inside stages": inside,
            "CPU seconds of driver and workers outside": outside,
            "overhead %": 100 * outside / inside,
            f"peak MB after {self.early}": self.early_peak / 1e6,
            f"peak MB after {clips}": self.peak / 1e6,
            "peak ratio": self.peak / self.early_peak,
            **{f"CPU seconds of {role}": seconds for role, seconds in sorted(self._by_role().items())},
            **{f"CPU seconds in {step}": self.stage_seconds[step] for step in StepName},
        }

    def _by_role(self) -> Counter[str]:
        roles: Counter[str] = Counter()
        for process_id, seconds in self.cpu_seconds.items():
            roles[self.roles[process_id]] += seconds
        return roles

    def _sample(self) -> None:
        total = 0.0
        for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
            try:
                if _is_daemon(process):
                    total += _object_store_bytes(process)
                    continue
                times = process.cpu_times()
                memory = process.memory_info()
                total += memory.rss - memory.shared
            except psutil.NoSuchProcess:
                continue
            self.roles[process.pid] = _role(process)
            own = time.thread_time() if process.pid == os.getpid() else 0.0  # what this measuring costs
            self.cpu_seconds[process.pid] = times.user + times.system - own
        self.peak = max(self.peak, total)
        if self.written <= self.early:
            self.early_peak = self.peak


def _is_daemon(process: psutil.Process) -> bool:
    command = " ".join(process.cmdline())
    return any(word in command for word in _DAEMONS)


def _role(process: psutil.Process) -> str:
    """What a process is there for."""
    command = " ".join(process.cmdline())
    if process.pid == os.getpid():
        return "the driver"
    if "pipeline.decoder" in command:
        return "decoder children"
    found = re.search(r"MapBatches\((\w+)\)", command)
    return f"workers of {found[1].lower()}" if found else command[:40]


def _object_store_bytes(process: psutil.Process) -> int:
    """The object store lives in memory that the raylet shares with all workers; it is counted once."""
    return process.memory_info().shared if "raylet/raylet" in " ".join(process.cmdline()[:1]) else 0
