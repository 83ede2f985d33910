"""`python -m tests.benchmarks decode`: run one comparison, print its tables, write its results as JSON.

A comparison is imported when it is chosen: none needs the packages of the others.
"""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    names = parser.add_subparsers(required=True)
    one = names.add_parser("decode", help="decoding against OpenCV, decord, torchcodec and PyAV in order")
    one.add_argument("--rounds", type=int, default=4, help="runs of every method on every clip; the least counts")
    one.add_argument("--only", default="", help="only clips whose name contains this")
    one.add_argument("--without", action="append", default=[], help="a peer to leave out")
    one.add_argument("--peer-python", default=sys.executable, help="interpreter that has decord and torchcodec")
    kept = Path(tempfile.gettempdir()) / "vidpref-benchmark-clips"
    one.add_argument("--clips", type=Path, default=kept, help="where made clips are kept")
    one.add_argument("--out", type=Path, default=Path("tests/benchmarks/results/decode.json"))
    one.set_defaults(module="decode")
    two = names.add_parser("engine", help="memory and CPU time of a Ray run beside what its stages take")
    two.add_argument("--clips", type=int, default=500, help="how many")
    two.add_argument("--rendered", type=int, default=20, help="how many different ones")
    two.add_argument("--workers", type=int, default=2)
    two.add_argument("--keep", type=Path, help="a new folder where clips and set stay")
    two.add_argument("--out", type=Path, default=Path("tests/benchmarks/results/engine.json"))
    two.set_defaults(module="engine")
    three = names.add_parser("train", help="the trainer's steps against what others do, on one CPU thread")
    three.add_argument("--rounds", type=int, default=2, help="steps of every work, in turn; the least counts")
    three.add_argument("--shape", choices=("tiny", "small"), default="small")
    three.add_argument("--out", type=Path, default=Path("tests/benchmarks/results/train.json"))
    three.set_defaults(module="train")
    four = names.add_parser("gpu", help="the same with the 7B shape on one GPU, and what is open about kernels there")
    four.add_argument("--tiny", action="store_true", help="a dry run of everything with a tiny shape, on any device")
    four.add_argument("--seconds", type=float, default=430, help="after so many no further measurement begins")
    four.add_argument("--out", type=Path, default=Path("tests/benchmarks/results/gpu.json"))
    four.set_defaults(module="gpu")
    options = parser.parse_args()
    importlib.import_module(f"tests.benchmarks.{options.module}").run(options)


main()
