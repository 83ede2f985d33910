"""K answers to one question about a video, against transformers' own `generate(num_return_sequences=K)`.

A Qwen2.5-VL shape with an adapter in float32, one thread, answers of a fixed length, on the CPU. Both draw every token
by the same noise: ours by inverting the cumulative distribution that temperature and top-p leave, the peer by its own
warpers and a processor that leaves the drawn token alone. All tokens of both must be equal, of likeliest answers too;
else nothing is printed. What counts is the least CPU time.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor
from transformers import GenerationConfig, LogitsProcessor, LogitsProcessorList, TopPLogitsWarper

from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.prompts import PromptReader
from stages.models.video_llm.qwen import Qwen25VL
from stages.models.video_llm.samples import TokenDraw, samples
from tests.benchmarks import train_model
from tests.benchmarks.train_model import Shape, make_group, make_model

GOAL = 2.0
TOP_P = 0.95


class ShapeFamily(Qwen25VL):
    """The product's family, without a processor: nothing here is text."""

    def visual_end(self, encoded: EncodedGroup) -> int:
        """By the types of tokens."""
        return int(encoded.token_types_P.nonzero()[-1]) + 1  # type: ignore[union-attr]  # every group has them


class FixedNoise(LogitsProcessor):
    """Leaves of each row the token at which its noise falls into the cumulative distribution, likeliest first."""

    def __init__(self, noise_KT: Tensor, prompt: int) -> None:
        self._noise_KT, self._prompt = noise_KT, prompt

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:  # type: ignore[override]  # its names
        """One token of each row keeps a finite score."""
        noise_K = self._noise_KT[:, input_ids.shape[1] - self._prompt]
        values, indices = scores.double().softmax(-1).sort(descending=True, stable=True)
        places = [int((row.cumsum(0) > at).nonzero()[0]) for row, at in zip(values, noise_K.tolist(), strict=True)]
        drawn = indices.gather(-1, torch.tensor(places)[:, None])
        return torch.full_like(scores, float("-inf")).scatter(-1, drawn, 0.0)


@dataclass(frozen=True)
class Compared:
    """CPU seconds of K answers to one question."""

    answers: int
    ours: float
    """Of a question about a visual that was not read before."""
    again: float
    """Of a further question about the same visual."""
    peer: float

    @property
    def speedup(self) -> float:
        """Of a first question."""
        return self.peer / self.ours


def run(options: argparse.Namespace) -> None:
    """Measure, check, print, write."""
    shape: Shape = getattr(train_model, options.shape.upper())
    rows = [measure(shape, answers, options.rounds) for answers in options.answers]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "shape": shape.name, "rounds": options.rounds}
    made = [{**asdict(row), "speedup": row.speedup} for row in rows]
    options.out.write_text(json.dumps({**machine, "prompt_tokens": shape.prompt_tokens, "rows": made}, indent=1) + "\n")
    Console(width=120).print(table(shape, rows))


def table(shape: Shape, rows: list[Compared]) -> Table:
    """One row for each number of answers."""
    title = f"Answers of {shape.answer_tokens} tokens to a prompt of {shape.prompt_tokens}, one CPU thread, float32"
    made = Table(title=title)
    for head in ("K", "generate, CPU s", "ours, CPU s", "faster", "the next question, CPU s", "faster"):
        made.add_column(head, justify="right")
    for row in rows:
        again = f"{row.peer / row.again:.2f}x"
        made.add_row(
            str(row.answers), f"{row.peer:.2f}", f"{row.ours:.2f}", f"{row.speedup:.2f}x", f"{row.again:.2f}", again
        )
    return made


def measure(shape: Shape, answers: int, rounds: int) -> Compared:
    """The least CPU time of each way over `rounds`, in turn. AssertionError if they write different tokens."""
    torch.set_num_threads(1)
    family = ShapeFamily("benchmark", None, shape.config)
    ours, theirs = make_model(shape).eval(), make_model(shape, attention="sdpa").eval()
    group = make_group(shape, 1)
    noise_KT = torch.rand((answers, shape.answer_tokens), generator=torch.Generator().manual_seed(0))
    for temperature in (0.0, 1.0):
        reader = PromptReader(ours, family)
        draw = TokenDraw(temperature, TOP_P)
        written = [samples(ours, reader.read(group)[0], noise_KT, draw, ()) for _ in range(2)]
        if not written[0] == written[1] == generated(theirs, group, noise_KT, temperature):
            raise AssertionError(f"at temperature {temperature} both write different tokens")
    seconds: dict[str, list[float]] = {"ours": [], "again": [], "peer": []}
    for _ in range(rounds):
        reader, draw = PromptReader(ours, family), TokenDraw(1.0, TOP_P)
        for name in ("ours", "again"):
            seconds[name].append(_cpu_seconds(lambda: samples(ours, reader.read(group)[0], noise_KT, draw, ())))  # noqa: B023 called at once
        seconds["peer"].append(_cpu_seconds(lambda: generated(theirs, group, noise_KT, 1.0)))
    return Compared(answers, **{name: min(found) for name, found in seconds.items()})


def generated(model: Any, group: EncodedGroup, noise_KT: Tensor, temperature: float) -> list[list[int]]:
    """What transformers writes; temperature 0 or 1. Of likeliest tokens it writes one answer, which is all of them."""
    answers, room = noise_KT.shape
    draws = temperature > 0
    config = GenerationConfig(
        do_sample=draws,
        top_k=0 if draws else None,
        num_return_sequences=answers if draws else 1,
        max_new_tokens=room,
        pad_token_id=0,
    )
    drawing = LogitsProcessorList([TopPLogitsWarper(TOP_P), FixedNoise(noise_KT, group.prompt_length)])
    types = group.token_types_P
    ids = model.generate(
        input_ids=group.prompt_ids_P[None],
        mm_token_type_ids=None if types is None else types[None],
        generation_config=config,
        logits_processor=drawing if draws else None,
        **group.vision,
    )
    written = [row[group.prompt_length :].tolist() for row in ids]
    return written if draws else written * answers


def _cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
