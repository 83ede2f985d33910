"""Decoding measured: CPU time of the whole process tree, in alternating runs, the least of each counts.

Ours runs as the engine runs it: in the warm child, pixels handed over to this process. Every peer runs in a warm
process of its own and hands nothing over, which is in its favour.

Goals, 32 sampled frames at native size and zero pixel error, against the best exact peer (the same frames by their
times, a mean colour error of at most 3): at least 1.5x on clips of 30 s and more of which at most a third of the
packets has to be fed, at least 1.2x as geometric mean over all, below 0.8x on none. Sampled and analysis frames in
one pass, JPEGs included: at least 0.95x PyAV decoding in order and making the same JPEGs.
"""

import argparse
import json
import math
import os
import platform
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from pipeline.child.limits import ChildLimits
from pipeline.child.process import ChildProcess
from stages.decode import DecodeVideo
from stages.payloads import DecodedVideo, VideoFile
from stages.video.frame_times import middles, shown_at
from stages.video.open_video import open_video
from tests.benchmarks.clips import bench_clips
from tests.benchmarks.peers import PEERS

OURS = "vidpref"
BOTH = "both streams in order"
FRAMES = 32
LARGEST_ERROR = 3.0
LONG_SECONDS = 30.0
PATIENCE_SECONDS = 60.0
"""A peer that takes longer for an answer stands still (decord does, on some clips): it is ended and started anew."""
LEAST_CPU_SECONDS = 0.5
"""A run repeats its decode until it has used about so much, since CPU times come in steps of 10 ms."""


@dataclass
class Row:
    """What was measured on one clip."""

    clip: str
    seconds: float
    packets: int
    fed: int
    """Packets that have to be fed for the sampled frames."""
    milliseconds: dict[str, float] = field(default_factory=dict)
    """Least CPU time of each method."""
    error: dict[str, float | None] = field(default_factory=dict)
    """Mean colour error of each method against PyAV in order; null where it gives other frames, or none."""
    feeding_milliseconds: float = math.inf
    """Least CPU time of finding and decoding the packets that have to be fed, no pixels made: what is left of ours if
    all else were free."""
    both_milliseconds: dict[str, float] = field(default_factory=dict)
    """Least CPU time for sampled and analysis frames."""

    @property
    def best_peer(self) -> str:
        """The fastest peer that is exact here."""
        exact = [
            name
            for name, error in self.error.items()
            if name != OURS and error is not None and error <= LARGEST_ERROR and name in self.milliseconds
        ]
        return min(exact, key=lambda name: self.milliseconds[name])

    @property
    def speedup(self) -> float:
        """CPU time of the best exact peer over ours."""
        return self.milliseconds[self.best_peer] / self.milliseconds[OURS]

    @property
    def possible_speedup(self) -> float:
        """CPU time of the best exact peer over that of feeding alone."""
        return self.milliseconds[self.best_peer] / self.feeding_milliseconds

    @property
    def both_speedup(self) -> float:
        """CPU time of PyAV in order over ours, both streams."""
        return self.both_milliseconds[BOTH] / self.both_milliseconds[OURS]

    @property
    def is_favourable(self) -> bool:
        """Whether the first goal is about this clip."""
        return self.seconds >= LONG_SECONDS and 3 * self.fed <= self.packets


