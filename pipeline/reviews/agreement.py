"""How far people agree with what a set says of its pairs, and with each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from schemas.human_verdict import HumanVerdict, Judgement
from schemas.record import Record

ALL = "all"


class HumanCount(Record):
    """What people say of the pairs of one part of a set; each verdict counts once."""

    part: str
    """`all`, a name of what the labels rest on (proven, judged, annotated), or a reviewer."""
    right: int
    doubtful: int
    wrong: int
    worth: int
    """Verdicts that say it is worth training on."""
    not_worth: int
    share_right: float
    """Share of the judged pairs that are right: how far people agree with that part of the set."""
    low: float
    """Lower end of its 95 % interval (Wilson)."""
    high: float
    """Upper end of that interval."""


class ReviewersAgree(Record):
    """Two reviewers on the pairs that both judged."""

    first: str
    second: str
    pairs: int
    same: int
    """Pairs of which both say the same."""
    kappa: float | None
    """Cohen's kappa: 1 if they always agree, 0 if no more than by chance; null if both say one thing of all pairs."""


class Agreement(Record):
    """What all reviewers say of a set."""

    counts: tuple[HumanCount, ...]
    """All verdicts, then by what labels rest on, then by reviewer; parts without a judgement are left out."""
    between: tuple[ReviewersAgree, ...]
    """Each two reviewers who judged one pair or more in common."""


def agreement(verdicts: Sequence[HumanVerdict], grounds: Mapping[str, str]) -> Agreement:
    """Compare verdicts with what the labels rest on.

    Args:
        verdicts: of pairs that are in the set with the texts that were judged.
        grounds: what the labels of each pair rest on, by pair id.
    """
    parts: dict[str, list[HumanVerdict]] = {ALL: list(verdicts)}
    for key in (lambda one: grounds[one.pair_id], lambda one: one.reviewer):
        for verdict in sorted(verdicts, key=key):
            parts.setdefault(key(verdict), []).append(verdict)
    counts = (human_count(part, said) for part, said in parts.items())
    return Agreement(counts=tuple(c for c in counts if c.right + c.doubtful + c.wrong), between=_between(verdicts))


def human_count(part: str, verdicts: Iterable[HumanVerdict]) -> HumanCount:
    """Count some verdicts."""
    said = list(verdicts)
    judged = Counter(one.judgement for one in said if one.judgement is not None)
    number, right = sum(judged.values()), judged[Judgement.RIGHT]
    interval = binomtest(right, number).proportion_ci(method="wilson") if number else None
    return HumanCount(
        part=part,
        right=right,
        doubtful=judged[Judgement.DOUBTFUL],
        wrong=judged[Judgement.WRONG],
        worth=sum(one.is_worth is True for one in said),
        not_worth=sum(one.is_worth is False for one in said),
        share_right=round(right / number, 4) if number else 0.0,
        low=0.0 if interval is None else round(float(interval.low), 4),
        high=1.0 if interval is None else round(float(interval.high), 4),
    )


def _between(verdicts: Sequence[HumanVerdict]) -> tuple[ReviewersAgree, ...]:
    said: dict[str, dict[str, Judgement]] = {}
    for one in verdicts:
        if one.judgement is not None:
            said.setdefault(one.reviewer, {})[one.pair_id] = one.judgement
    found = []
    for first, second in combinations(sorted(said), 2):
        common = sorted(said[first].keys() & said[second].keys())
        if common:
            a, b = ([said[name][pair_id].value for pair_id in common] for name in (first, second))
            same = sum(x == y for x, y in zip(a, b, strict=True))
            kappa = None if len({*a, *b}) == 1 else round(float(cohen_kappa_score(a, b)), 4)
            found.append(ReviewersAgree(first=first, second=second, pairs=len(common), same=same, kappa=kappa))
    return tuple(found)
