"""What a user says: the frames, with their times if asked for, and the question."""

from collections.abc import Iterator
from typing import Any

from pipeline.export.question import ExportQuestion, StoredVisual

IMAGE_MARK = "<image>"
"""Where an image stands in a text, for most trainers."""
Part = dict[str, Any]
"""`{"type": "image"}`, or `{"type": "text", "text": ...}`."""


def user_content(question: ExportQuestion, text: str | None = None, *, times: bool) -> list[Part]:
    """The parts of a message: an image for each frame, after its time if `times`, and the text, by default the
    question.
    """
    return [*_frames(question, times=times), _said(text if text is not None else question.first.question)]


def marked_images(visual: StoredVisual, text: str, *, times: bool) -> str:
    """The same as one text, with the mark `<image>` for each frame."""
    labels = (time_label(seconds) if times else "" for seconds in visual.seconds)
    return "".join(f"{label}{IMAGE_MARK}" for label in labels) + text


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
