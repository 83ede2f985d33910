"""The blind readers: each learns to find the chosen answer of a pair and is tested on other videos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.blind_readers.features import Features, answer_features, group_features, question_features
from pipeline.blind_readers.groups import BlindGroup, Indices, Pairing

FOLDS = 5


class Reader(StrEnum):
    """What a blind reader reads."""

    ANSWER = "answer"
    """The answer alone."""
    QUESTION = "question"
    """The question with the answer."""
    GROUP = "group"
    """All answers to the question."""
    SEAMS = "seams"
    """The seams of planted edits, and the edit that each answer claims."""


TEXT_FEATURES: dict[Reader, Features] = {
    Reader.ANSWER: answer_features,
    Reader.QUESTION: question_features,
    Reader.GROUP: group_features,
}
"""What each of the readers of text sees."""
_INNER_FOLDS = 3
_FIT = {"fit_intercept": False, "max_iter": 2000, "tol": 1e-3, "random_state": 0}
_STRICTNESS: tuple[float | None, ...] = (0.5, 1.2, None)
"""Regularisation, from the strictest to the loosest. With a number s, only features that lean by more than about
2 / s x sqrt(pairs) pairs get a weight, which finds a single plain habit; with None, all features do."""


@dataclass(frozen=True)
class PairOutcomes:
    """For each pair, whether chosen scores above rejected."""

    halves: NDArray[np.float64]
    """1 if it does, 0 if not, 1/2 for a tie."""
    drawn: NDArray[np.float64]
    """The same with ties broken by a random number for each candidate: 1 or 0."""


class BlindReader:
    """The features that one reader sees of the groups; it can be taught with any choice of true answers."""

    def __init__(self, features_CF: sparse.csr_matrix, groups: Sequence[BlindGroup]) -> None:
        self._features_CF: sparse.csr_matrix = features_CF[:, np.flatnonzero(features_CF.getnnz(axis=0))]
        names = sorted({group.video_id for group in groups})
        number = {name: i for i, name in enumerate(names)}
        self.video_of_group: Indices = np.array([number[group.video_id] for group in groups], dtype=np.int64)

    def wins(self, pairing: Pairing, rng: np.random.Generator) -> "PairOutcomes":
        """Score every pair by a model that learned from other videos; `rng` breaks ties.

        Raises ValueError if there are fewer than two videos.
        """
        differences_PF = (self._features_CF[pairing.chosen] - self._features_CF[pairing.rejected]).tocsr()
        video_P = self.video_of_group[pairing.group]
        if (videos := len(np.unique(video_P))) < 2:
            raise ValueError(f"a blind reader learns from other videos: at least 2 are needed, got {videos}")
        scores_P = np.zeros(len(video_P))
        for train, test in _folds(FOLDS, video_P):
            strictness = _best_strictness(differences_PF[train], video_P[train])
            scores_P[test] = differences_PF[test] @ _learn(differences_PF[train], strictness)
        lot_C = rng.random(self._features_CF.shape[0])
        lot_P = np.sign(lot_C[pairing.chosen] - lot_C[pairing.rejected])
        return PairOutcomes(_halves(scores_P), _halves(np.where(_tied(scores_P), lot_P, scores_P)))


def _best_strictness(differences_PF: sparse.csr_matrix, video_P: Indices) -> float | None:
    """The strictest regularisation that is about as good as the best one on videos not learned from.

    In a set without leaks the features that lean one way in some videos lean the other way in others, so strict
    models are better; a single plain habit is found best by a model that uses nothing else.
    """
    if len(np.unique(video_P)) < 2:
        return _STRICTNESS[0]
    rights = []
    for strictness in _STRICTNESS:
        scores_P = np.zeros(len(video_P))
        for train, test in _folds(_INNER_FOLDS, video_P):
            scores_P[test] = differences_PF[test] @ _learn(differences_PF[train], strictness)
        rights.append(_halves(scores_P).mean())
    worth = 1 / np.sqrt(len(video_P))  # about two standard errors: smaller differences are chance
    return next(s for s, right in zip(_STRICTNESS, rights, strict=True) if right + worth >= max(rights))


def _learn(differences_PF: sparse.csr_matrix, strictness: float | None) -> NDArray[np.float64]:
    """Weights F with which chosen minus rejected scores high.

    Without intercept a pair and its mirror image are the same constraint, so every second pair is mirrored to give
    the model two classes.
    """
    pairs, features = differences_PF.shape
    if features == 0 or pairs < 2:
        return np.zeros(features)  # all answers look alike to this reader, or a single pair teaches nothing
    signs = np.where(np.arange(differences_PF.shape[0]) % 2 == 0, 1.0, -1.0)
    if strictness is None:
        model = LogisticRegression(C=1.0, **_FIT)
    else:
        model = LogisticRegression(C=strictness / np.sqrt(len(signs)), l1_ratio=1.0, solver="liblinear", **_FIT)
    model.fit(sparse.diags(signs) @ differences_PF, signs)
    weights: NDArray[np.float64] = model.coef_[0]
    return weights


def _folds(count: int, video_P: Indices) -> Iterator[tuple[Indices, Indices]]:
    """Splits into (train, test) pairs; no video is in both."""
    splitter = GroupKFold(n_splits=min(count, len(np.unique(video_P))))
    yield from splitter.split(video_P, groups=video_P)


def _tied(scores_P: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.abs(scores_P) < 1e-9


def _halves(scores_P: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(_tied(scores_P), 0.5, (scores_P > 0).astype(np.float64))
