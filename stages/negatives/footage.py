"""A clip as it is shown, and where its stored frames, segments and boxes are found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.clip import UnitClip
from schemas.interval import Interval
from schemas.scene import Scene
from schemas.shown import Shown
from stages.claims.edited_scene import edited_interval, edited_seconds
from stages.claims.scene_view import SceneView
from stages.drawing.rectangles import Rect
from stages.visuals.source import edited_rect, stored_rect


@dataclass(frozen=True)
class Footage:
    """An edited clip. Visual negatives name stored frames, segments and tracks; this finds them after the edit."""

    view: SceneView
    """The scene after the edit."""
    clip: UnitClip
    """The clip as it is stored, before the edit."""
    shown: Shown
    """What is shown of it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """From the id of a stored track to its id in `view`, for the tracks whose ids differ (in a true scene)."""

    @property
    def scene(self) -> Scene:
        """The scene after the edit."""
        return self.view.scene

    def seconds(self, frame_index: int) -> float:
        """When the edited clip shows a stored frame, in container seconds."""
        return edited_seconds(self.scene, self.shown, self.clip.frames[frame_index].pts_seconds)

    def segment(self, segment_id: str | None) -> Interval | None:
        """When the edited clip shows a stored segment; None if the clip has no segment of that id."""
        for segment in self.clip.segments:
            if segment.segment_id == segment_id:
                stored = Interval(start_seconds=segment.start_seconds, end_seconds=segment.end_seconds)
                return edited_interval(self.scene, self.shown, stored)
        return None

    def rect(self, track_id: str, frame_index: int) -> Rect | None:
        """Where the edited frame shows a stored track; None if it does not."""
        return edited_rect(stored_rect(self.clip.scene, track_id, frame_index), self.clip, self.shown)

    def name(self, track_id: str) -> str:
        """The id in `view` of a stored track."""
        return self.names.get(track_id, track_id)
