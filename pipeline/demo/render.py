"""Renders worlds as MP4 files and writes the ground truth of each.

Array names: H rows, W columns, C colour channels (RGB).
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import ffmpeg
import imageio_ffmpeg

from pipeline.demo.scenarios.sets import demo_worlds, prove_worlds
from pipeline.demo.truth.scene import truth_of
from pipeline.demo.world.frames import frames_of
from pipeline.demo.world.world import World


def render(world: World, path: Path) -> None:
    """Write the clip as H.264 in MP4. The same world gives the same bytes."""
    source = ffmpeg.input("pipe:", format="rawvideo", pix_fmt="rgb24", s=f"{world.width}x{world.height}", r=world.fps)
    command = source.output(
        str(path), vcodec="libx264", pix_fmt="yuv420p", crf=world.crf, preset="veryfast", threads=1, fflags="+bitexact"
    ).global_args("-loglevel", "error", "-nostdin")
    process = command.run_async(cmd=imageio_ffmpeg.get_ffmpeg_exe(), pipe_stdin=True, overwrite_output=True)
    for frame_HWC in frames_of(world):
        process.stdin.write(frame_HWC.tobytes())
    process.stdin.close()
    if process.wait() != 0:
        raise RuntimeError(f"ffmpeg could not write {path} (exit {process.returncode})")


def render_set(worlds: Sequence[World], folder: Path, *, processes: int = 2) -> list[Path]:
    """Write videos/NAME.mp4, truth/NAME.json and worlds/NAME.json below `folder`; return the paths of the videos."""
    for name in ("videos", "truth", "worlds"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if processes == 1:
        return [_render_one(world, folder) for world in worlds]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return list(pool.map(_render_one, worlds, [folder] * len(worlds)))


def _render_one(world: World, folder: Path) -> Path:
    cv2.setNumThreads(1)
    path = folder / "videos" / f"{world.name}.mp4"
    render(world, path)
    (folder / "truth" / f"{world.name}.json").write_text(truth_of(world).model_dump_json())
    (folder / "worlds" / f"{world.name}.json").write_text(world.model_dump_json())
    return path


def _main() -> None:
    parser = argparse.ArgumentParser(description="Render clips with their ground truth.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--long", action="store_true", help="clips of 5 to 60 s, as `make prove` uses them")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    worlds = (prove_worlds if arguments.long else demo_worlds)(arguments.seed, arguments.count)
    render_set(worlds, arguments.out)


if __name__ == "__main__":
    _main()
