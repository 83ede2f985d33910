"""The works that are compared: what each does in one step, how many loss rows that is, and its tokens by arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import train_plain as theirs
from tests.benchmarks.train_counts import Sends, plain, shared
from tests.benchmarks.train_model import Shape
from tests.benchmarks.train_ours import Ours, pair_group, vista_group
from trainer.recipe import Method


@dataclass(frozen=True)
class Ready:
    """A work that can run."""

    step: Callable[[], float]
    """Forward and backward; gives the loss."""
    fill: Callable[[], None] | None = None
    """The pass before the first epoch that fills the reference cache; null where the reference is scored online."""
    memory: Callable[[], int] | None = None
    """The trainer's estimate of a step's gradients and activations, bytes; null for other trainers."""


Make = Callable[[Shape, Any, Path], Ready]


@dataclass(frozen=True)
class Work:
    """One way to make one step of one kind."""

    name: str
    kind: str
    """What it trains on; works of one kind are compared."""
    rows: int
    """Pairs, or VistaDPO rows, of a step."""
    sends: Sends
    """What a step sends through the model, by arithmetic."""
    make: Make
    """From shape, model, and a folder for caches."""
    same_gradient: bool = True
    """Whether its gradient is that of the other works of its kind, by definition."""

    @property
    def is_ours(self) -> bool:
        """Whether it is this trainer's."""
        return self.name.startswith(OURS)


OURS = "vidpref"


def _ours_on_pairs(answers: int) -> Make:
    def make(shape: Shape, model: Any, folder: Path) -> Ready:
        ours = Ours(shape, model, Method.DPO, pair_group(shape, answers), folder)
        return Ready(ours.step, ours.fill, ours.estimated_bytes)

    return make


def _theirs_on_pairs(answers: int) -> Make:
    def make(shape: Shape, model: Any, _: Path) -> Ready:
        group = pair_group(shape, answers).answers
        return Ready(lambda: theirs.pair_step(model, group))

    return make


def _ours_on_vista(shape: Shape, model: Any, folder: Path) -> Ready:
    ours = Ours(shape, model, Method.VISTADPO, vista_group(shape), folder)
    return Ready(ours.step, ours.fill, ours.estimated_bytes)


def _online_on_vista(shape: Shape, model: Any, _: Path) -> Ready:
    visuals = vista_group(shape).visuals
    return Ready(lambda: theirs.vista_step(model, visuals, lambda rows: theirs.reference_of(model, rows)))


def _cached_on_vista(shape: Shape, model: Any, _: Path) -> Ready:
    visuals = vista_group(shape).visuals
    held: list[theirs.Answer] = []

    def fill() -> None:
        held[:] = theirs.reference_of(model, theirs.vista_rows(visuals))

    return Ready(lambda: theirs.vista_step(model, visuals, lambda _rows: held), fill)


def _released_on_vista(shape: Shape, model: Any, _: Path) -> Ready:
    visuals = vista_group(shape).visuals
    return Ready(lambda: theirs.released_step(model, visuals))


PAIR, GROUP, VISTA = "1 chosen + 1 rejected", "1 chosen + 3 rejected", "VistaDPO row with L_t"
WORKS = {
    work.name: work
    for work in (
        Work(f"{OURS}: pair", PAIR, 1, shared(2), _ours_on_pairs(2)),
        Work("two sequences", PAIR, 1, plain(trained=2, scored=2), _theirs_on_pairs(2)),
        Work(f"{OURS}: group", GROUP, 3, shared(4), _ours_on_pairs(4)),
        Work("three pairs", GROUP, 3, plain(trained=6, scored=6), _theirs_on_pairs(4)),
        Work(f"{OURS}: row", VISTA, 1, shared(3, more=5), _ours_on_vista),
        Work("eight sequences", VISTA, 1, plain(trained=8, scored=8), _online_on_vista),
        Work("eight, cached reference", VISTA, 1, plain(trained=8, scored=0), _cached_on_vista),
        Work(
            "released trainer, 32",
            VISTA,
            1,
            plain(trained=2, scored=30),
            _released_on_vista,
            same_gradient=False,
        ),
    )
}
GOALS = {
    "two sequences": 2.5,
    "three pairs": 6.3,
    "eight sequences": 1.6,
    "eight, cached reference": 1.2,
    "released trainer, 32": 2.0,
}
"""Least loss rows per CPU second of ours over each."""


def ours_for(work: Work) -> Work:
    """Our work of the same kind."""
    return next(other for other in WORKS.values() if other.kind == work.kind and other.is_ours)
