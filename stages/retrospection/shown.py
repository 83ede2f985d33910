"""The frames that a question shows, as requests send them: the clip, a stretch alone, or the clip after its edits."""

from schemas.clip import Frame, UnitClip
from schemas.shown import Shown
from stages.drawing.jpeg import jpeg_of
from stages.language.asking import timed
from stages.models.chat import ChatFrames
from stages.stage import PixelReader
from stages.visuals.source import VisualSource
from stages.visuals.visual import decoded_jpeg

_QUALITY = 95


class FramesAsShown:
    """What is shown of the clips of one video; edits are made once for all questions about the same."""

    def __init__(self, read: PixelReader) -> None:
        """`read`: how frames are decoded and edited."""
        self._read = read
        self._edited: dict[tuple[str, Shown], ChatFrames] = {}

    def of(self, clip: UnitClip, shown: Shown) -> ChatFrames:
        """The frames, with times from the start of what is shown.

        Raises UnusableVideo if they cannot be decoded, and ValueError if the stored frames do not bear an edit out.
        """
        if shown.edits:
            key = (clip.clip_id, shown)
            if key not in self._edited:
                frames = self._read(edited_frames, clip, shown)
                self._edited[key] = timed(frames, frames[0].pts_seconds)
            return self._edited[key]
        all_of_it = clip.segment(shown.segment_id) or clip
        return timed(all_of_it.frames, all_of_it.start_seconds)


def edited_frames(clip: UnitClip, shown: Shown) -> tuple[Frame, ...]:
    """The frames after the edits, as JPEG. It decodes and paints: call it through a `PixelReader`."""
    source = VisualSource(clip, shown, lambda frames: [decoded_jpeg(frame, clip.clip_id) for frame in frames])
    visual = source.full()
    return tuple(
        Frame(pts_seconds=float(at), jpeg=jpeg_of(frame_HWC, _QUALITY))
        for at, frame_HWC in zip(visual.pts_seconds, visual.frames_NHWC, strict=True)
    )
