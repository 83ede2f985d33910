"""How far proof, judge, blind judge and people agree on the pairs of a set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from pydantic import Field
from scipy.stats import binomtest

from pipeline.dataset.finished_set import FinishedSet
from schemas.human_verdict import HumanVerdict, Judgement, texts_hash
from schemas.record import Record

PROOF, JUDGE, PEOPLE = "proof", "judge", "people"
_JUDGED = frozenset(("faithful", "genuine", "distinct"))
_COLUMNS = ("pair_id", "question", "chosen", "rejected", "verdicts")


class TwoOpinions(Record):
    """Two who both said something of some pairs."""

    first: str
    """`proof` (an answer is proven by the scene), `judge` (a language model that saw the frames), or `people`."""
    second: str
    pairs: int = Field(ge=1)
    """Pairs of which both said something; with people each verdict counts."""
    same: int = Field(ge=0)
    """How often both say that the labels are right, or both that they are not; doubtful is not right."""
    share: float = Field(ge=0, le=1)
    """`same` of `pairs`."""
    low: float
    """Lower end of the 95 % interval of `share` (Wilson)."""
    high: float
    """Upper end of that interval."""


class BlindJudged(Record):
    """What a language model that saw the texts alone said."""

    pairs: int = Field(ge=1)
    """Pairs that it was asked about, in both orders."""
    told: int = Field(ge=0)
    """Pairs of which it named the chosen answer in both orders, and was sure."""
    share: float = Field(ge=0, le=1)
    """`told` of `pairs`."""


class Opinions(Record):
    """What all who were asked say of a set."""

    agreements: tuple[TwoOpinions, ...]
    """Each two who said something of the same pairs. In a finished set proof and judge nearly always agree, since
    what either refutes is dropped: the drops count that."""
    blind: BlindJudged | None = None
    """Null if no blind judge was asked."""


def opinions(opened: FinishedSet, verdicts: Iterable[HumanVerdict]) -> Opinions:
    """Compare what is said of the pairs of a set. DatasetError if it is damaged."""
    human: dict[str, list[HumanVerdict]] = {}
    for verdict in verdicts:
        if verdict.judgement is not None:
            human.setdefault(verdict.pair_id, []).append(verdict)
    found: dict[tuple[str, str], list[bool]] = {}
    told: list[bool] = []
    for part in opened.tables("pairs", _COLUMNS):
        for row in part.to_pylist():
            told += [not verdict["passed"] for verdict in row["verdicts"] if verdict["check"] == "blind"]
            for first, second in combinations(_said(row, human), 2):
                if first[0] != second[0]:
                    found.setdefault((first[0], second[0]), []).append(first[1] == second[1])
    return Opinions(
        agreements=tuple(_agreement(*who, same) for who, same in sorted(found.items())),
        blind=BlindJudged(pairs=len(told), told=sum(told), share=round(sum(told) / len(told), 4)) if told else None,
    )


def _said(row: Mapping[str, Any], human: Mapping[str, Sequence[HumanVerdict]]) -> Iterator[tuple[str, bool]]:
    """Who says of a pair that its labels are right, and who that they are not."""
    for who, checks in ((PROOF, {"proof"}), (JUDGE, _JUDGED)):
        if results := [verdict["passed"] for verdict in row["verdicts"] if verdict["check"] in checks]:
            yield who, all(results)
    of_pair = human.get(row["pair_id"], ())
    texts = texts_hash(row["question"], row["chosen"], row["rejected"]) if of_pair else ""
    for verdict in of_pair:
        if verdict.texts_sha256 == texts:
            yield PEOPLE, verdict.judgement is Judgement.RIGHT


def _agreement(first: str, second: str, same: Sequence[bool]) -> TwoOpinions:
    interval = binomtest(sum(same), len(same)).proportion_ci(method="wilson")
    return TwoOpinions(
        first=first,
        second=second,
        pairs=len(same),
        same=sum(same),
        share=round(sum(same) / len(same), 4),
        low=round(float(interval.low), 4),
        high=round(float(interval.high), 4),
    )
