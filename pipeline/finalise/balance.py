"""How much more often than expected the true answers of the set have a feature, such as the word "left".

If two of four answers of a group say "left", the true one is expected to say it half the time. The number of groups
whose true answer has the feature, minus the expected number, is the feature's imbalance. It is counted, not fitted;
its standard deviation takes videos as independent, and the groups of one video as dependent.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from schemas.group import CandidateGroup, GroupOutline, theme_of
from schemas.pair import normalise_text


def contributions(group: CandidateGroup | GroupOutline, words: bool = True) -> dict[str, float]:
    """For each feature: 1 if the true answer has it, else 0, minus the share of all answers with it; in (-1, 1)."""
    answers = [set(group.balance), *(set(others) for others in group.balance_others)]
    if words:
        texts = [group.chosen.text, *(answer.text for answer in group.rejected)]
        # the same whichever of the answers is true
        themes = "/".join(sorted({theme_of(group, answer) for answer in group.answers}))
        from_texts = _text_features(texts, themes)
        answers = [named | read for named, read in zip(answers, from_texts, strict=True)]
    counts = Counter(feature for features in answers for feature in features)
    number = len(answers)
    return {f: (f in answers[0]) - count / number for f, count in sorted(counts.items()) if count < number}


def _text_features(texts: list[str], themes: str) -> list[set[str]]:
    """For each text: its words, alone and with the themes, and whether it is longer or shorter than the mean."""
    mean_length = sum(map(len, texts)) / len(texts)
    found = []
    for text in texts:
        words = set(normalise_text(text).split())
        features = {f"word={word}" for word in words} | {f"{themes}:word={word}" for word in words}
        if len(text) != mean_length:
            features.add("length=longer" if len(text) > mean_length else "length=shorter")
        found.append(features)
    return found


class Tally:
    """The imbalance of every feature over the groups added so far, and how large chance would make it."""

    def __init__(self) -> None:
        self._lean: dict[str, float] = {}
        self._by_cluster: dict[tuple[str, str], float] = {}
        self._squares: dict[str, float] = {}

    def add(self, cluster: str, lean: Mapping[str, float], sign: int = 1) -> None:
        """Count a group of the video `cluster`; `sign` -1 takes it out again."""
        for feature, value in lean.items():
            key = (feature, cluster)
            before = self._by_cluster.get(key, 0.0)
            after = before + sign * value
            self._by_cluster[key] = after
            self._lean[feature] = self._lean.get(feature, 0.0) + sign * value
            self._squares[feature] = self._squares.get(feature, 0.0) + after * after - before * before

    def lean(self, feature: str) -> float:
        """Groups in which the feature is right, minus the expected number."""
        return self._lean.get(feature, 0.0)

    def sigma(self, feature: str) -> float:
        """The standard deviation of `lean` if each video leaned either way by chance."""
        return math.sqrt(max(0.0, self._squares.get(feature, 0.0)))

    def excess(self, feature: str, sigmas: float, slack: float) -> float:
        """The number of groups by which the imbalance exceeds the larger of `sigmas` standard deviations and `slack`; 0
        if it does not.
        """
        return _excess(self.lean(feature), self._squares.get(feature, 0.0), sigmas, slack)

    def features(self) -> Iterable[str]:
        """All features seen, in order of name."""
        return sorted(self._lean)

    def change(self, cluster: str, lean: Mapping[str, float], sigmas: float, slack: float, sign: int = 1) -> float:
        """The change of the total excess if a group were added (or, for `sign` -1, taken out); negative is better."""
        change = 0.0
        for feature, value in lean.items():
            own, squares = self._by_cluster.get((feature, cluster), 0.0), self._squares.get(feature, 0.0)
            after = own + sign * value
            moved = self.lean(feature) + sign * value
            change += _excess(moved, squares + after * after - own * own, sigmas, slack)
            change -= _excess(self.lean(feature), squares, sigmas, slack)
        return change


def _excess(lean: float, squares: float, sigmas: float, slack: float) -> float:
    return max(0.0, abs(lean) - max(sigmas * math.sqrt(max(0.0, squares)), slack))
