"""A decoded clip becomes its Scene, from pixels alone: no weights, no network.

Everything that the detector cannot tell is left out of the Scene, so that no claim can be proven from it.
"""

from numpy.random import Generator

from schemas.record import Record
from schemas.scene import Cut, Event, EventKind, PlaceDistance, Scene
from stages.inflight import DecodedClip
from stages.motion.camera import CameraConfig, follow_camera
from stages.motion.faces import FaceConfig
from stages.motion.facetracks import face_tracks
from stages.motion.film import Film, film_of
from stages.motion.hues import find_hues
from stages.motion.measures import MeasureConfig, measure
from stages.motion.places import PlaceConfig, place_distances
from stages.motion.shots import ShotConfig, Shots, find_shots

_DIGITS = 5


class MotionDetector(Record):
    """The embedded default: shots, camera, moving things, faces, colours and what each second shows."""

    shots: ShotConfig = ShotConfig()
    """When a new shot begins."""
    places: PlaceConfig = PlaceConfig()
    """How shots are compared."""
    camera: CameraConfig = CameraConfig()
    """When the camera's motion can be told."""
    measures: MeasureConfig = MeasureConfig()
    """When a pixel moves."""
    faces: FaceConfig = FaceConfig()
    """How faces are looked for."""

    def detect(self, clip: DecodedClip, rng: Generator, /) -> Scene:  # noqa: ARG002 - the Protocol's; nothing is random
        """What can be asserted of the clip; ValueError where its analysis stream is empty or broken."""
        film = film_of(clip)
        shots = find_shots(film, self.shots)
        camera = follow_camera(film, shots.pieces, self.camera)
        sampled = [frame.pts_seconds for frame in clip.frames]
        faces = face_tracks(film, shots.pieces, camera, sampled, self.faces)
        places = place_distances(film, shots.spans, self.places)
        return Scene(
            start_seconds=film.start_seconds,
            end_seconds=film.end_seconds,
            tracked=(),
            tracks=faces,
            links=(),
            cuts=_cuts(film, shots, places),
            places=places,
            strongest_non_cut=round(shots.strongest_non_cut, _DIGITS),
            hues=find_hues(film, ()),
            events=_numbered(_cut_events(film, shots)),
            measures=measure(film, shots.pieces, camera, self.measures),
        )


def _cuts(film: Film, shots: Shots, places: tuple[PlaceDistance, ...]) -> tuple[Cut, ...]:
    between = {place.shot_a: place for place in places if place.shot_b == place.shot_a + 1}
    return tuple(
        Cut(
            pts_seconds=float(film.pts_seconds[cut.frame]),
            score_a=round(cut.score_a, _DIGITS),
            score_b=round(cut.score_b, _DIGITS),
            place_distance=between[number].nearest,
        )
        for number, cut in enumerate(shots.cuts)
    )


def _cut_events(film: Film, shots: Shots) -> list[Event]:
    return [
        Event(
            event_id="",
            kind=EventKind.CUT,
            track_ids=(),
            pts_seconds=float(film.pts_seconds[cut.frame]),
            start_seconds=float(film.pts_seconds[cut.frame - 1]),
            end_seconds=float(film.pts_seconds[cut.frame]),
            margin=round(min(cut.score_a, cut.score_b) - 1.0, _DIGITS),
        )
        for cut in shots.cuts
    ]


def _numbered(events: list[Event]) -> tuple[Event, ...]:
    """The events in order of time, with ids."""
    ordered = sorted(events, key=lambda event: (event.pts_seconds, event.kind, event.track_ids))
    return tuple(event.model_copy(update={"event_id": f"e{number}"}) for number, event in enumerate(ordered))
