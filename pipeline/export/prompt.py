"""What a user says: the frames, with their times if asked for, and the question."""

from collections.abc import Iterator
from typing import Any

from pipeline.export.question import ExportQuestion

Part = dict[str, Any]
"""`{"type": "image"}`, or `{"type": "text", "text": ...}`."""


def user_content(question: ExportQuestion, text: str | None = None, *, times: bool) -> list[Part]:
    """The parts of a message: an image for each frame, after its time if `times`, and the text, by default the
    question.
    """
    return [*_frames(question, times=times), _said(text if text is not None else question.first.question)]


def time_label(seconds: float) -> str:
    """The words before a frame that is shown at that time."""
    return f"{seconds:.1f} s:"


def _frames(question: ExportQuestion, *, times: bool) -> Iterator[Part]:
    for seconds in question.visual.seconds:
        if times:
            yield _said(time_label(seconds))
        yield {"type": "image"}


def _said(text: str) -> Part:
    return {"type": "text", "text": text}
