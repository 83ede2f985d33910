"""dataset.json: its account adds up, and it is of this program's schema version."""

import pytest
from pydantic import ValidationError

from schemas.dataset import Account, AccountLine, DatasetManifest, ReasonCount
from schemas.drop import DropReason, ItemType
from schemas.errors import DatasetError
from schemas.version import SCHEMA_VERSION


def line(produced: int) -> AccountLine:
    """Two videos are in the set, three were dropped."""
    reasons = ((DropReason.DUPLICATE, 1), (DropReason.EMPTY_FILE, 2))
    dropped = tuple(ReasonCount(reason=reason, count=count) for reason, count in reasons)
    return AccountLine(item_type=ItemType.VIDEO, produced=produced, kept=2, dropped=dropped)


def test_an_account_adds_up() -> None:
    """5 = 2 kept + 3 dropped is an account, and 6 is none."""
    account = Account(lines=(line(5),))
    assert account.line(ItemType.VIDEO) == line(5)
    assert account.line(ItemType.PAIR) is None
    with pytest.raises(ValidationError, match="does not add up"):
        Account(lines=(line(6),))


def test_a_set_of_another_schema_version_is_refused() -> None:
    """The error says which version it has and which this program reads."""
    fields = {"recipe_name": "facts", "recipe": {}, "fingerprint": "f", "seed": 0, "shards": ()}
    fields["account"] = Account(lines=())
    assert DatasetManifest.model_validate({**fields, "schema_version": SCHEMA_VERSION}).shards == ()
    with pytest.raises(DatasetError, match=f"version {SCHEMA_VERSION - 1}, this program reads {SCHEMA_VERSION}"):
        DatasetManifest.model_validate({**fields, "schema_version": SCHEMA_VERSION - 1})
