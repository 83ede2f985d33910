"""The benchmarks of training compare equal work: tokens by arithmetic, equal losses; a dry run of the GPU part."""

import argparse
import ast
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention as sdpa

from stages.models.video_llm.attention import answer_mask, split_attention
from tests.benchmarks import gpu, gpu_attention, gpu_steps, train
from tests.benchmarks.__main__ import NEEDS
from tests.benchmarks.gpu_flops import Costs
from tests.benchmarks.gpu_meter import Meter
from tests.benchmarks.train_counts import Passes, Rows, counted
from tests.benchmarks.train_model import SEVEN_B, SMALL, TINY, make_model
from tests.benchmarks.train_works import WORKS, ours_for
from tests.test_imports import ROOT

pytestmark = pytest.mark.slow(50)


@pytest.fixture(scope="module")
def model() -> Any:
    return make_model(TINY)


def _stepped(name: str, model: Any, folder: Path) -> tuple[Passes, float, Tensor]:
    """Tokens, loss and gradient of one step."""
    model.zero_grad(set_to_none=True)
    ready = WORKS[name].make(TINY, model, folder)
    if ready.fill is not None:
        ready.fill()
    with counted(model) as passes:
        loss = ready.step()
    return passes[0], loss, torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


@pytest.mark.parametrize("name", WORKS)
def test_equal_work(name: str, model: Any, tmp_path: Path) -> None:
    """Tokens are those of the arithmetic; loss and gradient are those of our work of the same kind."""
    passes, loss, gradient = _stepped(name, model, tmp_path)
    assert passes == WORKS[name].sends.passes(TINY)
    _, our_loss, our_gradient = _stepped(ours_for(WORKS[name]).name, model, tmp_path)
    assert loss == pytest.approx(our_loss, abs=1e-5)
    assert our_gradient.norm() > 1e-3
    off = (gradient - our_gradient).norm() / our_gradient.norm()
    assert (off < 1e-4) == WORKS[name].same_gradient


def test_arithmetic_of_the_small_shape() -> None:
    """P = 1,068, T = 60. Ours: P + 2T = 1,188; P + 4T = 1,308; 6P + 8T = 6,888. Theirs: P + T = 1,128 a sequence.

    A trained token goes forward and backward, so it counts twice: 6 x 1,128 / (2 x 1,188) = 2.85; 18 x 1,128 /
    (2 x 1,308) = 7.76; 24, 16 and 34 times 1,128 / (2 x 6,888) = 1.97, 1.31 and 2.78.
    """
    passes = {name: work.sends.passes(SMALL) for name, work in WORKS.items()}
    assert [passes[f"vidpref: {name}"].trained for name in ("pair", "group", "row")] == [1188, 1308, 6888]
    ratios = {name: passes[name].token_passes / passes[ours_for(WORKS[name]).name].token_passes for name in train.GOALS}
    assert [round(ratio, 2) for ratio in ratios.values()] == [2.85, 7.76, 1.97, 1.31, 2.78]


def test_arithmetic_of_7b() -> None:
    """32 frames of 448 x 784: 32/2 x 32 x 56 = 28,672 patches, a quarter of it tokens, with 60 of text 7,228.

    A row of 7,228 + 120 tokens through 28 layers of 2 x 3,584^2 + 2 x 3,584 x 512 + 3 x 3,584 x 18,944 = 233,046,016
    weights, and 120 tokens through a head of 3,584 x 152,064; attention 4 x 28 x 3,584 x (7,228^2 / 2 + 120 x 7,258).
    """
    shape = SEVEN_B.at(32, 448, 784)
    assert (shape.patches, shape.prompt_tokens) == (28_672, 7_228)
    linear = 2 * (7_348 * 28 * 233_046_016 + 120 * 3_584 * 152_064)
    attention = 4 * 28 * 3_584 * (7_228**2 / 2 + 120 * 7_258)
    assert Costs(shape).text_forward(Rows(1, 2)) == pytest.approx(linear + attention, rel=1e-12)


