"""The values of --data."""

from pathlib import Path

import pytest

from pipeline.training.given_sets import given_sets
from schemas.errors import DatasetError
from tests.finished import write_set


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A set in a folder that is named as partitions are."""
    return str(write_set(tmp_path_factory.mktemp("sets") / "year=2026" / "part=a").path)


def test_a_path_may_hold_an_equals_sign(path: str) -> None:
    """Only a number behind the last one is a share."""
    [given] = given_sets([path])
    assert (given.path, given.share) == (path, None)


@pytest.mark.parametrize(
    ("shares", "named"),
    [
        (("=0.5",), "a share means something beside another --data"),
        (("=0.5", ""), "has no share, others have one"),
        (("=0", "=1"), "a share is a number above 0"),
        (("=nan", "=1"), "a share is a number above 0"),
        (("=-1", "=1"), "a share is a number above 0"),
        (("=1", "=2"), "is given twice"),
        (("", ""), "is given twice"),
    ],
)
def test_shares_that_mean_nothing_are_refused(path: str, shares: tuple[str, ...], named: str) -> None:
    """One line with the value."""
    with pytest.raises(DatasetError, match=named) as caught:
        given_sets([f"{path}{share}" for share in shares])
    assert str(caught.value).startswith(f"--data {path}")


def test_a_set_that_is_not_there_is_refused(path: str, tmp_path: Path) -> None:
    """As without a share."""
    with pytest.raises(DatasetError, match="is not a finished set"):
        given_sets([f"{path}=1", f"{tmp_path}/none=1"])
