"""The benchmark of feeding, rehearsed on few small visuals."""

from tests.benchmarks.feed import measure


def test_each_number_of_threads_is_a_row_with_what_was_measured() -> None:
    """Two visuals of two frames: a row for each number of threads, and time was spent on each."""
    rows = measure([1, 2], visuals=2, frames=2)
    assert [row["feeders"] for row in rows] == [1, 2]
    assert all(row["visuals_per_second"] > 0 and row["cpu_seconds"] > 0 for row in rows)
