"""The three blind readers: each learns, out of fold, to tell the chosen answer of a pair from the rejected one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.audit.features import Features, answer_features, group_features, question_features
from pipeline.audit.groups import BlindGroup, Indices, Pairing

FOLDS = 5


class Reader(StrEnum):
    """Who reads."""

    ANSWER = "answer"
    """(a) The answer alone."""
    QUESTION = "question"
    """(b) The question with the answer."""
    GROUP = "group"
    """(c) All answers of the question."""


@dataclass(frozen=True)
class _Make:
    features: Features
    penalty_inverse: float
    """C of the logistic regression."""


_MAKES = {
    Reader.ANSWER: _Make(answer_features, 1.0),
    Reader.QUESTION: _Make(question_features, 1.0),
    Reader.GROUP: _Make(group_features, 0.1),
}


class Reading:
    """What one reader sees of the groups, ready to be taught with any labels."""

    def __init__(self, reader: Reader, groups: Sequence[BlindGroup]) -> None:
        self._make = _MAKES[reader]
        features_CF = self._make.features(groups)
        self._features_CF: sparse.csr_matrix = features_CF[:, np.flatnonzero(features_CF.getnnz(axis=0))]
        names = sorted({group.video_id for group in groups})
        number = {name: i for i, name in enumerate(names)}
        self.video_of_group: Indices = np.array([number[group.video_id] for group in groups], dtype=np.int64)

    def wins(self, pairing: Pairing) -> NDArray[np.float64]:
        """Of each pair: 1 where chosen scores above rejected, 1/2 for a tie, 0 else; scored by a model that saw no
        pair of the same video. ValueError with fewer than two videos.
        """
        differences_PF = self._features_CF[pairing.chosen] - self._features_CF[pairing.rejected]
        video_P = self.video_of_group[pairing.group]
        videos = len(np.unique(video_P))
        if videos < 2:
            raise ValueError(f"a reader learns from other videos: 2 or more are needed, got {videos}")
        scores_P = np.zeros(len(video_P))
        for train, test in GroupKFold(n_splits=min(FOLDS, videos)).split(video_P, groups=video_P):
            scores_P[test] = differences_PF[test] @ self._learn(differences_PF[train])
        return np.where(np.abs(scores_P) < 1e-9, 0.5, (scores_P > 0).astype(np.float64))

    def _learn(self, differences_PF: sparse.csr_matrix) -> NDArray[np.float64]:
        """Weights F under which chosen minus rejected scores high. Without intercept a pair and its mirror image
        are one constraint, so every second pair is mirrored to give the model two classes.
        """
        signs = np.where(np.arange(differences_PF.shape[0]) % 2 == 0, 1.0, -1.0)
        model = LogisticRegression(C=self._make.penalty_inverse, fit_intercept=False, max_iter=2000, tol=1e-3)
        model.fit(sparse.diags(signs) @ differences_PF, signs)
        weights: NDArray[np.float64] = model.coef_[0]
        return weights
