"""A video as the user gives it."""

import pytest
from pydantic import ValidationError

from schemas.video import VideoRef


def test_a_video_has_the_users_id_or_one_of_its_content() -> None:
    """Without an id: the first 16 hex digits of the content hash."""
    assert VideoRef(uri="a.mp4", id="mine").video_id("0123456789abcdef" * 4) == "mine"
    assert VideoRef(uri="a.mp4").video_id("0123456789abcdef" * 4) == "0123456789abcdef"


def test_a_line_of_a_manifest_is_read_strictly() -> None:
    """An empty address, an unknown split and a misspelt field are refused."""
    for wrong in ({"uri": ""}, {"uri": "a.mp4", "split": "dev"}, {"uri": "a.mp4", "license": "CC0"}):
        with pytest.raises(ValidationError):
            VideoRef.model_validate(wrong)
