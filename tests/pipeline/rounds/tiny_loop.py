"""A small policy that has learnt to answer, rendered clips, and the command that lets it improve itself on them."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.demo.render import render_set
from pipeline.demo.truth.annotations import annotations_of
from pipeline.demo.truth.scene import read_truth
from pipeline.training.options import TrainOptions
from pipeline.training.run import run_train
from prompts.prompt import prompt
from schemas.claim import Predicate
from schemas.clip import Clip
from schemas.pair import Pair
from tests.benchmarks.small_policy_set import small_worlds
from tests.finished import store
from trainer.policy.tiny_model import TinyShape, write_tiny

_CLIPS = 16
_FRAMES = 8
_QUIET = Console(quiet=True)
_ASKED = {Predicate.LEAVES_TO, Predicate.ENTERS_FROM, Predicate.DISPLACED, Predicate.EVENT_IN, Predicate.MOTION_IN}
"""What is asked: each has few answers, so that a small model learns to write them in so many steps."""
_SET_KEYS = (
    "ground.reading.enabled=false",
    "ground.motion.faces.frames_per_second=0.1",
    f"decode.num_frames={_FRAMES}",
    "decode.analysis_fps=8",
    "generate.planted.share=0",
    "generate.descriptions.max_questions=0",
    "generate.segment_twins.max_questions=0",
    "generate.facts.negatives=[]",
    "finalise.borrow_videos=false",
    "finalise.max_predicate_share=1.0",
    "finalise.validation_share=0.4",
)
_TRAIN_KEYS = (
    f"data.num_frames={_FRAMES}",
    "data.probe_questions=0",
    "run.precision=float32",
    "engine.device=cpu",
    "engine.checkpointing=false",
    "engine.evaluate_every_steps=1000",
)
_STEPS = 60
"""Of supervised training: a few CPU seconds."""


@dataclass(frozen=True)
class TinyLoop:
    """All that a loop is given."""

    folder: Path

    @property
    def questions(self) -> Path:
        """The set of questions."""
        return self.folder / "questions"

    @property
    def policy(self) -> Path:
        """What was trained on their right answers."""
        return self.folder / "sft"

    @property
    def known(self) -> Path:
        """A manifest that tells the scripted server what is true of the clips."""
        return self.folder / "known.jsonl"

    def command(self, out: Path, address: str, rounds: int) -> list[str]:
        """The arguments of `vidpref`."""
        scripted = (f"endpoint.servers.default.base_url={address}", "roles.judge.model=scripted")
        keys = (*scripted, "roles.writer.model=scripted", "retrospect.max_answer_tokens=32")
        learn = ("run.epochs=4", "run.pairs_per_step=8", "optimiser.learning_rate=1e-3", "engine.save_every_steps=1")
        look = ("min_pairs=4", "probe.questions=16", "probe.max_new_tokens=32", "probe.clips=0", "stop.kl_per_token=9")
        wait = ("stop.rounds_without_gain=9", "stop.answer_growth=9", "stop.length_correlation=1")
        return [
            *("iterate", "isr-dpo", "--local", "--videos", str(self.folder / "videos"), "--model", str(self.policy)),
            *("--out", str(out), "--rounds", str(rounds), "--questions", str(self.questions)),
            *_each("--set", keys),
            *_each("--train-set", (*_TRAIN_KEYS, *learn)),
            *_each("--loop-set", (*look, *wait)),
        ]


def _each(option: str, values: tuple[str, ...]) -> Iterator[str]:
    for value in values:
        yield from (option, value)


def tiny_loop(folder: Path) -> TinyLoop:
    """Render clips, ask about them by `facts`, and teach a model of random weights to answer."""
    worlds, made = small_worlds(1, _CLIPS), TinyLoop(folder)
    render_set(worlds, folder, processes=1)
    everything = folder / "everything"
    run_build(_QUIET, BuildOptions("facts", str(folder / "videos"), str(everything), _SET_KEYS, local=True))
    opened = FinishedSet.open(str(everything))
    pairs = [pair for pair in opened.records(Pair, "pairs") if pair.chosen_claims[0].predicate in _ASKED]
    clips = list(opened.records(Clip, "clips"))
    _store(made.questions, pairs, clips)
    taught = folder / "taught"
    _store(taught, [*pairs, *_as_sampled(pairs)], clips)
    made.known.write_text("\n".join(_known(folder)) + "\n")
    texts = [text for pair in pairs for text in (pair.question, pair.chosen, pair.rejected)]
    model = folder / "model"
    write_tiny(model, [*texts, *(pair.question for pair in _as_sampled(pairs[:4]))], TinyShape(64, 2, 600, 4))
    learn = ("adapter.kind=full", "adapter.train_vision=true", "optimiser.learning_rate=3e-3", "run.pairs_per_step=16")
    steps = (f"run.max_steps={_STEPS}", f"run.epochs={_STEPS}", "engine.save_every_steps=1000")
    keys = (*_TRAIN_KEYS, *learn, *steps)
    run_train(_QUIET, TrainOptions("sft", (str(taught),), str(model), str(made.policy), keys))
    return made


def _store(path: Path, pairs: list[Pair], clips: list[Clip]) -> None:
    used = {pair.clip_id for pair in pairs}
    store(path, pairs, [clip for clip in clips if clip.clip_id in used], [], questions=len(_groups(pairs)))


def _groups(pairs: list[Pair]) -> dict[str, set[str]]:
    """The answers of each question."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        found[pair.group_id] |= {pair.chosen, pair.rejected}
    return found


def _as_sampled(pairs: list[Pair]) -> list[Pair]:
    """The pairs with their questions as a round asks them: a model this small understands no other prompt."""
    forms, sample = _groups(pairs), prompt("sample")
    return [
        pair.model_copy(
            update={
                "question": sample.fill(question=pair.question, forms=sorted(forms[pair.group_id])),
                **{name: f"{getattr(pair, name)} as sampled" for name in ("pair_id", "group_id")},
                "twin_of": None,
            }
        )
        for pair in pairs
    ]


def _known(folder: Path) -> Iterator[str]:
    for video in sorted((folder / "videos").glob("*.mp4")):
        annotations = annotations_of(read_truth(folder / "truth" / f"{video.stem}.json"))
        told = annotations.model_dump(mode="json", exclude_defaults=True)
        yield json.dumps({"uri": f"videos/{video.name}", "annotations": told})
