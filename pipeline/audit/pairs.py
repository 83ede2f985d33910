"""The groups of a set as pairs of texts, and the parts of them that habits are looked for in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.blind_readers.features import words_of
from pipeline.blind_readers.groups import BlindGroup

ALL = "all"
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class PairTexts:
    """Every pair of some groups; the lists have one entry per pair."""

    questions: tuple[str, ...]
    chosen: tuple[str, ...]
    rejected: tuple[str, ...]
    kinds: tuple[str, ...]
    """The kind of each rejected answer; an empty text if that is not known."""
    writers: tuple[str, ...]
    """Who wrote each rejected answer, likewise."""
    video_P: NDArray[np.int64]
    """The number of the video of each pair."""

    @cached_property
    def words(self) -> tuple[tuple[list[str], list[str]], ...]:
        """The words of both answers of each pair, lower case."""
        known: dict[str, list[str]] = {}
        for text in (*self.chosen, *self.rejected):
            if text not in known:
                known[text] = words_of(text)
        return tuple((known[a], known[b]) for a, b in zip(self.chosen, self.rejected, strict=True))

    def parts(self) -> Iterator[tuple[str, Mask]]:
        """All pairs; then those of each kind and of each writer, if there are several."""
        yield ALL, np.ones(len(self.chosen), dtype=np.bool_)
        for names in (self.kinds, self.writers):
            found = sorted(set(names) - {""})
            if len(found) > 1:
                of_pair = np.array(names)
                yield from ((name, of_pair == name) for name in found)

    def measured(self, measure: Callable[[str, str], float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A number of each chosen and of each rejected answer, given with its question."""
        asked = list(zip(self.questions, self.chosen, self.rejected, strict=True))
        chosen = np.array([measure(question, text) for question, text, _ in asked], dtype=np.float64)
        return chosen, np.array([measure(question, text) for question, _, text in asked], dtype=np.float64)


def pair_texts(groups: Sequence[BlindGroup]) -> PairTexts:
    """The pairs of some groups, in their order."""
    number = {name: i for i, name in enumerate(sorted({group.video_id for group in groups}))}
    rows = [
        (group.question, group.texts[0], text, kind.value if kind else "", writer, number[group.video_id])
        for group in groups
        for text, kind, writer in zip(
            group.texts[1:], group.kinds, group.writers or ("",) * len(group.kinds), strict=True
        )
    ]
    questions, chosen, rejected, kinds, writers, videos = zip(*rows, strict=True) if rows else ((),) * 6
    return PairTexts(questions, chosen, rejected, kinds, writers, np.array(videos, dtype=np.int64))
