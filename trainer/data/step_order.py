"""The order of training: groups become optimiser steps, purely by the seed, so that any step can be resumed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from numpy.random import Generator, SeedSequence, default_rng

from trainer.data.records import GroupRows
from trainer.data.twins import Kin, kins_of

T = TypeVar("T")
_STEPS_SORTED = 32
"""So many steps' worth of groups are sorted by length at a time: enough for even steps, few enough to stay random."""


@dataclass(frozen=True)
class OptimiserStep:
    """The groups of one optimiser step, longest first, and how many loss rows they make over all ranks."""

    groups: tuple[GroupRows, ...]
    pairs: int


@dataclass(frozen=True)
class Measure:
    """How large groups are: what the order goes by."""

    pairs: Callable[[GroupRows], int]
    """Loss rows of a group."""
    tokens: Callable[[GroupRows], int]
    """About how long it is."""

    def pairs_of(self, kin: Kin) -> int:
        """Loss rows of a group and its twins."""
        return sum(map(self.pairs, kin))

    def tokens_of(self, kin: Kin) -> int:
        """The longest of a group and its twins."""
        return max(map(self.tokens, kin))


def steps_of_epoch(
    groups: Sequence[GroupRows], pairs_per_step: int, seed: int, epoch: int, measure: Measure
) -> list[OptimiserStep]:
    """Every group once, in steps of about `pairs_per_step` pairs.

    Twins stand side by side in one step; groups of like length share a step; which, and the order of steps, is the
    seed's choice. A step is closed when it holds as many pairs as are wanted, so it may hold a few more.
    """
    rng = default_rng(SeedSequence([seed, epoch]))
    families = _shuffled(kins_of(groups), rng)
    windows = _filled(families, pairs_per_step * _STEPS_SORTED, measure)
    alike = [kin for window in windows for kin in sorted(window, key=measure.tokens_of)]
    return _shuffled([_step(kins, measure) for kins in _filled(alike, pairs_per_step, measure)], rng)


def _shuffled(items: list[T], rng: Generator) -> list[T]:
    return [items[int(i)] for i in rng.permutation(len(items))]


def _filled(families: Sequence[Kin], pairs: int, measure: Measure) -> list[list[Kin]]:
    """In order, in lots that are closed once they hold so many pairs."""
    lots: list[list[Kin]] = []
    held = pairs
    for kin in families:
        if held >= pairs:
            lots.append([])
            held = 0
        lots[-1].append(kin)
        held += measure.pairs_of(kin)
    return lots


def _step(kins: Sequence[Kin], measure: Measure) -> OptimiserStep:
    longest_first = sorted(kins, key=lambda kin: -measure.tokens_of(kin))
    groups = tuple(group for kin in longest_first for group in kin)
    return OptimiserStep(groups, sum(map(measure.pairs, groups)))
