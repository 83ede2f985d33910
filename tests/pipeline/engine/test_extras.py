"""Without the packages of the extra `train` a command ends with one line."""

from importlib.util import find_spec

import pytest

from pipeline.engine import extras
from schemas.errors import UserError


def test_missing_packages_are_named_with_the_command_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without peft and accelerate the line names these two and no other."""
    gone = {"peft", "accelerate"}
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name in gone else find_spec(name))
    assert set(extras.missing_for_train()) >= gone
    with pytest.raises(UserError, match=r"needs .*peft, accelerate; try: pip install -e '\.\[train\]'"):
        extras.require_train()
