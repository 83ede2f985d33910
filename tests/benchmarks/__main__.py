"""`python -m tests.benchmarks decode`: run one comparison, print its tables, write its results as JSON."""

import argparse
import importlib.util
import sys
import tempfile
from importlib import import_module
from pathlib import Path

_RESULTS = Path("tests/benchmarks/results")
NEEDS = {
    "gpu": {
        "cv2": "opencv-python-headless",
        "huggingface_hub": "huggingface_hub",
        "numpy": "numpy",
        "peft": "peft",
        "pydantic": "pydantic",
        "rich": "rich",
        "safetensors": "safetensors",
        "torch": "torch",
        "transformers": "transformers",
    }
}
"""What a comparison imports, by the package that has it: with these alone it runs under any Python from 3.11 on."""
_MADE_CLIPS = Path(tempfile.gettempdir()) / "vidpref-benchmark-clips"


def main() -> None:
    """Read the command line and run that comparison alone: torch is not imported for decoding."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    names = parser.add_subparsers(dest="name", required=True)

    def command(name: str, about: str) -> argparse.ArgumentParser:
        one = names.add_parser(name, help=about)
        one.add_argument("--out", type=Path, default=_RESULTS / f"{name}.json")
        return one

    one = command("decode", "decoding against OpenCV, decord, torchcodec and PyAV in order")
    one.add_argument("--rounds", type=int, default=4, help="runs of every method on every clip; the least counts")
    one.add_argument("--only", default="", help="only clips whose name contains this")
    one.add_argument("--without", action="append", default=[], help="a peer to leave out")
    one.add_argument("--peer-python", default=sys.executable, help="interpreter that has decord and torchcodec")
    one.add_argument("--clips", type=Path, default=_MADE_CLIPS, help="where made clips are kept")
    one = command("throughput", "video-hours per core-hour of a whole build")
    one.add_argument("--only", default="", help="only clips whose name contains this")
    one.add_argument("--clips", type=Path, default=_MADE_CLIPS, help="where made clips are kept")
    one = command("engine", "memory and CPU time of a Ray run beside what its stages take")
    one.add_argument("--clips", type=int, default=500, help="how many")
    one.add_argument("--rendered", type=int, default=20, help="how many different ones")
    one.add_argument("--workers", type=int, default=2)
    one.add_argument("--keep", type=Path, help="a new folder where clips and set stay")
    one = command("train", "the trainer's steps against what others do, on one CPU thread")
    one.add_argument("--rounds", type=int, default=2, help="steps of every work, in turn; the least counts")
    one.add_argument("--shape", choices=("tiny", "small"), default="small")
    _add_sampling(command("sampling", "several answers to a question, against transformers' num_return_sequences"))
    one = command("feed", "visuals a second that are made ready for a model, against the threads that feed it")
    one.add_argument("--feeders", type=int, nargs="+", default=[1, 2, 4, 8], help="numbers of threads")
    one.add_argument("--visuals", type=int, default=32, help="of each measurement")
    one.add_argument("--frames", type=int, default=32, help="of a visual")
    _add_small_policy(
        command("small_policy", "what training on planted edits adds to a small policy, on rendered clips")
    )
    one = command("gpu", "the same with the 7B shape on one GPU, and what is open about kernels there")
    one.add_argument("--tiny", action="store_true", help="a dry run of everything with a tiny shape, on any device")
    one.add_argument("--parts", nargs="*", default=[], help="by default all; steps, memory, rows, attention, ...")
    one.add_argument("--seconds", type=float, default=200, help="a part begins no measurement after this many seconds")
    one = command("detectors", "detectors with weights: frames a second, one at a time against eight at once")
    one.add_argument("--tiny", action="store_true", help="a dry run with a tiny shape")
    one.add_argument("--frames", type=int, default=8, help="frames of each measurement")
    one.add_argument("--python", help="interpreter of the original package (make groundingdino); left out without it")
    one = command("viewer", "the viewer on a large set: CPU time of lists, filters and searches, and memory")
    one.add_argument("--pairs", type=int, default=100_000)
    one = command("endpoint", "share of a server's capacity that the endpoint gate uses, beside ray.data.llm")
    one.add_argument("--calls", type=int, default=2000)
    one.add_argument("--peer-calls", type=int, default=128, help="of ray.data.llm, which sends few at a time")
    options = _options(parser)
    needs = NEEDS.get(options.name, {})
    if missing := [package for name, package in needs.items() if importlib.util.find_spec(name) is None]:
        install = f"{sys.executable} -m pip install {' '.join(missing)}"
        print(f"{options.name} needs {', '.join(missing)}; try: {install}")  # noqa: T201 a benchmark prints
        sys.exit(2)
    import_module(f"tests.benchmarks.{options.name}").run(options)


def _options(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The options, of which what would fail at the end is refused at the start."""
    options = parser.parse_args()
    if options.out.is_dir():
        parser.error(f"--out {options.out} is a folder; give the path of a JSON file")
    return options


def _add_sampling(one: argparse.ArgumentParser) -> None:
    one.add_argument("--rounds", type=int, default=2, help="of each way, in turn; the least counts")
    one.add_argument("--answers", type=int, nargs="+", default=[1, 2, 4, 8], help="numbers of answers")
    one.add_argument("--shape", choices=("tiny", "small"), default="small")


def _add_small_policy(one: argparse.ArgumentParser) -> None:
    one.add_argument("--clips", type=int, default=320, help="how many are rendered; about a third are held out")
    one.add_argument("--seeds", type=int, default=2, help="trainings of each kind")
    one.add_argument("--base-steps", type=int, default=250, help="steps in which the base model is made")
    one.add_argument("--steps", type=int, default=250, help="steps of each training")
    one.add_argument("--groups", type=int, default=1000, help="held-out questions that are asked")
    one.add_argument(
        "--arms", nargs="*", default=["sft", "dpo"], help="ways to train: sft, dpo, twins, spans, rrpo, easy-first, ..."
    )
    one.add_argument("--go-on", action="store_true", help="keep base and policies that an earlier run made")
    one.add_argument(
        "--keep", type=Path, default=Path("build/small_policy"), help="where clips, set and models are kept"
    )


if __name__ == "__main__":
    main()
