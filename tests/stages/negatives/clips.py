"""Clips with boxes and segments, and the check of their corruptions."""

from schemas.box import Box
from schemas.clip import Segment, UnitClip
from schemas.interval import Interval
from schemas.scene import Scene
from schemas.shown import AS_STORED, Shown
from schemas.visual_negative import VisualKind, VisualNegative
from stages.claims.edited_scene import edited
from stages.claims.proof import ProofConfig
from stages.claims.scene_view import SceneView
from stages.negatives.check import NegativeCheck
from stages.negatives.footage import Footage
from tests.stages.claims.groups import unit_clip


def boxed(scene: Scene, *segments: tuple[float, float]) -> UnitClip:
    """A clip with a frame every half second, boxes on them, and segments named "0", "1", ... without pixels."""
    clip = unit_clip(scene)
    tracks = []
    for track in scene.tracks:
        boxes = []
        for index, frame in enumerate(clip.frames):
            near = [point for point in track.path if abs(point.pts_seconds - frame.pts_seconds) < 0.06]
            if near:
                sides = near[0].model_dump(exclude={"pts_seconds"})
                boxes.append(Box(frame_index=index, **sides))
        tracks.append(track.model_copy(update={"boxes": tuple(boxes)}))
    cut_out = tuple(
        Segment(segment_id=str(number), start_seconds=start, end_seconds=end, frames=())
        for number, (start, end) in enumerate(segments)
    )
    return clip.model_copy(update={"scene": scene.model_copy(update={"tracks": tuple(tracks)}), "segments": cut_out})


def check_of(clip: UnitClip, shown: Shown = AS_STORED) -> NegativeCheck:
    """The check of a clip after an edit, with the default margins."""
    proof = ProofConfig()
    return NegativeCheck(Footage(SceneView(edited(clip.scene, shown)), clip, shown), proof.margins, proof.edge_seconds)


def spec(kind: VisualKind, **fields: object) -> VisualNegative:
    """A visual negative of a kind."""
    return VisualNegative.model_validate({"level": kind.level, "kind": kind, **fields})


def seconds(start: float, end: float) -> Interval:
    """The interval [start, end)."""
    return Interval(start_seconds=start, end_seconds=end)
