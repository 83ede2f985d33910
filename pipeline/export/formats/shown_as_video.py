"""What formats have in common whose consumer reads marks in a text, and videos as Qwen's own code does."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from pipeline.export.format import ExportFormat, FormatOptions
from pipeline.export.left_out import LeftOutError, LeftOutReason
from pipeline.export.prompt import marked_images
from pipeline.export.question import ExportQuestion, Medium, StoredVisual
from pipeline.export.token_bound import text_tokens, visual_tokens
from pipeline.export.two_a_second import LISTED_A_SECOND, seconds_of_file, seconds_of_list
from schemas.errors import UserError
from schemas.pair import Pair

_VIDEO = "<video>"
"""Where a video stands in a text."""
_MARK = re.compile(r"<(?:image|video|audio)>|</?img>|<\|", re.IGNORECASE)


class ShownAsVideo(ExportFormat):
    """The frames are one video, a list or a file; with `times` each is an image after its time."""

    media: ClassVar[tuple[Medium, ...]] = (Medium.FRAMES, Medium.VIDEO)
    options: ClassVar[frozenset[str]] = frozenset({"times"})

    def __init__(self, out: Path, medium: Medium, chosen: FormatOptions) -> None:
        """UserError if times are to be written into a video file."""
        if chosen.times and medium is Medium.VIDEO:
            raise UserError("--times writes the time before each frame, and --media video has no frames; give one")
        super().__init__(out, medium, chosen)

    def believed_seconds(self, seconds: Sequence[float]) -> Sequence[float]:
        """Two frames a second of a list; a file's own times, evenly spaced."""
        return seconds_of_list(len(seconds)) if self.medium is Medium.FRAMES else seconds_of_file(seconds)

    def times_said(self) -> str:
        """What the consumer believes."""
        if self.chosen.times:
            return f"{self.consumer} shows the frames as images without times; the prompt says the time of each"
        if self.medium is Medium.VIDEO:
            return f"{self.consumer} takes the frames of a video file for evenly spaced, and the first for the moment 0"
        return (
            f"{self.consumer} takes the frames of a list for {LISTED_A_SECOND:g} a second, whenever they are shown; "
            "--times writes their times down"
        )

    def marked(self, visual: StoredVisual, text: str) -> str:
        """What the user says: marks for the visual, and the text."""
        if not self.chosen.times:
            return _VIDEO + text
        return marked_images(visual, text, times=True)

    @property
    def column(self) -> str:
        """The column that holds what the marks stand for."""
        return "images" if self.chosen.times else "videos"

    def files(self, visual: StoredVisual) -> list[str] | list[list[str]]:
        """What stands in that column: the frames, or one video, which is a list of frames or a file."""
        if visual.video is not None:
            return [visual.video]
        return list(visual.frames) if self.chosen.times else [list(visual.frames)]

    def tokens(self, question: ExportQuestion, *texts: str) -> int:
        """The most tokens of a sequence that shows the question's visual and holds these texts."""
        return self.tokens_of(question.visual, *texts)

    def tokens_of(self, visual: StoredVisual, *texts: str) -> int:
        """The most tokens of a sequence that shows a visual and holds these texts."""
        read_as = Medium.FRAMES if self.chosen.times else Medium.VIDEO
        return visual_tokens(visual, read_as) + text_tokens(*texts)


def refuse_marks(pairs: Iterable[Pair]) -> None:
    """Raise LeftOutError if a text holds what these consumers take for an image or a video, or for an end."""
    for pair in pairs:
        for text in (pair.question, pair.chosen, pair.rejected):
            if found := _MARK.search(text):
                raise LeftOutError(LeftOutReason.MARK, found[0])
