"""Predicates about kinds of things: whether one is in view, and how many."""

from collections import Counter

from schemas.search import Search
from stages.claims.checked import UNKNOWN, Checked, MarginKind, false_by, true_by
from stages.claims.looked_at import frames_of, searches_for
from stages.claims.scene_view import Case

_LEAST_FRAMES = 2  # a thing is there if it is sure in this many frames


def present(case: Case) -> Checked:
    """A thing of that kind is in view at some time of I; false if none may be there at any time of it."""
    searches = searches_for(case.noun, case.view.scene)
    if not searches:
        return UNKNOWN
    sure = [_sureness(search, case) for search in searches]
    if max(sure) > 0:
        return true_by(max(sure), MarginKind.SURENESS)
    for search in searches:
        frames = frames_of(search, case.interval)
        if frames is None or any(frame.candidates for frame in frames):
            return UNKNOWN
    return false_by(min(search.sure - search.maybe for search in searches), MarginKind.SURENESS)


def _sureness(search: Search, case: Case) -> float:
    """By how much the second best score of one track in I is above the upper threshold; 0 if it is not."""
    scores: dict[str, list[float]] = {}
    for frame in search.frames:
        if case.interval.contains(frame.pts_seconds):
            for candidate in frame.candidates:
                if candidate.track_id is not None:
                    scores.setdefault(candidate.track_id, []).append(candidate.score)
    seen = [sorted(of)[-_LEAST_FRAMES] for of in scores.values() if len(of) >= _LEAST_FRAMES]
    return max(0.0, max(seen, default=0.0) - search.sure)


def named_count(case: Case) -> Checked:
    """At every looked-at frame of I exactly n things of that kind are in view; false if another number is."""
    numbers: Counter[int] = Counter()
    margins = []
    searches = searches_for(case.noun, case.view.scene)
    for search in searches:
        frames = frames_of(search, case.interval)
        if frames is None:
            return UNKNOWN
        for frame in frames:
            scores = [candidate.score for candidate in frame.candidates]
            if any(score < search.sure for score in scores):
                return UNKNOWN
            numbers[len(scores)] += 1
            margins.append(min([score - search.sure for score in scores] or [search.sure - search.maybe]))
    if len(numbers) != 1:
        return UNKNOWN
    verdict = true_by if int(case.value) in numbers else false_by
    return verdict(min(margins), MarginKind.SURENESS)
