"""How many calls may be under way."""

from pipeline.endpoint.limiter import Limiter


def test_one_wave_of_refusals_halves_the_limit_once() -> None:
    """Of 64 calls sent before the limit fell, none lowers it again; one that was sent after it does."""
    limiter = Limiter(64)
    for _ in range(64):
        limiter.overloaded(sent=0.0, now=1.0)
    assert limiter.limit == 32
    limiter.overloaded(sent=1.5, now=2.0)
    assert limiter.limit == 16


def test_the_limit_recovers_and_never_passes_what_it_started_with() -> None:
    """Each limit's worth of answers raises it by about one: from 4 to 8 takes 4 + 5 + 6 + 7 = 22 or a few more."""
    limiter = Limiter(8)
    limiter.overloaded(0.0, 1.0)
    assert limiter.limit == 4
    answers = 0
    while limiter.limit < 8:
        limiter.answered("judge", 1.0, sent=answers, now=answers + 1.0)
        answers += 1
    assert 22 <= answers <= 30
    for n in range(100):
        limiter.answered("judge", 1.0, n, n + 1.0)
    assert limiter.limit == 8


def test_the_limit_never_falls_below_one() -> None:
    """However often a server refuses."""
    limiter = Limiter(2)
    for second in range(10):
        limiter.overloaded(second, second + 0.5)
    assert limiter.limit == 1


def answer(limiter: Limiter, kind: str, seconds: float, *, calls: int, start: float) -> None:
    """Calls of one kind, one a second, every 16th of which takes eight times as long."""
    for n in range(calls):
        longer = seconds * (8 if n % 16 == 0 else 1)
        limiter.answered(kind, longer, start + n, start + n + longer)


def test_a_rising_median_latency_lowers_the_limit() -> None:
    """Two windows of 32 calls that take three times as long as usual cost a fifth: of 64, 51. Single slow calls, and
    one window alone, cost nothing.
    """
    limiter = Limiter(64)
    answer(limiter, "judge", 0.5, calls=64, start=0)
    answer(limiter, "judge", 1.5, calls=32, start=64)
    answer(limiter, "judge", 0.5, calls=32, start=96)
    assert limiter.limit == 64
    answer(limiter, "judge", 1.5, calls=64, start=128)
    assert limiter.limit == 51


def test_latencies_are_compared_within_one_kind() -> None:
    """Writers that take ten times as long as judges are no sign of load."""
    limiter = Limiter(64)
    for turn in range(8):
        answer(limiter, "judge", 0.2, calls=25, start=50 * turn)
        answer(limiter, "writer", 2.0, calls=25, start=50 * turn + 25)
    assert limiter.limit == 64
