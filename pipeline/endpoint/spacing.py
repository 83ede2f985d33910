"""Spaces amounts evenly: so many a minute, and never more in any minute."""


class Spacing:
    """A limit of calls or tokens a minute. Times are seconds of any clock that only goes forward."""

    def __init__(self, per_minute: float | None) -> None:
        """`per_minute`: None for no limit."""
        self._seconds_each = 60 / per_minute if per_minute else 0.0
        self._free_at = float("-inf")

    def wait_seconds(self, now: float) -> float:
        """How long the next amount must wait."""
        return max(0.0, self._free_at - now)

    def take(self, amount: float, now: float) -> None:
        """Take an amount now: the next one waits until it has passed."""
        self._free_at = max(self._free_at, now) + amount * self._seconds_each

    def give_back(self, amount: float) -> None:
        """What was taken and not used."""
        self._free_at -= amount * self._seconds_each
