"""Feeding threads work ahead, in order, each on one core."""

import threading
from collections.abc import Iterator

import pytest
import torch

from trainer.loop.feeders import Feeders, default_feeders


@pytest.mark.parametrize("count", [1, 3])
def test_results_come_in_order_whichever_is_ready_first(count: int) -> None:
    """The first item is made last: it waits until another thread has made the second, if there is another thread."""
    second = threading.Event()

    def made(item: int) -> int:
        if item == 1:
            second.set()
        if item == 0 and count > 1:
            assert second.wait(60)
        return item * item

    assert list(Feeders(count).ahead(made, range(10))) == [n * n for n in range(10)]


def test_no_more_is_made_ahead_than_there_is_room_for() -> None:
    """With 2 threads three items are asked for before the first result is taken, and one more for each that is."""
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(10):
            taken.append(item)
            yield item

    ahead = Feeders(2).ahead(str, items())
    assert next(ahead) == "0"
    assert taken == [0, 1, 2, 3]
    ahead.close()  # type: ignore[attr-defined]  # it is a generator


def test_an_error_comes_when_its_item_is_due() -> None:
    """Not before the results of earlier items."""

    def made(item: int) -> int:
        return 6 // item

    ahead = Feeders(2).ahead(made, [3, 2, 0, 1])
    assert [next(ahead), next(ahead)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(ahead)


def test_each_of_several_threads_computes_on_one_core() -> None:
    """The thread of the model, and one feeder alone, keep all that torch has."""
    whole = torch.get_num_threads()
    assert set(Feeders(2).ahead(lambda _: torch.get_num_threads(), range(4))) == {1}
    assert set(Feeders(1).ahead(lambda _: torch.get_num_threads(), range(4))) == {whole}
    assert torch.get_num_threads() == whole


def test_by_default_the_model_has_the_cores_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a CPU one feeder; beside GPUs 16 cores are 7 each for two processes, 8 at most for one, and 1 at least."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(16)))
    assert [default_feeders("cpu", 1), default_feeders("cuda:0", 1)] == [1, 8]
    assert [default_feeders("cuda:1", 2), default_feeders("cuda:0", 16)] == [7, 1]
