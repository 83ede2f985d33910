"""How many visuals a second are made ready for a model, against the threads that feed it.

A visual is what a group of a pair costs: 32 JPEGs of 448 x 796 decoded, encoded by Qwen2.5-VL's processor as 7,168
visual tokens, and hashed. Reading a clip is left out: an epoch reads each once for all of its questions.
"""

import argparse
import json
import os
import platform
import time

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from schemas.clip import Frame
from stages.models.video_llm import open_family
from stages.models.video_llm.family import ModelFamily
from stages.visuals.visual import Visual, decoded_jpeg
from tests.trainer.checkpoints import checkpoint
from trainer.loop.feeders import Feeders

_WIDTH, _HEIGHT = 796, 448


def run(options: argparse.Namespace) -> None:
    """Measure, print, write."""
    rows = measure(options.feeders, options.visuals, options.frames)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    machine = {"machine": platform.machine(), "cores": len(os.sched_getaffinity(0)), "frames": options.frames}
    options.out.write_text(json.dumps({**machine, "feeders": rows}, indent=1) + "\n")
    made = Table(title=f"{options.visuals} visuals of {options.frames} frames, {machine['cores']} cores")
    for head in ("feeders", "visuals / s", "CPU s / visual"):
        made.add_column(head, justify="right")
    for row in rows:
        made.add_row(*(f"{row[name]:.3g}" for name in ("feeders", "visuals_per_second", "cpu_seconds")))
    Console(width=120).print(made)


def measure(feeders: list[int], visuals: int, frames: int) -> list[dict[str, float]]:
    """One row for each number of threads, with the CPU time of all of them."""
    family, stored = _family(), _frames(frames)
    _made(family, stored)  # imports, and tables that are made once
    rows = []
    for count in feeders:
        started, cpu, main = time.perf_counter(), time.process_time(), time.thread_time()
        for _ in Feeders(count).ahead(lambda _number: _made(family, stored), range(visuals)):
            pass
        seconds, used = time.perf_counter() - started, time.process_time() - cpu - (time.thread_time() - main)
        rows.append({"feeders": count, "visuals_per_second": visuals / seconds, "cpu_seconds": used / visuals})
    return rows


def _family() -> ModelFamily:
    family = open_family(str(checkpoint("qwen2_5_vl")))
    family.processor.video_processor.size = {"shortest_edge": 28 * 28 * 4, "longest_edge": 28 * 28 * 16384}
    family.config.get_text_config().max_position_embeddings = 32_768  # type: ignore[attr-defined]  # of transformers
    return family


def _frames(count: int) -> list[Frame]:
    """Frames of smooth noise, which are as large as those of real clips: about 25 kB."""
    rng = np.random.default_rng(0)
    frames = []
    for number in range(count):
        coarse = rng.integers(0, 256, (_HEIGHT // 16, _WIDTH // 16, 3), dtype=np.uint8)
        picture = cv2.resize(coarse, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_CUBIC)
        frames.append(Frame(pts_seconds=float(number), jpeg=cv2.imencode(".jpg", picture)[1].tobytes()))
    return frames


def _made(family: ModelFamily, stored: list[Frame]) -> str:
    pixels = np.stack([decoded_jpeg(frame, "clip") for frame in stored])
    visual = Visual(pixels, np.array([frame.pts_seconds for frame in stored]))
    return family.encode(visual, "What moves?", ["A dog.", "A cat."]).vision_key
