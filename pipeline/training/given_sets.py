"""The values of --data become finished sets: PATH, or PATH=SHARE for a mix of several."""

from collections.abc import Sequence

from pipeline.dataset.finished_set import FinishedSet
from schemas.errors import DatasetError
from trainer.data.joined_sets import GivenSet


def given_sets(values: Sequence[str]) -> tuple[GivenSet, ...]:
    """Open the sets. DatasetError if one is none or is given twice, or if only some have a share."""
    named = [_parsed(value) for value in values]
    sets = tuple(GivenSet(path, FinishedSet.open(path), share) for path, share in named)
    if len({given.share is None for given in sets}) > 1:
        without = next(given.path for given in sets if given.share is None)
        raise DatasetError(f"--data {without} has no share, others have one: give each set one (PATH=SHARE), or none")
    if len(sets) == 1 and sets[0].share is not None:
        raise DatasetError(f"--data {values[0]}: a share means something beside another --data; give the path alone")
    fingerprints = [given.opened.manifest.fingerprint for given in sets]
    for given in sets:
        if fingerprints.count(given.opened.manifest.fingerprint) > 1:
            raise DatasetError(f"--data {given.path} is given twice; give every set once")
    return sets


def _parsed(value: str) -> tuple[str, float | None]:
    """Path and share. A path may hold "=", as partitioned folders do: only a number after the last one is a share."""
    path, _, number = value.rpartition("=")
    try:
        share = float(number)
    except ValueError:
        return value, None
    if not path:
        return value, None
    if not 0 < share < float("inf"):
        raise DatasetError(f"--data {value}: a share is a number above 0, such as {path}=0.5")
    return path, share
