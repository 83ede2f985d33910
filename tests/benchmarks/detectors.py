"""Detectors with weights: how many frames a second they look at, one frame at a time against eight at once.

The weights are random, which changes no time; the shape is that of the published Swin-T checkpoints, or a tiny one. On
a CPU, CPU time of this process or of the detector's child counts; on a GPU, time by the clock.
"""

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil
import torch

from stages.models.detections import FrameDetector
from stages.models.detector_settings import GroundingdinoPySettings, GroundingDinoSettings
from stages.models.groundingdino_child import ChildDetector
from stages.models.open_detector import open_detector
from tests.stages.models.tiny_detectors import make_checkpoint, make_text_encoder

PHRASES = ("dog", "ball", "person", "red ball", "grey dog", "grey person", "red dog", "grey ball")
BATCHES = (1, 8)
_LEAST = 0.99  # scores of random weights are high or low for all boxes: few detections, as with true weights
_WIDE = 16 / 9


@dataclass(frozen=True)
class Speed:
    """One measurement."""

    detector: str
    device: str
    batch: int
    frames_per_second: float
    """On a CPU, of one CPU's time."""
    peak_gb: float
    """Largest memory of the process that has the model (CPU), or of the GPU."""


def run(options: argparse.Namespace) -> None:
    """Measure, print a table, write the results."""
    with tempfile.TemporaryDirectory() as folder:
        speeds = list(_speeds(options, Path(folder)))
    print("| detector | device | batch | frames a second | peak memory, GB |\n|---|---|---:|---:|---:|")  # noqa: T201
    for one in speeds:
        print(  # noqa: T201 a benchmark prints
            f"| {one.detector} | {one.device} | {one.batch} | {one.frames_per_second:.3g} | {one.peak_gb:.1f} |"
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([asdict(one) for one in speeds], indent=1))


def _speeds(options: argparse.Namespace, folder: Path) -> Iterator[Speed]:
    for mm in (False, True):
        checkpoint = str(make_checkpoint(folder / f"mm-{mm}", mm=mm, full_size=not options.tiny))
        for batch in BATCHES:
            settings = GroundingDinoSettings(checkpoint=checkpoint, batch=batch)
            yield _speed("mm-grounding-dino" if mm else "grounding-dino", settings, batch, options.frames)
    if options.python:
        make_text_encoder(folder / "bert")
        made = [options.python, "-W", "ignore", "-m", "tests.stages.models.tiny_original", str(folder)]
        subprocess.run(made if options.tiny else [*made, "--full-size"], check=True, stdout=subprocess.DEVNULL)
        for batch in BATCHES:
            original = GroundingdinoPySettings(
                python=options.python,
                config=str(folder / "config.py"),
                checkpoint=str(folder / "weights.pth"),
                batch=batch,
            )
            yield _speed("groundingdino-py", original, batch, options.frames)


def _speed(name: str, settings: GroundingDinoSettings | GroundingdinoPySettings, batch: int, frames: int) -> Speed:
    detector = open_detector(settings)
    pictures = np.random.default_rng(0).integers(0, 255, (frames, 448, round(448 * _WIDE), 3), dtype=np.uint8)
    seconds, device = _clock(detector)
    detector.detect(pictures[:1], PHRASES, [_LEAST] * len(PHRASES))
    started = seconds()
    detector.detect(pictures, PHRASES, [_LEAST] * len(PHRASES))
    return Speed(name, device, batch, frames / (seconds() - started), _peak_gb(detector, device))


def _clock(detector: FrameDetector) -> tuple[Callable[[], float], str]:
    if torch.cuda.is_available():
        return time.perf_counter, torch.cuda.get_device_name()
    if isinstance(detector, ChildDetector):
        child = psutil.Process(detector.process_id)
        return lambda: child.cpu_times().user + child.cpu_times().system, "CPU"
    return time.process_time, "CPU"


def _peak_gb(detector: FrameDetector, device: str) -> float:
    if device != "CPU" and not isinstance(detector, ChildDetector):
        return torch.cuda.max_memory_allocated() / 1e9
    if isinstance(detector, ChildDetector):
        return psutil.Process(detector.process_id).memory_info().rss / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
