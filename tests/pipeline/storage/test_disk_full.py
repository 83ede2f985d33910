"""A full disk is the user's to mend: one line, and the same command continues."""

import errno

import pytest

from pipeline.storage.disk_full import explain_full_disk
from schemas.errors import OutputError


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_no_room_is_an_output_error(number: int) -> None:
    """The line starts with what could not be written and names what to do."""
    with pytest.raises(OutputError) as refused, explain_full_disk("--out ds"):
        raise OSError(number, "no room")
    assert str(refused.value).startswith("--out ds: the ")
    assert "make room, then run the same command again" in str(refused.value)


def test_any_other_error_passes() -> None:
    """A write that is refused for another reason did not meet a full disk."""
    with pytest.raises(PermissionError), explain_full_disk("--out ds"):
        raise PermissionError(errno.EACCES, "no")
