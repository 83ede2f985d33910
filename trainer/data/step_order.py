"""The order of training: groups become optimiser steps by the seed alone, so that a run can resume at any step."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from numpy.random import Generator, SeedSequence, default_rng

from trainer.data.records import GroupRows
from trainer.data.twins import TwinGroups, grouped_with_twins

T = TypeVar("T")
_STEPS_SORTED = 32
"""The groups of this many steps are sorted by length at a time: enough for even steps, few enough to stay random."""


@dataclass(frozen=True)
class OptimiserStep:
    """The groups of one optimiser step, longest first."""

    groups: tuple[GroupRows, ...]
    pairs: int
    """Loss rows of all groups, over all processes."""
    stage: int | None = None
    """The lot that it is of, from 1 for the easiest; null if all groups are mixed."""


def groups_of(steps: Iterable[OptimiserStep]) -> list[GroupRows]:
    """Each group of some steps once, in order of its first step."""
    return list({group.group_id: group for step in steps for group in step.groups}.values())


@dataclass(frozen=True)
class GroupSizes:
    """How large groups are: steps are filled and sorted by these."""

    pairs: Callable[[TwinGroups], int]
    """Loss rows of a group and its twins."""
    tokens: Callable[[GroupRows], int]
    """About how many tokens a group has."""

    def tokens_of(self, twins: TwinGroups) -> int:
        """Tokens of the longest of a group and its twins."""
        return max(map(self.tokens, twins))


def steps_of_epoch(
    groups: Sequence[GroupRows],
    pairs_per_step: int,
    seed: int,
    epoch: int,
    sizes: GroupSizes,
    window_of: Mapping[str, int] | None = None,
) -> list[OptimiserStep]:
    """Every group once, in steps of about `pairs_per_step` pairs.

    Twins are side by side in one step, and groups of similar length share a step; the seed decides which, and the order
    of steps. A step is closed once it holds `pairs_per_step` pairs, so it may hold a few more.

    Args:
        groups: to train on.
        pairs_per_step: loss rows of a step.
        seed: of the order.
        epoch: from 0.
        sizes: how large groups are.
        window_of: the window of each clip: one window after the other is trained on, except that a step at the end of
            one may take from the next. By default all clips are one window.
    """

    def number_of(twins: TwinGroups) -> int:
        return 0 if window_of is None else window_of[twins[0].clip_id]

    rng = default_rng(SeedSequence([seed, epoch]))
    shuffled = _shuffled(grouped_with_twins(groups), rng)
    shuffled.sort(key=number_of)
    lots = _filled(shuffled, pairs_per_step * _STEPS_SORTED, sizes)
    alike = [t for lot in lots for t in sorted(lot, key=lambda twins: (number_of(twins), sizes.tokens_of(twins)))]
    steps = _shuffled([_step(lot, sizes) for lot in _filled(alike, pairs_per_step, sizes)], rng)
    return sorted(steps, key=lambda step: min(number_of((group,)) for group in step.groups))


def _shuffled(items: list[T], rng: Generator) -> list[T]:
    return [items[int(i)] for i in rng.permutation(len(items))]


def _filled(twin_groups: Sequence[TwinGroups], pairs: int, sizes: GroupSizes) -> list[list[TwinGroups]]:
    """In order, in lots that are closed once they hold `pairs` pairs."""
    lots: list[list[TwinGroups]] = []
    held = pairs
    for twins in twin_groups:
        if held >= pairs:
            lots.append([])
            held = 0
        lots[-1].append(twins)
        held += sizes.pairs(twins)
    return lots


def _step(twin_groups: Sequence[TwinGroups], sizes: GroupSizes) -> OptimiserStep:
    longest_first = sorted(twin_groups, key=lambda twins: -sizes.tokens_of(twins))
    groups = tuple(group for twins in longest_first for group in twins)
    return OptimiserStep(groups, sum(map(sizes.pairs, twin_groups)))