def test_pictures_cost_twice_the_tokens() -> None:
    """A frame as a picture is a pair of frames: twice the visual's tokens, and two more around each."""
    as_video, as_images = (TINY, TINY.__class__(**{**vars(TINY), "as_images": True}))
    assert as_images.patches == 2 * as_video.patches
    visual = as_video.patches // 4
    assert as_images.prompt_tokens == as_video.prompt_tokens + visual + 2 * (TINY.frames - 1)


def _measured(name: str, **changed: Any) -> train.Measured:
    step = {"cpu_seconds": 1.0, "passes": WORKS[name].sends.passes(TINY).as_json(), "peak_bytes": 1}
    step |= {"loss": 0.7, "gradient_norm": 2.0, "gradient_along": 0.5, **changed}
    return train.Measured(WORKS[name], [{"cpu_seconds": 0.0}], [step])


@pytest.mark.parametrize(
    "changed", [{"loss": 0.701}, {"gradient_norm": 2.01}, {"gradient_along": 0.51}, {"passes": {}}]
)
def test_unequal_work_is_refused(changed: dict[str, Any]) -> None:
    """Another loss, gradient or number of tokens than ours stops the comparison."""
    ours = _measured("vidpref: pair")
    train.check([ours, _measured("two sequences")], TINY)
    with pytest.raises(AssertionError, match="two sequences"):
        train.check([ours, _measured("two sequences", **changed)], TINY)


def test_a_failing_measurement_is_a_line() -> None:
    """A measurement that fails is reported with its error, and later ones still run; after the deadline none begins."""
    lines: list[dict[str, Any]] = []
    meter = Meter("cpu", 1e9, lines.append)
    assert "RuntimeError: no kernel" in meter.attempt("a", "fails", _failing)["error"]
    assert meter.attempt("a", "works", lambda: {"seconds": 1.0})["seconds"] == 1.0
    assert "left out" in Meter("cpu", -1.0, lines.append).attempt("a", "late", _failing)["error"]
    assert len(lines) == 3


def _failing() -> dict[str, Any]:
    raise RuntimeError("no kernel")


def test_without_a_gpu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says that a CUDA device is needed, and the exit code is 2."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit) as stopped:
        gpu.run(argparse.Namespace(tiny=False, parts=[]))
    assert stopped.value.code == 2
    printed = capsys.readouterr().out
    assert "needs a CUDA device" in printed
    assert printed.count("\n") == 1


def test_a_part_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """One line names it and those that exist, and the exit code is 2."""
    with pytest.raises(SystemExit) as stopped:
        gpu.run(argparse.Namespace(tiny=True, parts=["steps", "spede"]))
    assert stopped.value.code == 2
    assert capsys.readouterr().out == f"--parts spede: there is no such part; the parts are {', '.join(gpu.PARTS)}\n"


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning", "ignore::DeprecationWarning")
def test_dry_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a tiny shape every part runs on the CPU; only kernels that a CPU does not have are reported as errors."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    report = gpu.measure(tmp_path / "gpu.json", tiny=True, seconds=1e9, most=1)
    assert {line["part"] for line in report["lines"]} == {"peak", *gpu.PARTS}
    failed = [line["name"] for line in report["lines"] if "error" in line]
    assert all("varlen" in name or "flex" in name for name in failed), failed
    steps = [line for line in report["lines"] if line["part"] in {"steps", "rows", "memory"}]
    assert all(line["rows_per_second"] > 0 and line["share_of_peak"] > 0 for line in steps)
    assert all(("estimated_gib" in line) == line["name"].startswith("vidpref") for line in steps)
    assert json.loads((tmp_path / "gpu.json").read_text())["verdicts"] == report["verdicts"]
    for part in gpu.PARTS:
        gpu.table(part, [line for line in report["lines"] if line["part"] == part])


def test_an_estimate_is_held_against_the_peak() -> None:
    """A step took 10 - 6 = 4 GiB: 4.4 is 10 % too high, which is near enough; 3 is 25 % too low, which is not."""
    taken = {"peak_gib": 10.0, "standing_gib": 6.0}
    assert (
        gpu_steps.estimate_verdict("step", {**taken, "estimated_gib": 4.4}) == "reached estimated +10% (goal 15%) step"
    )
    assert (
        gpu_steps.estimate_verdict("step", {**taken, "estimated_gib": 3.0}) == "MISSED  estimated -25% (goal 15%) step"
    )
    assert gpu_steps.estimate_verdict("step", {"error": "out of memory"}).startswith("NOT MEASURED step")


