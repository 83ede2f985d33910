"""How many calls may be under way at a server: fewer when it is overloaded, slowly more when it is not (AIMD)."""

from statistics import median

_OVERLOADED = 0.5
"""What is left of the limit after a refusal for too much load."""
_SLOWER = 0.8
"""What is left of it when calls take longer than they did."""
_RISE = 2.0
"""By what factor the median latency must rise for that."""
_WINDOW = 32
"""Calls that a median is taken over."""
_WINDOWS = 2
"""Medians in a row that must have risen: one may be this machine's doing, which had no time to look at replies."""
_FORGETTING = 1.02
"""How much longer calls may take with each window before that counts as a rise: replies differ over a run."""


class Limiter:
    """The number of calls that may be under way. Times are seconds of any clock that only goes forward."""

    def __init__(self, most: int) -> None:
        """`most`: where it starts, and what it never passes."""
        self._most = most
        self._limit = float(most)
        self._lowered_at = float("-inf")
        self._usual: dict[str, float] = {}
        self._latencies: dict[str, list[float]] = {}
        self._risen: dict[str, int] = {}

    @property
    def limit(self) -> int:
        """Most calls under way now; at least 1."""
        return max(1, int(self._limit))

    def overloaded(self, sent: float, now: float) -> None:
        """A call sent at `sent` was refused for too much load, or got no answer. One wave of refusals counts once."""
        self._lower(_OVERLOADED, sent, now)

    def answered(self, kind: str, seconds: float, sent: float, now: float) -> None:
        """A call was answered after `seconds`. Latencies are compared among calls of one kind: some are longer."""
        self._limit = min(self._most, self._limit + 1 / self._limit)
        latencies = self._latencies.setdefault(kind, [])
        latencies.append(seconds)
        if len(latencies) < _WINDOW:
            return
        middle = median(latencies)
        latencies.clear()
        usual = self._usual.get(kind, middle)
        self._usual[kind] = min(middle, _FORGETTING * usual)
        self._risen[kind] = self._risen.get(kind, 0) + 1 if middle > _RISE * usual else 0
        if self._risen[kind] >= _WINDOWS:
            self._lower(_SLOWER, sent, now)

    def _lower(self, left: float, sent: float, now: float) -> None:
        if sent >= self._lowered_at:  # what was sent before says nothing about the lower limit
            self._limit = max(1.0, left * self._limit)
            self._lowered_at = now
