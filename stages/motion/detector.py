"""A decoded clip becomes its Scene, from pixels alone; faces by a small network, if its weights are installed.

What the detector does not know is left out of the Scene, so that no claim can be proven from it.
"""

from collections.abc import Sequence
from typing import TypeVar

from schemas.box import Box
from schemas.record import Record
from schemas.scene import Cut, Event, EventKind, Fade, PlaceDistance, Scene, Track
from stages.motion.analysis_frames import AnalysisFrames, analysis_frames_of
from stages.motion.camera.camera import Camera, CameraConfig, follow_camera
from stages.motion.faces.detect import FaceConfig
from stages.motion.faces.tracks import faces_of_clip
from stages.motion.objects.links import link_tracks
from stages.motion.objects.still_objects import with_still_objects
from stages.motion.objects.tracks import ShotTracks, TrackingConfig, sampled_boxes, track_shot
from stages.motion.picture.breaks import BreakConfig, find_breaks
from stages.motion.picture.hues import find_hues
from stages.motion.picture.measures import MeasureConfig, measure
from stages.motion.picture.places import PlaceConfig, place_distances
from stages.motion.shots.shots import ShotConfig, Shots, find_shots
from stages.payloads import DecodedClip

_DIGITS = 5  # that numbers of a Scene are rounded to

R = TypeVar("R", bound=Record)


class MotionDetector(Record):
    """The default detector: shots, camera, moving things, faces, colours, and what each second shows."""

    shots: ShotConfig = ShotConfig()
    """When a new shot begins."""
    places: PlaceConfig = PlaceConfig()
    """How the places of shots are compared."""
    camera: CameraConfig = CameraConfig()
    """When the camera's motion is known."""
    measures: MeasureConfig = MeasureConfig()
    """When a pixel moves."""
    breaks: BreakConfig = BreakConfig()
    """When so much changes at once that it is not movement."""
    tracking: TrackingConfig = TrackingConfig()
    """How things are tracked while the camera stands still."""
    faces: FaceConfig = FaceConfig()
    """How faces are looked for."""

    def detect(self, clip: DecodedClip, /) -> Scene:
        """Find everything that can be asserted about the clip. ValueError if it has no readable analysis frames."""
        analysis = analysis_frames_of(clip)
        sampled = [frame.pts_seconds for frame in clip.frames]
        shots = find_shots(analysis, self.shots)
        camera = follow_camera(analysis, shots.pieces, self.camera, shots.faded)
        tracked = self._track(analysis, shots, camera)
        things = [track for piece in tracked for track in piece.tracks]
        certain = _certain_of_shot(sampled, analysis, shots)
        things = [track.model_copy(update={"boxes": _boxes(track, sampled, certain)}) for track in things]
        faces = faces_of_clip(analysis, shots.pieces, camera, clip.frames, self.faces)
        places = place_distances(analysis, shots.spans, self.places)
        scene = Scene(
            start_seconds=analysis.start_seconds,
            end_seconds=analysis.end_seconds,
            tracked=tuple(stretch for piece in tracked for stretch in piece.tracked),
            tracks=(*things, *faces.tracks),
            searched=faces.searched,
            links=link_tracks(tracked, self.tracking.identity),
            cuts=_cuts(analysis, shots, places),
            fades=_fades(analysis, shots),
            places=places,
            strongest_non_cut=shots.strongest_non_cut,
            hues=find_hues(analysis, things),
            events=_numbered([*(event for piece in tracked for event in piece.events), *_cut_events(analysis, shots)]),
            measures=measure(analysis, shots.pieces, camera, self.measures),
            breaks=find_breaks(analysis, shots, camera, self.measures, self.breaks),
        )
        return _rounded(scene)

    def _track(self, analysis: AnalysisFrames, shots: Shots, camera: Camera) -> list[ShotTracks]:
        """The tracks of each piece without a cut in which the camera stands still, or nothing but things changes."""
        tracked = [
            track_shot(
                analysis.frames_NHWC[first:end],
                analysis.pts_seconds[first:end],
                analysis.over_seconds(end - 1),
                self.tracking,
                prefix=f"s{number}",
                camera_is_known=bool(camera.still[number]),
            )
            for number, (first, end) in enumerate(shots.pieces)
            if camera.still[number] or camera.steady[number]
        ]
        return with_still_objects(tracked, self.tracking)


def _certain_of_shot(sampled: Sequence[float], analysis: AnalysisFrames, shots: Shots) -> set[int]:
    """The indices of the sampled frames that certainly belong to one shot.

    The others are between the last analysis frame before a cut and the first one after it.
    """
    gaps = [(analysis.pts_seconds[first - 1], analysis.pts_seconds[first]) for first in shots.seams if first > 0]
    return {i for i, moment in enumerate(sampled) if not any(before < moment < after for before, after in gaps)}


def _boxes(track: Track, sampled: Sequence[float], certain: set[int]) -> tuple[Box, ...]:
    return tuple(box for box in sampled_boxes(track, sampled) if box.frame_index in certain)


def _cuts(analysis: AnalysisFrames, shots: Shots, places: tuple[PlaceDistance, ...]) -> tuple[Cut, ...]:
    between = {place.shot_a: place for place in places if place.shot_b == place.shot_a + 1}
    return tuple(
        Cut(
            pts_seconds=float(analysis.pts_seconds[cut.frame]),
            score_a=cut.score_a,
            score_b=cut.score_b,
            place_distance=between[number].nearest,
        )
        for number, cut in enumerate(shots.cuts)
    )


def _fades(analysis: AnalysisFrames, shots: Shots) -> tuple[Fade, ...]:
    return tuple(
        Fade(
            pts_seconds=float(analysis.pts_seconds[fade.middle]),
            start_seconds=float(analysis.pts_seconds[fade.first]),
            end_seconds=float(analysis.pts_seconds[fade.end]),
            score_a=fade.score_a,
            score_b=fade.score_b,
        )
        for fade in shots.fades
    )


def _cut_events(analysis: AnalysisFrames, shots: Shots) -> list[Event]:
    return [
        Event(
            event_id="",
            kind=EventKind.CUT,
            track_ids=(),
            pts_seconds=float(analysis.pts_seconds[cut.frame]),
            start_seconds=float(analysis.pts_seconds[cut.frame - 1]),
            end_seconds=float(analysis.pts_seconds[cut.frame]),
            margin=min(cut.score_a, cut.score_b) - 1.0,
        )
        for cut in shots.cuts
    ]


def _numbered(events: list[Event]) -> tuple[Event, ...]:
    """The events in order of time, with their ids."""
    ordered = sorted(events, key=lambda event: (event.pts_seconds, event.kind, event.track_ids))
    return tuple(event.model_copy(update={"event_id": f"e{number}"}) for number, event in enumerate(ordered))


def _rounded(record: R) -> R:
    """The record with every number rounded, except times, which must stay those of the frames."""
    update = {
        name: _rounded_value(getattr(record, name))
        for name in type(record).model_fields
        if not name.endswith("_seconds")
    }
    return record.model_copy(update=update)


def _rounded_value(value: object) -> object:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, tuple):
        return tuple(_rounded_value(item) for item in value)
    return _rounded(value) if isinstance(value, Record) else value
