"""A whole build measured: video-hours per core-hour, over the clips that decoding is measured on.

`vidpref plan` estimates the time of a folder by it. The CPU time is that of the whole process tree, in a local run,
from finding the videos to the finished set.
"""

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.child.process import ChildProcess
from tests.benchmarks.clips import bench_clips
from tests.benchmarks.decode import tree_cpu_seconds


def run(options: argparse.Namespace) -> None:
    """Build a set of all clips, print the throughput, write it as JSON."""
    console = Console(width=190)
    with tempfile.TemporaryDirectory() as temporary:
        videos, out = Path(temporary, "videos"), Path(temporary, "ds")
        videos.mkdir()
        for path in bench_clips(options.clips, options.only).values():
            (videos / path.name).symlink_to(path.resolve())
        with ChildProcess() as child:
            seconds = sum(
                child.decode_frames(path, num_frames=1).facts.duration_seconds_measured
                for path in sorted(videos.iterdir())
            )
        before = tree_cpu_seconds()
        ended_before = sum(os.times()[2:4])
        run_build(console, BuildOptions(recipe="facts", videos=str(videos), out=str(out), local=True))
        # a decoder child has ended by now: its time is counted with the children that have
        cpu = tree_cpu_seconds() - before + sum(os.times()[2:4]) - ended_before
        pairs = sum(pq.read_metadata(file).num_rows for file in (out / "pairs").iterdir())
    result = {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "video seconds": round(seconds, 1),
        "CPU seconds": round(cpu, 1),
        "video-hours per core-hour": round(seconds / cpu, 2),
        "pairs": pairs,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    console.print(f"a whole build: {seconds:.0f} s of video in {cpu:.0f} CPU s, "
                  f"{seconds / cpu:.2f} video-hours per core-hour")  # fmt: skip
