"""Optimiser steps, loaded and encoded: while one is trained on, threads make the next ones ready."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from torch.utils.data import Dataset

from schemas.errors import DamagedClipError, TrainingError
from trainer.data.records import GroupRows, TrainGroup
from trainer.data.step_order import OptimiserStep
from trainer.data.twins import TwinGroups
from trainer.loop.feeders import Feeders
from trainer.loop.group_encoder import GroupEncoder
from trainer.loop.ranks import Rank
from trainer.loop.unusable import UnusableGroup, Unusables
from trainer.scoring.ready_group import ReadyGroup, ReadyStep


@dataclass(frozen=True)
class GroupFeed:
    """Groups made ready ahead of the model; those that cannot be used are left out, or replaced where passes count."""

    encoder: GroupEncoder
    feeders: Feeders
    unusables: Unusables
    stand_in: ReadyGroup
    """A group that can be used. It stands for one that cannot, without counting, where several processes train: each
    must make a backward pass for each of its groups."""

    def ahead(self, units: Iterable[tuple[TwinGroups, bool]]) -> Iterator[tuple[ReadyGroup, bool]]:
        """Each of some units, encoded, with whether it counts; in order."""
        listed = list(units)
        made = self.feeders.ahead(self.encoder.attempt, [unit for unit, _ in listed])
        for found, (_, counts) in zip(made, listed, strict=True):
            yield from self.usable(found, counts=counts)

    def usable(self, found: ReadyGroup | UnusableGroup, *, counts: bool) -> Iterator[tuple[ReadyGroup, bool]]:
        """What is passed on for one unit: one group, or none."""
        if isinstance(found, ReadyGroup):
            yield found, counts
            return
        self.unusables.note(found)
        if self.unusables.rank.count > 1:
            yield self.stand_in, False

    def loaded(self, groups: Iterable[GroupRows]) -> Iterator[TrainGroup]:
        """Groups with the pixels of their own visual alone; those that cannot be read are left out."""
        for found in self.feeders.ahead(self._loaded, groups):
            if isinstance(found, TrainGroup):
                yield found
            else:
                self.unusables.note(found)

    def _loaded(self, rows: GroupRows) -> TrainGroup | UnusableGroup:
        try:
            return self.encoder.loader.load(rows, contrasts=False)
        except DamagedClipError as error:
            return UnusableGroup.of((rows,), error)


def open_feed(
    encoder: GroupEncoder,
    units: Iterable[TwinGroups],
    tokens: Callable[[GroupRows], int],
    feeders: Feeders,
    unusables: Unusables,
) -> tuple[ReadyGroup, GroupFeed]:
    """The largest group that can be used, and the feed. TrainingError if too many larger ones cannot be used."""
    failed: list[UnusableGroup] = []
    for unit in sorted(units, key=lambda unit: -sum(map(tokens, unit))):
        found = encoder.attempt(unit)
        if isinstance(found, ReadyGroup):
            return found, GroupFeed(encoder, feeders, unusables, found.parts()[0])
        failed.append(found)
        if len(failed) > unusables.most:
            break
    raise TrainingError(f"{failed[-1].text}; {unusables.limit}")


class StepFeed(Dataset[ReadyStep]):
    """Item i is what this process does in optimiser step i, counted over all epochs; the steps after it are begun."""

    def __init__(self, steps: Sequence[OptimiserStep], feed: GroupFeed, rank: Rank) -> None:
        self._steps, self._feed, self._rank = steps, feed, rank
        self._begun: dict[int, list[tuple[Future[ReadyGroup | UnusableGroup], bool]]] = {}

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, index: int) -> ReadyStep:
        if not 0 <= index < len(self):
            raise IndexError(index)
        begun = self._begun.pop(index, None) or self._begin(index)
        self._begin_next(index + 1)
        groups = [one for made, counts in begun for one in self._feed.usable(made.result(), counts=counts)]
        return ReadyStep(tuple(groups), self._steps[index].pairs, self._steps[index].stage)

    def _begin(self, index: int) -> list[tuple[Future[ReadyGroup | UnusableGroup], bool]]:
        share = self._rank.share(self._feed.encoder.units(self._steps[index].groups))
        return [(self._feed.feeders.submit(self._feed.encoder.attempt, unit), counts) for unit, counts in share]

    def _begin_next(self, index: int) -> None:
        """Begin the next step, and as many more as give each feeder something to do."""
        under_way = 0
        while index < len(self) and under_way < self._feed.feeders.count:
            if index not in self._begun:
                self._begun[index] = self._begin(index)
            under_way += len(self._begun[index])
            index += 1


def refuse_empty(steps: Sequence[OptimiserStep]) -> None:
    """Raise TrainingError if no row is left to train on."""
    if not steps:
        raise TrainingError(
            "no row of --data is left to train on: the recipe's data.rows selects none, or the evidence of every row "
            "lies between the frames that are shown, or data.max_groups is less than a group and its twin; raise "
            "data.num_frames or data.max_groups"
        )