def test_the_gpu_part_needs_few_packages() -> None:
    """It starts under a Python without the project's environment: what it imports, by whatever way, is what it asks
    for in its one line about missing packages.
    """
    seen: set[str] = set()
    outside = set(_imported("tests.benchmarks.gpu", seen))
    assert outside == set(NEEDS["gpu"])
    assert not {module for module in seen if module.startswith("pipeline")}


def _imported(module: str, seen: set[str]) -> Iterator[str]:
    """Packages that a module of the project imports when it is imported, itself and through other modules."""
    if module in seen:
        return
    seen.add(module)
    path = ROOT / module.replace(".", "/")
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        for name in _at_import(ast.parse(file.read_text()).body) if file.is_file() else ():
            first = name.partition(".")[0]
            if (ROOT / first).is_dir():
                parts = name.split(".")
                for end in range(1, len(parts) + 1):
                    yield from _imported(".".join(parts[:end]), seen)
            elif first not in sys.stdlib_module_names:
                yield first


def _at_import(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Names that statements import, but not those in functions, which are imported when these are called."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _at_import(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))


def _packed_reference(
    query: Tensor, key: Tensor, value: Tensor, starts_q: Tensor, starts_k: Tensor, *_: int, **how: Any
):
    """What varlen_attn computes, where its causal mask is aligned to the ends."""
    made = []
    for q, k, v in zip(*(_cut(*x) for x in ((query, starts_q), (key, starts_k), (value, starts_k))), strict=True):
        sees = torch.ones(len(q), len(k), dtype=torch.bool)
        sees = sees.tril(len(k) - len(q)) if how["window_size"] == (-1, 0) else sees
        rows = [x.transpose(0, 1)[None] for x in (q, k, v)]
        out = sdpa(*rows, attn_mask=sees, scale=how["scale"], enable_gqa=q.shape[1] != k.shape[1])
        made.append(out[0].transpose(0, 1))
    return torch.cat(made)


def _cut(packed: Tensor, starts: Tensor) -> tuple[Tensor, ...]:
    return packed.split(starts.diff().tolist())


def _varlen_attn(
    query: Tensor, key: Tensor, value: Tensor, *more: Any, scale: Any = None, window_size: Any = None
) -> Tensor:
    """With the signature of torch 2.11: no grouped keys."""
    assert query.shape[1] == key.shape[1]
    return _packed_reference(query, key, value, *more, scale=scale, window_size=window_size)


@pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
@pytest.mark.parametrize("way", ["varlen", "flex"])
def test_other_attentions_are_the_same(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed sequences and block masks are set up so that they give what the trainer's split gives."""
    monkeypatch.setattr("torch.nn.attention.varlen.varlen_attn", _varlen_attn)
    prompt, lengths = 11, (3, 5)
    drawn = torch.Generator().manual_seed(0)
    query = torch.randn(1, 4, prompt + sum(lengths), 16, generator=drawn)
    key, value = (torch.randn(1, 2, prompt + sum(lengths), 16, generator=drawn) for _ in range(2))
    mask = answer_mask(prompt, lengths)
    expected, _ = split_attention(torch.nn.Module(), query, key, value, mask, split_at=prompt, scaling=0.3)
    ways: dict[str, Callable[[], tuple[Tensor, None]]] = {
        "varlen": lambda: gpu_attention.varlen_row(
            torch.nn.Module(), query, key, value, mask, split_at=prompt, answer_lengths=lengths, scaling=0.3
        ),
        "flex": lambda: gpu_attention.flex_row(
            torch.nn.Module(),
            query,
            key,
            value,
            mask,
            block_mask=gpu_attention.row_block_mask(prompt, lengths, "cpu"),
            scaling=0.3,
        ),
    }
    made, _ = ways[way]()
    assert torch.allclose(made, expected, atol=1e-5)
