"""What left the pipeline, and why."""

from schemas.drop import Drop, DropCause, DropReason, ItemType


def test_a_cause_becomes_the_drop_of_any_item() -> None:
    """Reason, phrase and numbers come from the cause; the item, its video and the stage from the call."""
    cause = DropCause(DropReason.TOO_FEW_FRAMES, "frames in the interval", measured=7, limit=8)
    assert cause.drop("c-0/event", ItemType.GROUP, "cut", video_id="c", uri="a.mp4") == Drop(
        item_id="c-0/event",
        item_type=ItemType.GROUP,
        video_id="c",
        uri="a.mp4",
        stage="cut",
        reason=DropReason.TOO_FEW_FRAMES,
        measured=7,
        limit=8,
        detail="frames in the interval",
    )


def test_a_video_is_dropped_by_the_start_of_its_content_hash() -> None:
    """A stage knows neither the user's id nor the uri: the first 16 hex digits are the id until the set is written."""
    drop = DropCause(DropReason.EMPTY_FILE).video_drop("0123456789abcdef" * 4, "decode")
    assert (drop.item_id, drop.video_id, drop.item_type) == ("0123456789abcdef", "0123456789abcdef", ItemType.VIDEO)
    assert (drop.uri, drop.stage, drop.reason) == (None, "decode", DropReason.EMPTY_FILE)
