"""A finished set that the readers' tests share."""

import pytest

from tests.finished import Whole, write_set


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A set of eight clips, never written to."""
    return write_set(tmp_path_factory.mktemp("whole") / "ds", videos=8)
