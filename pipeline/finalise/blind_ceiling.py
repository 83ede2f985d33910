"""What language models wrote gives itself away by its words: the most guessable questions are dropped.

Readers of the texts alone learn on some videos and are tested on others. They are ridge regressions: `audit` refits
logistic ones, so that what was dropped is not judged by the readers that dropped it.
"""

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold

from pipeline.blind_readers.groups import BlindGroup, pairing_of
from pipeline.blind_readers.readers import FOLDS, TEXT_FEATURES, Reader
from pipeline.finalise.kept import Refusal
from schemas.drop import DropCause, DropReason
from schemas.group import BY_MODELS, CandidateGroup

Scores = NDArray[np.float64]
LEAST_PAIRS = 40
"""With fewer pairs nothing can be said of how guessable they are, and nothing is dropped."""
_LEAST_VIDEOS = 5
_SPARE = 0.02
"""Readers of another family are right somewhat more often on what these leave: they keep this far below the ceiling."""
_DAMPING = 10.0
_SHARE_AT_ONCE = 0.34  # of what must go: dropping changes what the readers learn


def under_ceiling(
    groups: Mapping[str, tuple[CandidateGroup, ...]], ceiling: float | None
) -> tuple[dict[str, tuple[CandidateGroup, ...]], list[Refusal]]:
    """The groups without the most guessable ones of language models, and why these are left out: TOO_GUESSABLE.

    Groups with twins are not read: of their texts each is right once and wrong once.

    Args:
        groups: the chosen groups of each video, by content hash.
        ceiling: how often each reader may be right; None: as often as it likes.
    """
    refused: dict[str, Refusal] = {}
    left = _readable(groups)
    aim = None if ceiling is None else ceiling - _SPARE
    while aim is not None and (worst := _worst(left, aim)) is not None:
        reader, right, scores_P = worst
        gone = _most_guessable(left, scores_P, right, aim)
        for content, group in gone:
            cause = DropCause(DropReason.TOO_GUESSABLE, f"reader of the {reader.value}", round(right, 6), aim)
            refused[group.slot_id] = Refusal(group.slot_id, content, cause)
        left = [one for one in left if one[1].slot_id not in refused]
    kept = {content: tuple(group for group in own if group.slot_id not in refused) for content, own in groups.items()}
    return {content: own for content, own in kept.items() if own}, list(refused.values())


Owned = tuple[str, CandidateGroup]
"""A group with the content hash of its video."""


def _readable(groups: Mapping[str, tuple[CandidateGroup, ...]]) -> list[Owned]:
    everything = [(content, group) for content, own in sorted(groups.items()) for group in own]
    twins = {group.twin_of for _, group in everything} | {group.group_id for _, group in everything if group.twin_of}
    return [
        (content, group) for content, group in everything if group.form == BY_MODELS and group.group_id not in twins
    ]


def _worst(owned: Sequence[Owned], ceiling: float) -> tuple[Reader, float, Scores] | None:
    """The reader that is right most often, how often, and by how much it prefers the right answer of each pair; None if
    no reader exceeds the ceiling, or there is too little to learn from.
    """
    videos = np.unique([content for content, _ in owned], return_inverse=True)[1]
    if len(np.unique(videos)) < _LEAST_VIDEOS or sum(len(group.rejected) for _, group in owned) < LEAST_PAIRS:
        return None
    blind = [_blind(content, group) for content, group in owned]
    pairing = pairing_of(blind, np.zeros(len(blind), dtype=np.int64))
    found = []
    for reader, features in TEXT_FEATURES.items():
        features_CF = features(blind)
        differences_PF = (features_CF[pairing.chosen] - features_CF[pairing.rejected]).tocsr()
        scores_P = _out_of_fold(differences_PF, videos[pairing.group])
        right = float(np.mean(np.where(np.abs(scores_P) < 1e-9, 0.5, scores_P > 0)))
        found.append((reader, right, scores_P))
    worst = max(found, key=lambda one: one[1])
    return worst if worst[1] > ceiling else None


def _blind(content: str, group: CandidateGroup) -> BlindGroup:
    return BlindGroup(
        group_id=group.group_id,
        video_id=content,
        shown=(group.clip_id, group.shown),
        axis=group.axis,
        question=group.question,
        texts=(group.chosen.text, *(answer.text for answer in group.rejected)),
        kinds=tuple(answer.rejected_kind for answer in group.rejected if answer.rejected_kind is not None),
    )


def _out_of_fold(differences_PF: sparse.csr_matrix, video_P: NDArray[np.int64]) -> Scores:
    """By how much a model that learned from other videos prefers the right answer of each pair."""
    scores_P = np.zeros(len(video_P))
    if differences_PF.shape[1] == 0:
        return scores_P
    folds = min(FOLDS, len(np.unique(video_P)))
    for train, test in GroupKFold(n_splits=folds).split(video_P, groups=video_P):
        # every second pair is turned round, so that there are two values to tell apart
        signs = np.where(np.arange(len(train)) % 2 == 0, 1.0, -1.0)
        model = Ridge(alpha=_DAMPING, fit_intercept=False, solver="lsqr", tol=1e-6)
        model.fit(sparse.diags(signs) @ differences_PF[train], signs)
        scores_P[test] = differences_PF[test] @ model.coef_
    return scores_P


def _most_guessable(owned: Sequence[Owned], scores_P: Scores, right: float, ceiling: float) -> list[Owned]:
    """A part of the groups that must go: those whose right answers the reader prefers most clearly."""
    counts = [len(group.rejected) for _, group in owned]
    means = [float(part.mean()) for part in np.split(scores_P, np.cumsum(counts)[:-1])]
    # of n pairs with a share r guessed, d guessed ones must go so that (r n - d) / (n - d) is the ceiling
    pairs = (right - ceiling) / (1 - ceiling) * sum(counts)
    wanted = max(1, ceil(_SHARE_AT_ONCE * pairs))
    gone: list[Owned] = []
    for place in sorted(range(len(owned)), key=lambda place: (-means[place], owned[place][1].group_id)):
        if wanted <= 0:
            break
        gone.append(owned[place])
        wanted -= counts[place]
    return gone
