"""What the engine costs: memory and CPU time of a Ray run over many clips, beside what the stages take.

The clips are copies of a few rendered ones that differ in trailing bytes, so that each is a video of its own.

Inside is what the six operators do with a video: decode, ground, generate, cut, verify, and write, which encodes the
unit's Parquet. Outside is all else that the driver and the workers use: starting, importing, passing videos on,
progress, and the driver's pass over the whole set at the end, which has a row of its own. Ray's daemons are left out.
Starting costs the same for 10 clips as for 10,000: the goal is meant for 500.
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from pipeline.build.build import BuildRequest, Runner, build
from pipeline.build.recipe import load_recipe
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.engine.progress import LineProgress
from pipeline.engine.ray_run import run_on_ray
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.step_setup import WRITE
from pipeline.engine.video_task import StepReport
from pipeline.inputs.contents import Video

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
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        videos = _make_clips(folder, options.rendered, options.clips)
        meter = _Meter(early=options.clips // 5)
        _build(videos, folder / "ds", meter, options.workers)
    result = meter.result(options.clips)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1))
    for name, value in result.items():
        print(f"{name:40} {value:10.2f}")  # noqa: T201 a benchmark prints


def _make_clips(folder: Path, rendered: int, clips: int) -> Path:
    videos = folder / "clips"
    videos.mkdir(parents=True)
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
        recipe=recipe.with_workers(workers),
        identity=recipe.identity(name),
    )
    with meter.sampling():
        build(request, meter.timed(run_on_ray), _Metered(meter))


class _Metered(LineProgress):
    """Progress that is measured too."""

    def __init__(self, meter: "_Meter") -> None:
        super().__init__(print)
        self._meter = meter

    def add(self, report: StepReport) -> None:
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
    driver_before: float = 0.0
    """CPU seconds of the driver when sampling began: importing and rendering."""
    run_peak: float = 0.0
    """The peak when the last video was through all operators."""
    run_ended_at: float = 0.0
    """CPU seconds of the driver when the last video was through all operators."""
    set_seconds: float = 0.0
    """CPU seconds of the driver from then on: selecting over the whole set and writing it."""

    def timed(self, run: Runner) -> Runner:
        """The runner, with its end noted."""

        def runner(spec: RunSpec, videos: Sequence[Video], on_report: Callable[[StepReport], None]) -> None:
            run(spec, videos, on_report)
            self.run_ended_at = time.process_time()
            self.run_peak = self.peak

        return runner

    def add(self, report: StepReport) -> None:
        """Count what a step took."""
        self.stage_seconds[report.step] += report.cpu_seconds
        self.written += report.step == WRITE.name

    @contextmanager
    def sampling(self) -> Iterator[None]:
        """Sample for as long as the context lasts."""
        ended = threading.Event()
        self.driver_before = time.process_time()

        def sample() -> None:
            while not ended.wait(_EVERY_SECONDS):
                self._sample()

        thread = threading.Thread(target=sample, daemon=True)
        thread.start()
        yield
        self.set_seconds = time.process_time() - self.run_ended_at
        ended.set()
        thread.join()

    def result(self, clips: int) -> dict[str, float]:
        """All figures."""
        inside = sum(self.stage_seconds.values())
        outside = sum(self.cpu_seconds.values()) - inside
        return {
            "clips": clips,
            "CPU seconds inside the six operators": inside,
            "CPU seconds outside, driver and workers": outside,
            "of these selecting and writing the set": self.set_seconds,
            "overhead %": 100 * outside / inside,
            "overhead % without the pass over the set": 100 * (outside - self.set_seconds) / inside,
            f"peak MB after {self.early}": self.early_peak / 1e6,
            f"peak MB after {clips}": self.run_peak / 1e6,
            "peak MB with the pass over the set": self.peak / 1e6,
            "peak ratio": self.run_peak / self.early_peak,
            "peak ratio with the pass over the set": self.peak / self.early_peak,
            **{f"CPU seconds of {role}": seconds for role, seconds in sorted(self._by_role().items())},
            **{f"CPU seconds in {step}": seconds for step, seconds in self.stage_seconds.items()},
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
            # the driver's rendering and importing, and what this measuring costs
            own = self.driver_before + time.thread_time() if process.pid == os.getpid() else 0.0
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
    if "pipeline.child" in command:
        return "child processes"
    found = re.search(r"MapBatches\((\w+)\)", command)
    if found:
        return f"workers of {found[1].lower()}"
    program = process.cmdline()[0] if process.cmdline() else "a process that has ended"
    return Path(program).name.strip()[:40]  # no path of the machine that measured


def _object_store_bytes(process: psutil.Process) -> int:
    """The object store lives in memory that the raylet shares with all workers; it is counted once."""
    return process.memory_info().shared if "raylet/raylet" in " ".join(process.cmdline()[:1]) else 0