class Peer:
    """A peer's process."""

    def __init__(self, name: str, python: str) -> None:
        """Start it; `missing` says why it cannot run here."""
        self._name, self._python = name, python
        self._process = self._started()
        self.missing: str | None = self._answer().get("missing")

    def _started(self) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.Popen(
            [self._python, str(Path(__file__).with_name("peers.py")), self._name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        if self._process.stdin is None:
            raise RuntimeError("a peer has a standard input")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> dict[str, Any]:
        if self._process.stdout is None:
            raise RuntimeError("a peer has a standard output")
        if not select.select([self._process.stdout], [], [], PATIENCE_SECONDS)[0]:
            self.close()
            self._process = self._started()
            return {**self._answer(), "missing": "it stood still", "failed": "it stood still"}
        line = self._process.stdout.readline()
        return json.loads(line) if line else {"missing": "it ended", "failed": "it ended"}


def tree_cpu_seconds() -> float:
    """CPU time of this process and all its living children."""
    here = psutil.Process()
    return sum(sum(process.cpu_times()[:2]) for process in (here, *here.children(recursive=True)))


def least_milliseconds(methods: dict[str, Callable[[int], None]], rounds: int) -> dict[str, float]:
    """Least CPU time of each method for one decode; a method is called with how often to decode, in turn."""
    repeats = {}
    for name, method in methods.items():
        before = tree_cpu_seconds()
        method(1)
        repeats[name] = max(1, min(50, round(LEAST_CPU_SECONDS / max(tree_cpu_seconds() - before, 0.01))))
    least = dict.fromkeys(methods, math.inf)
    for _ in range(rounds):
        for name, method in methods.items():
            before = tree_cpu_seconds()
            method(repeats[name])
            least[name] = min(least[name], 1000 * (tree_cpu_seconds() - before) / repeats[name])
    return least


class Bench:
    """The child, the peers, and what was measured with them."""

    def __init__(self, child: ChildProcess, peers: dict[str, Peer], folder: Path, rounds: int) -> None:
        """`folder`: where peers save frames to be compared."""
        self._child, self._peers, self._folder, self._rounds = child, peers, folder, rounds

    def row(self, name: str, path: Path) -> Row:
        """Measure one clip."""
        with open_video(path) as video:
            facts, times = video.facts, video.times_F
            moments = middles(facts.start_seconds, facts.end_seconds, FRAMES)
            numbers = sorted({int(n) for n in shown_at(times, moments)})
            fed = int(video.index.fed_P(numbers).sum()) if video.index.is_planned else len(times)
        row = Row(name, facts.duration_seconds_measured, len(times), fed)
        wanted = [float(times[n]) for n in numbers]
        request = {"path": str(path.resolve()), "numbers": numbers}
        self._compare(row, request, wanted)
        methods = {
            peer: self._asking(peer, request) for peer in self._peers if peer != BOTH and row.error[peer] is not None
        }

        def ours(repeats: int) -> None:
            for _ in range(repeats):
                self._child.decode_frames(path, at_seconds=wanted)

        def feed(repeats: int) -> None:
            for _ in range(repeats):
                with open_video(path) as video:
                    video.attempt(lambda: sum(1 for _ in video.frames(numbers)))

        row.milliseconds = least_milliseconds({OURS: ours, **methods}, self._rounds)
        row.feeding_milliseconds = least_milliseconds({"": feed}, self._rounds)[""]
        self._measure_both(row, path)
        return row

    def _compare(self, row: Row, request: dict[str, Any], wanted: list[float]) -> None:
        """Which methods give the same frames, and how far their colours are from PyAV in order."""
        reference: NDArray[np.uint8] | None = None
        for name in ("PyAV in order", *(p for p in self._peers if p not in {"PyAV in order", BOTH})):
            saved = self._folder / "frames.npy"
            answer = self._peers[name].ask({**request, "repeats": 1, "save": str(saved)})
            given = np.load(saved) if "times" in answer else np.zeros(0, np.uint8)
            reference = given if reference is None else reference
            row.error[name] = colour_error(reference, given, wanted, answer.get("times", []))
        if reference is None:
            raise RuntimeError("PyAV in order is the reference")
        ours = self._child.decode_frames(Path(request["path"]), at_seconds=wanted)
        row.error[OURS] = colour_error(reference, ours.frames_NHWC, wanted, list(ours.pts_seconds))

    def _measure_both(self, row: Row, path: Path) -> None:
        stage = DecodeVideo(min_duration_seconds=0, max_clip_seconds=600)
        file = VideoFile(path, "0" * 64)
        (video,) = self._child.run(stage, file, (0, "decode", "bench"))
        if not isinstance(video, DecodedVideo):
            raise TypeError(f"{path}: {video}")
        clip = video.clips[0]
        request = {
            "path": str(path.resolve()),
            "kept_times": [frame.pts_seconds for frame in clip.frames],
            "looked_times": [frame.pts_seconds for frame in clip.analysis],
        }

        def ours(repeats: int) -> None:
            for _ in range(repeats):
                self._child.run(stage, file, (0, "decode", "bench"))

        row.both_milliseconds = least_milliseconds({OURS: ours, BOTH: self._asking(BOTH, request)}, self._rounds)

    def _asking(self, name: str, request: dict[str, Any]) -> Callable[[int], None]:
        def ask(repeats: int) -> None:
            answer = self._peers[name].ask({**request, "repeats": repeats})
            if "failed" in answer:
                raise RuntimeError(f"{name}: {answer}")

        return ask


def colour_error(
    reference_NHWC: NDArray[np.uint8], given_NHWC: NDArray[np.uint8], wanted: list[float], times: list[float]
) -> float | None:
    """Mean absolute difference, 0..255; None where these are not the same frames, by time (2 ms) or by shape."""
    if given_NHWC.shape != reference_NHWC.shape or len(times) != len(wanted):
        return None
    if max(abs(a - b) for a, b in zip(wanted, times, strict=True)) > 0.002:
        return None
    pairs = zip(reference_NHWC, given_NHWC, strict=True)
    return float(np.mean([np.abs(a.astype(np.int16) - b).mean() for a, b in pairs]))


def run(options: argparse.Namespace) -> None:
    """Measure all clips, print the tables, write the results after every clip."""
    console = Console(width=190)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        peers: dict[str, Peer] = {}
        missing: dict[str, str] = {}
        for name in (name for name in PEERS if name not in options.without):
            peer = Peer(name, sys.executable if name in {"PyAV in order", BOTH} else options.peer_python)
            stack.callback(peer.close)
            if peer.missing:
                missing[name] = peer.missing
                console.print(f"left out: {name} does not run here ({peer.missing})")
            else:
                peers[name] = peer
        bench = Bench(stack.enter_context(ChildProcess(ChildLimits(files=10**9))), peers, folder, options.rounds)
        rows = []
        for name, path in bench_clips(options.clips, options.only).items():
            rows.append(bench.row(name, path))
            console.print(_line(rows[-1]))
            options.out.parent.mkdir(parents=True, exist_ok=True)
            options.out.write_text(json.dumps(_results(rows, missing, options.rounds), indent=1) + "\n")
    if "VIDPREF_TEST_VIDEOS" not in os.environ:
        console.print("without real clips: VIDPREF_TEST_VIDEOS names no folder of them")
    if not rows:
        console.print(f"no clip has {options.only!r} in its name")
        return
    console.print(_table(rows))
    console.print(*_verdicts(rows), sep="\n")


def _line(row: Row) -> str:
    return f"{row.clip}: {row.speedup:.2f}x {row.best_peer}; both streams {row.both_speedup:.2f}x"


def _table(rows: list[Row]) -> Table:
    names = [OURS, *(name for name in PEERS if any(name in row.milliseconds for row in rows))]
    table = Table(title="CPU ms for 32 sampled frames (colour error against PyAV in order; - other frames or none)")
    for head in ("clip", "fed", *names, "best exact", "speed-up", "both: ours", "in order", "speed-up"):
        table.add_column(head, justify="left" if head == "clip" else "right")
    for row in rows:
        cells = [
            f"{row.milliseconds[name]:.0f} ({row.error[name]:.1f})" if name in row.milliseconds else "-"
            for name in names
        ]
        both = row.both_milliseconds
        table.add_row(
            row.clip,
            f"{row.fed}/{row.packets}",
            *cells,
            row.best_peer,
            f"{row.speedup:.2f}{'*' if row.is_favourable else ''}",
            f"{both[OURS]:.0f}",
            f"{both[BOTH]:.0f}",
            f"{row.both_speedup:.2f}",
        )
    return table


def geometric_mean(values: list[float]) -> float:
    """Geometric mean of positive values."""
    return math.exp(sum(map(math.log, values)) / len(values))


def _verdicts(rows: list[Row]) -> list[str]:
    favourable = [row for row in rows if row.is_favourable]
    least = min((row.speedup for row in favourable), default=math.nan)
    possible = ", ".join(f"{row.speedup:.2f} of {row.possible_speedup:.2f}" for row in favourable)
    both = geometric_mean([row.both_speedup for row in rows])
    exact = all(row.error[OURS] == 0 for row in rows)
    return [
        f"ours without any pixel error on all clips: {exact}",
        f"* 30 s and more, at most a third fed: least {least:.2f}x (goal 1.5)",
        f"  reached, of what were possible if packets alone were fed and no pixel made: {possible}",
        f"geometric mean over all: {geometric_mean([row.speedup for row in rows]):.2f}x (goal 1.2)",
        f"least of all: {min(row.speedup for row in rows):.2f}x (goal 0.8)",
        f"both streams: geometric mean {both:.2f}x, least {min(row.both_speedup for row in rows):.2f}x (goal 0.95)",
    ]


def _results(rows: list[Row], missing: dict[str, str], rounds: int) -> dict[str, Any]:
    derived = [
        {
            **asdict(row),
            "best_peer": row.best_peer,
            "speedup": row.speedup,
            "possible_speedup": row.possible_speedup,
            "both_speedup": row.both_speedup,
        }
        for row in rows
    ]
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "av": av.__version__}
    return {**machine, "rounds": rounds, "missing": missing, "verdicts": _verdicts(rows), "clips": derived}
