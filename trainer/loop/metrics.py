"""How training changes pairs, by level and axis: accuracy, margin, drift, KL, length. Plain numbers, no torch.

A pair at a level is two scores, of which the first must be higher: chosen and rejected answer (`answers`, `tokens`), or
the chosen answer on the preferred and on the corrupted visual (`instance`, `temporal`, `perceptive`). Twins have
levels of their own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from math import isclose
from statistics import fmean

from schemas.claim import Axis

ALL = "all"
"""In names: over all axes."""


class TwinLevel(StrEnum):
    """The levels of a pair of twins (v, v'), of which a is true of v and b of v'."""

    TEXT = "twin_text"
    """a over b on v, b over a on v'."""
    VISUAL = "twin_visual"
    """v over v' for a, v' over v for b."""
    ALL = "twin_all"
    """The weakest of the four: it is won if all are. Chance is below one half."""


@dataclass(frozen=True)
class PairSeen:
    """One pair at one level, scored by the policy at one moment."""

    level: str
    """Value of `losses.Term` or of `TwinLevel`."""
    axis: Axis
    """The axis on which the rejected answer was made wrong, else the question's."""
    margin: float
    """beta times what the loss took the sigmoid of; above 0 the pair is won."""
    chosen_drift: float
    """Delta of the winner: log pi_theta - log pi_ref, summed over its tokens, nats."""
    rejected_drift: float
    """Delta of the loser, nats."""
    chosen_tokens: int
    """Tokens of the winner, EOS included."""
    rejected_tokens: int
    """Tokens of the loser."""
    kl: float | None = None
    """Mean KL(pi_ref || pi_theta) per token of the winner, nats; null without hidden states."""


@dataclass(frozen=True)
class Summary:
    """The pairs of one level and one axis."""

    level: str
    axis: Axis | None
    """Null for all axes."""
    pairs: int
    accuracy: float
    """Share of pairs that are won; a margin of exactly 0, as before the first step, counts one half."""
    margin: float
    """Mean."""
    chosen_drift: float
    """Mean, nats."""
    rejected_drift: float
    """Mean, nats."""
    chosen_tokens: float
    """Mean."""
    rejected_tokens: float
    """Mean."""
    length_correlation: float | None = None
    """Pearson's r of margin and (chosen - rejected) tokens; null if either is the same in all pairs."""
    kl: float | None = None
    """Mean over the pairs that have it; null if none has."""

    @property
    def chosen_drift_per_token(self) -> float:
        """Nats per token."""
        return self.chosen_drift / self.chosen_tokens

    def named(self) -> dict[str, float]:
        """Its numbers by name, `level/axis/quantity`, for logs of names and numbers; nulls are left out."""
        numbers = {name: getattr(self, name) for name in _QUANTITIES}
        place = f"{self.level}/{self.axis or ALL}"
        return {f"{place}/{name}": float(value) for name, value in numbers.items() if value is not None}


_QUANTITIES = tuple(one.name for one in fields(Summary) if one.name not in {"level", "axis"})
_OPTIONAL = {one.name for one in fields(Summary) if one.default is None}


def summarise(seen: Iterable[PairSeen]) -> tuple[Summary, ...]:
    """One summary per level over all axes, then one per level and axis, in order of name."""
    by_place: dict[tuple[str, Axis | None], list[PairSeen]] = {}
    for pair in seen:
        for axis in (None, pair.axis):
            by_place.setdefault((pair.level, axis), []).append(pair)
    ordered = sorted(by_place, key=lambda place: (place[1] is not None, place[0], place[1] or ""))
    return tuple(_summary(level, axis, by_place[level, axis]) for level, axis in ordered)


def unnamed(numbers: Mapping[str, object]) -> list[Summary]:
    """The summaries behind names that `Summary.named` gave; those that lack a required number are skipped."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for name, value in numbers.items():
        level, _, rest = name.partition("/")
        axis, _, quantity = rest.partition("/")
        if quantity in _QUANTITIES and isinstance(value, int | float):
            found.setdefault((level, axis), {})[quantity] = float(value)
    return [
        Summary(
            level=level,
            axis=None if axis == ALL else Axis(axis),
            pairs=int(values["pairs"]),
            **{name: values[name] for name in _QUANTITIES[1:] if name in values},
        )
        for (level, axis), values in found.items()
        if values.keys() >= set(_QUANTITIES) - _OPTIONAL
    ]


def _summary(level: str, axis: Axis | None, pairs: Sequence[PairSeen]) -> Summary:
    def mean(number: Callable[[PairSeen], float]) -> float:
        return fmean(map(number, pairs))

    kls = [pair.kl for pair in pairs if pair.kl is not None]
    return Summary(
        level=level,
        axis=axis,
        pairs=len(pairs),
        accuracy=mean(lambda pair: 0.5 if pair.margin == 0 else float(pair.margin > 0)),
        margin=mean(lambda pair: pair.margin),
        chosen_drift=mean(lambda pair: pair.chosen_drift),
        rejected_drift=mean(lambda pair: pair.rejected_drift),
        chosen_tokens=mean(lambda pair: pair.chosen_tokens),
        rejected_tokens=mean(lambda pair: pair.rejected_tokens),
        length_correlation=_correlation(
            [pair.margin for pair in pairs], [pair.chosen_tokens - pair.rejected_tokens for pair in pairs]
        ),
        kl=fmean(kls) if kls else None,
    )


def _correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's r, or None if one of the two does not vary."""
    offsets = [[value - fmean(values) for value in values] for values in (first, second)]
    squares = [sum(offset * offset for offset in own) for own in offsets]
    if any(isclose(square, 0.0, abs_tol=1e-12) for square in squares):
        return None
    products = sum(a * b for a, b in zip(*offsets, strict=True))
    return float(products / (squares[0] * squares[1]) ** 0.5)
