"""Requests to language models, and what a failure of theirs becomes."""

from typing import Any

import pytest

from schemas.clip import Frame
from schemas.drop import DropReason
from stages.models.chat import (
    AskingStage,
    ChatFrames,
    EndpointFailed,
    ExpectedCalls,
    ModelRole,
    NoReply,
    ReplyRefused,
    ReplyTruncated,
    ReplyUnparsable,
    RequestRejected,
)
from stages.stage import read_here

RED, BLUE = Frame(pts_seconds=0.5, jpeg=b"red"), Frame(pts_seconds=1.5, jpeg=b"blue")


def test_a_hash_tells_frames_order_and_times_apart() -> None:
    """Two requests share their frames' hash only if they show the same pictures, in one order, under the same times."""
    shown = [ChatFrames((RED, BLUE)), ChatFrames((BLUE, RED)), ChatFrames((RED, BLUE), (0.0, 1.0)), ChatFrames((RED,))]
    assert len({frames.sha256 for frames in shown}) == 4
    assert ChatFrames((RED, BLUE)).sha256 == ChatFrames((RED, BLUE), (0.5, 1.5)).sha256


def test_each_frame_has_one_time() -> None:
    """Times of another number than the frames are an error."""
    with pytest.raises(ValueError, match="1 times for 2 frames"):
        ChatFrames((RED, BLUE), (0.0,))


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (ReplyRefused, DropReason.REPLY_REFUSED),
        (ReplyTruncated, DropReason.REPLY_TRUNCATED),
        (ReplyUnparsable, DropReason.REPLY_UNPARSABLE),
        (RequestRejected, DropReason.REQUEST_REJECTED),
        (EndpointFailed, DropReason.ENDPOINT_FAILED),
    ],
)
def test_a_failure_says_why_the_item_is_dropped(failure: type[NoReply], reason: DropReason) -> None:
    """The cause of a drop holds reason and role, and nothing that the server said."""
    failed = failure(ModelRole.BLIND_JUDGE, "raw text")
    assert (failed.cause.reason, failed.cause.detail, failed.raw) == (reason, "by the blind judge", "raw text")


class _Asks(AskingStage[object, None, Any]):
    def roles(self) -> tuple[ModelRole, ...]:
        return (ModelRole.WRITER,)

    def expected_calls(self, *_: object) -> tuple[ExpectedCalls, ...]:
        return ()

    def open_asking(self, *_: object) -> None:
        return None

    async def process(self, *_: object) -> list[Any]:
        return []


def test_a_stage_that_asks_does_not_open_without_a_model() -> None:
    """`open` alone is an error, so that no engine forgets the model."""
    with pytest.raises(TypeError, match="_Asks is opened with open_asking"):
        _Asks().open(read_here)
