"""`--filter`: a condition on pairs, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from schemas.claim import Axis, Predicate, QuestionType
from schemas.errors import UserError
from schemas.pair import Grounds, Pair, RejectedKind
from schemas.shown import EditKind
from schemas.video import Split

ACCEPTED = "accepted"
"""The filter that takes pairs that people call right, and to which nobody objects."""


def _predicates(pair: Pair) -> set[str]:
    return {claim.predicate.value for claim in pair.chosen_claims}


def _one(value: str | None) -> set[str]:
    return set() if value is None else {value}


def _names(kind: type[StrEnum], *more: str) -> frozenset[str]:
    return frozenset({member.value for member in kind} | set(more))


@dataclass(frozen=True)
class _Field:
    of: Callable[[Pair], set[str]]
    allowed: frozenset[str] | None = None
    """None: any."""


_FIELDS: Mapping[str, _Field] = {
    "axis": _Field(lambda pair: {pair.axis.value}, _names(Axis)),
    "type": _Field(lambda pair: {pair.question_type.value}, _names(QuestionType)),
    "kind": _Field(lambda pair: {pair.rejected_kind.value}, _names(RejectedKind)),
    "predicate": _Field(_predicates, _names(Predicate)),
    "shown": _Field(lambda pair: {pair.shown.name}, _names(EditKind, "none", "segment")),
    "split": _Field(lambda pair: {pair.split.value}, _names(Split)),
    "source": _Field(lambda pair: _one(pair.source)),
    "licence": _Field(lambda pair: _one(pair.licence)),
    "writer": _Field(lambda pair: {pair.question_model}),
    "video": _Field(lambda pair: {pair.video_id}),
}


@dataclass(frozen=True)
class PairFilter:
    """One condition: a pair has one of some values in a field, or rests on something, or is accepted by people."""

    text: str
    name: str
    values: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> "PairFilter":
        """`axis=spatial,temporal`, or a word alone: what the labels rest on, or `accepted`. UserError otherwise."""
        name, sign, rest = (part.strip() for part in text.partition("="))
        if not sign:
            if name == ACCEPTED or name in _names(Grounds):
                return cls(text, name, frozenset())
            words = ", ".join((*sorted(_names(Grounds)), ACCEPTED))
            raise UserError(f"--filter {text!r}: give one of {words}, or FIELD=VALUE with {_fields()}")
        if name not in _FIELDS:
            raise UserError(f"--filter {text!r}: there is no field {name!r}; allowed are {_fields()}")
        values = frozenset(value.strip() for value in rest.split(",") if value.strip())
        allowed = _FIELDS[name].allowed
        wrong = sorted(values - allowed) if allowed is not None else []
        if wrong or not values:
            given = f"{wrong[0]!r} is no {name}" if wrong else "it names no value"
            hint = f"; allowed are {', '.join(sorted(allowed))}" if allowed is not None else ""
            raise UserError(f"--filter {text!r}: {given}{hint}")
        return cls(text, name, values)

    def takes(self, pair: Pair, accepted: frozenset[str]) -> bool:
        """Whether a pair fulfils it; `accepted` are the ids of the pairs that people accept."""
        if self.name == ACCEPTED:
            return pair.pair_id in accepted
        if not self.values:
            return pair.grounds.value == self.name
        return bool(_FIELDS[self.name].of(pair) & self.values)


def _fields() -> str:
    return ", ".join(_FIELDS)


def all_take(filters: Sequence[PairFilter], pair: Pair, accepted: frozenset[str]) -> bool:
    """Whether a pair fulfils all conditions."""
    return all(one.takes(pair, accepted) for one in filters)
