"""What each test may use, the fast part of the suite, and the order in which tests are handed out."""

import os
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from tests import guard
from tests.needs import needs

HEAVY = ("torch", "ray", "process", "video", "slow", "gpu")
"""The fast part has no test with one of these markers."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--fast`, which `make test-fast` gives."""
    parser.addoption("--fast", action="store_true", help=f"leave out the markers {', '.join(HEAVY)}")


def pytest_configure(config: pytest.Config) -> None:
    """Watch what tests start, write and, in the fast part, import; give torch, and what tests start, one thread each.

    Tests run side by side, and threads that wait for one another on a busy core take twice the CPU time. Ray's workers
    would wait for all other tests: Ray gives them the least of the CPU unless it is told otherwise.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("RAY_worker_niceness", "0")
    guard.install(refused_imports=config.getoption("--fast"))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The fast part does not even import a test file that loads torch or Ray."""
    is_test_file = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if config.getoption("--fast") and is_test_file and needs(collection_path) else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what loads torch or Ray."""
    for marker in needs(item.path):
        item.add_marker(marker)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """Leave out what is not fast; put the longest files first, so that none of them runs alone in the end."""
    if config.getoption("--fast"):
        config.hook.pytest_deselected(items=[item for item in items if _markers(item)])
        items[:] = [item for item in items if not _markers(item)]
    yield  # pytest-randomly shuffles here
    seconds = _seconds_of_files(items)
    items.sort(key=lambda item: seconds[item.path], reverse=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test, and the fixtures that it is the first to use, may use what its markers name."""
    with guard.watching(_markers(item)):
        return (yield)


def _markers(item: pytest.Item) -> set[str]:
    return {marker for marker in HEAVY if item.get_closest_marker(marker)}


def _seconds_of_files(items: Sequence[pytest.Item]) -> Counter[Path]:
    """About how long each file takes: the arguments of its marks `slow`, each mark counted once."""
    marks = {id(mark): (item.path, mark) for item in items for mark in item.iter_markers("slow")}
    seconds: Counter[Path] = Counter()
    for path, mark in marks.values():
        seconds[path] += sum(mark.args)
    return seconds
