"""Optimiser steps, loaded and encoded: while one is trained on, the next is made ready in a thread."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from torch.utils.data import Dataset

from schemas.errors import TrainingError
from schemas.pair import VisualLevel
from trainer.clips import GroupLoader
from trainer.encoded import EncodedGroup
from trainer.families.family import Family
from trainer.order import OptimiserStep
from trainer.place import Place
from trainer.sample import Frames, GroupRows


@dataclass(frozen=True)
class EncodedContrast:
    """The chosen answer on the two visuals of one level."""

    level: VisualLevel
    kind: str
    preferred: EncodedGroup | None
    """Null where it is the group's own visual."""
    negative: EncodedGroup


@dataclass(frozen=True)
class ReadyGroup:
    """A group as the model sees it."""

    rows: GroupRows
    answers: EncodedGroup
    """The group's own visual with all its answers, the chosen one first."""
    contrasts: tuple[EncodedContrast, ...] = ()
    with_answers: bool = True
    """Whether its own visual is scored: of a part of a group it may not be."""

    @property
    def visuals(self) -> tuple[EncodedGroup, ...]:
        """All that is scored: the answers, then of each contrast its preferred visual, if any, and its negative."""
        pairs = ((contrast.preferred, contrast.negative) for contrast in self.contrasts)
        own = (self.answers,) if self.with_answers else ()
        return (*own, *(encoded for pair in pairs for encoded in pair if encoded is not None))

    @property
    def must_win(self) -> tuple[bool, ...]:
        """Of each of `visuals` whether the chosen answer is true on it."""
        pairs = ((True, False) if contrast.preferred else (False,) for contrast in self.contrasts)
        return (*((True,) if self.with_answers else ()), *(won for pair in pairs for won in pair))

    def parts(self, least: int = 0) -> tuple["ReadyGroup", ...]:
        """What may be trained on one after the other, as the group's loss is the sum of theirs: the answers with what
        is held against their visual, then each contrast of two other visuals; then empty ones, up to `least` parts.
        """
        beside = tuple(contrast for contrast in self.contrasts if contrast.preferred is None)
        apart = ((contrast,) for contrast in self.contrasts if contrast.preferred is not None)
        parts = [replace(self, contrasts=beside), *(replace(self, contrasts=c, with_answers=False) for c in apart)]
        return (*parts, *[replace(self, contrasts=(), with_answers=False)] * (least - len(parts)))


@dataclass(frozen=True)
class ReadyStep:
    """What one process does in one optimiser step."""

    groups: tuple[tuple[ReadyGroup, bool], ...]
    """Each with whether it counts."""
    pairs: int
    """Loss rows of the whole step, over all processes."""


@dataclass(frozen=True)
class GroupEncoder:
    """Rows become what the model sees. DatasetError and EncodingError name the group."""

    load: GroupLoader
    family: Family
    levels: frozenset[VisualLevel] = frozenset()
    """The levels of which visual negatives are wanted."""

    def __call__(self, rows: GroupRows) -> ReadyGroup:
        """The group, read, decoded and encoded."""
        group = self.load(rows, contrasts=bool(self.levels))
        texts = [answer.text for answer in rows.answers]
        answers = self.family.encode(group.preferred, rows.question, texts)

        def chosen_on(frames: Frames) -> EncodedGroup:
            return self.family.encode(frames, rows.question, texts[:1])

        contrasts = (
            EncodedContrast(
                level=contrast.level,
                kind=contrast.kind,
                preferred=None if contrast.preferred is None else chosen_on(contrast.preferred),
                negative=chosen_on(contrast.negative),
            )
            for contrast in group.contrasts
            if contrast.level in self.levels
        )
        ready = ReadyGroup(rows, answers, tuple(contrasts))
        for encoded in ready.visuals:
            _ = encoded.vision_key  # hashed here, where the step that looks into the caches need not wait for it
        return ready


class StepFeed(Dataset[ReadyStep]):
    """Item i is what this process does in optimiser step i, counted over all epochs."""

    def __init__(self, steps: Sequence[OptimiserStep], encode: GroupEncoder, place: Place) -> None:
        self._steps, self._encode, self._place = steps, encode, place
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="feed")
        self._next: tuple[int, Future[ReadyStep]] | None = None

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, index: int) -> ReadyStep:
        if not 0 <= index < len(self):
            raise IndexError(index)
        ready = self._next[1] if self._next is not None and self._next[0] == index else self._submit(index)
        step = ready.result()
        self._next = (index + 1, self._submit(index + 1)) if index + 1 < len(self) else None
        return step

    def _submit(self, index: int) -> Future[ReadyStep]:
        return self._thread.submit(self._ready, self._steps[index])

    def _ready(self, step: OptimiserStep) -> ReadyStep:
        share = self._place.share(step.groups)
        return ReadyStep(tuple((self._encode(rows), counts) for rows, counts in share), step.pairs)


def refuse_empty(steps: Sequence[OptimiserStep]) -> None:
    """TrainingError where no row is left to train on."""
    if not steps:
        raise TrainingError(
            "no row of --data is left to train on: the recipe's data.rows finds none, or every row's evidence lies "
            "between the frames that are shown; raise data.num_frames"
        )
