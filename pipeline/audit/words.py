"""The words by which an answer can be told: those that lean to one side more than chance explains."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.stats import norm

from pipeline.audit.pairs import Mask, PairTexts
from schemas.record import Record

START, END = "^", "$"
_CHANCE = 0.05
"""How likely it may be that even one of all words of a part is listed though none leans."""
_LEAST_VIDEOS = 6
"""A word in fewer videos cannot lean more than chance explains: it is not tried."""
_LEAST_LEAN = 0.2
"""A word that is on one side in less than 60 % of its pairs tells little, however certain that is."""


class TellingWord(Record):
    """A word, or two that follow each other, that stands on one side more often than chance explains."""

    words: str
    """One word or two; ^ stands for the beginning of an answer, $ for its end."""
    chosen: int = Field(ge=0)
    """Pairs of which the chosen answer alone has it."""
    rejected: int = Field(ge=0)
    """Pairs of which the rejected answer alone has it."""
    videos: int = Field(ge=0)
    """Videos in which it leans to either side."""

    @property
    def lean(self) -> int:
        """Pairs by which it stands more often in chosen answers; below 0: in rejected ones."""
        return self.chosen - self.rejected


class WordLeans:
    """For every pair, the words and word pairs that only one of its answers has."""

    def __init__(self, pairs: PairTexts) -> None:
        self._names: list[str] = []
        number: dict[str, int] = {}
        rows: list[tuple[int, int, int]] = []
        for place, (chosen, rejected) in enumerate(pairs.words):
            here, there = _grams(chosen), _grams(rejected)
            for gram, side in [*((g, 1) for g in here - there), *((g, -1) for g in there - here)]:
                rows.append((number.setdefault(gram, len(number)), place, side))
        self._names = list(number)
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        self._gram_E, self._pair_E, self._side_E = columns
        self._video_P = pairs.video_P

    def telling(self, mask: Mask, most: int = 8) -> tuple[TellingWord, ...]:
        """The words of a part that lean to one side, the most frequent ones first.

        The pairs of a video depend on each other, so a lean is measured against how much it varies over videos, and
        corrected for the number of words that are tried: what leans by chance is not listed.
        """
        of_part = mask[self._pair_E]
        gram, side, video = self._gram_E[of_part], self._side_E[of_part], self._video_P[self._pair_E[of_part]]
        if not len(gram):
            return ()
        chosen, rejected = (np.bincount(gram[side == s], minlength=len(self._names)) for s in (1, -1))
        of_video, net = _by_video(gram, side, video)
        spread = np.sqrt(np.bincount(of_video, weights=net**2, minlength=len(self._names)))
        videos = np.bincount(of_video[net != 0], minlength=len(self._names))
        tried = videos >= _LEAST_VIDEOS
        chance = 2 * norm.sf(np.abs(chosen - rejected) / np.maximum(spread, 1.0))
        strong = np.abs(chosen - rejected) >= _LEAST_LEAN * (chosen + rejected)
        found = [
            TellingWord(
                words=self._names[number],
                chosen=int(chosen[number]),
                rejected=int(rejected[number]),
                videos=int(videos[number]),
            )
            for number in np.flatnonzero(tried & strong & (chance * tried.sum() < _CHANCE))
        ]
        return tuple(_strongest(found)[:most])


def _grams(words: Sequence[str]) -> set[str]:
    return {*words, *(f"{a} {b}" for a, b in pairwise((START, *words, END)))}


def _by_video(
    gram_E: NDArray[np.int64], side_E: NDArray[np.int64], video_E: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For every gram in every video: the gram, and by how many pairs it stands more often in chosen answers."""
    width = int(video_E.max()) + 1
    places, where = np.unique(gram_E * width + video_E, return_inverse=True)
    return places // width, np.bincount(where, weights=side_E).astype(np.float64)


def _strongest(found: Sequence[TellingWord]) -> list[TellingWord]:
    """Single words, the most frequent ones first; pairs of words only if no word tells by itself, since most pairs
    that hold such a word, or stand in its place on the other side, tell as well.
    """
    single = [one for one in found if " " not in one.words]
    return sorted(single or found, key=lambda one: (-abs(one.lean), one.words))
