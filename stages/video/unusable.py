"""Why a video file cannot be used: the exception that the decode step turns into a drop."""

from schemas.drop import Drop, DropCause, DropReason, ItemType


class UnusableVideo(Exception):  # noqa: N818  it is named after the drop that it becomes
    """The file yields no frames, or too few, or one of its clips cannot be used."""

    def __init__(
        self, reason: DropReason, measured: float | None = None, limit: float | None = None, detail: str | None = None
    ) -> None:
        super().__init__(reason, measured, limit, detail)
        self.reason = reason
        self.measured = measured
        self.limit = limit
        self.detail = detail

    def drop(self, content_sha256: str, stage: str, clip_id: str | None = None) -> Drop:
        """The drop of the video, or of one clip of it."""
        cause = DropCause(self.reason, self.detail, self.measured, self.limit)
        if clip_id is None:
            return cause.video_drop(content_sha256, stage)
        return cause.drop(clip_id, ItemType.CLIP, stage, video_id=content_sha256[:16])
