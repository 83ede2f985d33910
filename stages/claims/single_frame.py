"""What one frame of a clip shows by itself: it must not prove or refute a cross_frame claim."""

from collections.abc import Collection

from schemas.box import PathPoint
from schemas.interval import Interval
from schemas.scene import MEASURE_SECONDS, Measure, Scene, Track
from schemas.search import Search, SearchedFrame

_INSTANT_SECONDS = 1e-3  # length of the interval that stands for one frame
_SAME_FRAME_SECONDS = 0.25  # a search that looked at a frame this near has seen the same


def restrict(scene: Scene, pts_seconds: float) -> Scene:
    """The scene that the frame at that container time shows by itself.

    What a reader might know already stays, which makes the test stricter: which things are alone of their colour, and
    which of them move. What needs time is removed: events, links, cuts, motion, absence from the clip.
    """
    instant = Interval(start_seconds=pts_seconds, end_seconds=pts_seconds + _INSTANT_SECONDS)
    tracks = (_track_at(track, pts_seconds, instant) for track in scene.tracks)
    shown = tuple(track for track in tracks if track is not None)
    return Scene(
        start_seconds=scene.start_seconds,
        end_seconds=scene.end_seconds,
        tracked=(instant,) if any(stretch.contains(pts_seconds) for stretch in scene.tracked) else (),
        tracks=shown,
        links=(),
        cuts=(),
        fades=(),
        places=(),
        strongest_non_cut=1.0,  # a single frame does not show whether there is a cut
        hues=tuple(hue.model_copy(update={"largest_share": 1.0}) for hue in scene.hues),
        events=(),
        measures=tuple(
            Measure(
                pts_seconds=pts_seconds,
                luma=measure.luma,
                motion_left=0.0,
                motion_centre=0.0,
                motion_right=0.0,
                shift_x=None,
                shift_y=None,
                scale=None,
            )
            for measure in scene.measures
            if measure.pts_seconds <= pts_seconds < measure.pts_seconds + MEASURE_SECONDS
        ),
        searched=tuple(_search_at(search, pts_seconds, shown) for search in scene.searched),
        readings=tuple(r for r in scene.readings if abs(r.pts_seconds - pts_seconds) < _INSTANT_SECONDS),
    )


def _search_at(search: Search, pts_seconds: float, tracks: Collection[Track]) -> Search:
    """The search with the one frame that shows that moment; with none if it looked at none that is near."""
    nearest = min(search.frames, key=lambda frame: abs(frame.pts_seconds - pts_seconds), default=None)
    if nearest is None or abs(nearest.pts_seconds - pts_seconds) > _SAME_FRAME_SECONDS:
        return search.model_copy(update={"frames": ()})
    ids = {track.track_id for track in tracks}
    candidates = tuple(c if c.track_id in ids else c.model_copy(update={"track_id": None}) for c in nearest.candidates)
    return search.model_copy(update={"frames": (SearchedFrame(pts_seconds=pts_seconds, candidates=candidates),)})


def _track_at(track: Track, pts_seconds: float, instant: Interval) -> Track | None:
    if not track.path or not any(stretch.contains(pts_seconds) for stretch in track.visible):
        return None
    nearest = min(track.path, key=lambda point: abs(point.pts_seconds - pts_seconds))
    shown = PathPoint(pts_seconds=pts_seconds, x0=nearest.x0, y0=nearest.y0, x1=nearest.x1, y1=nearest.y1)
    return track.model_copy(
        update={
            "first_seconds": pts_seconds,
            "last_seconds": pts_seconds,
            "visible": (instant,),
            "enters_from": None,
            "leaves_to": None,
            "boxes": (),
            "path": (shown,),
        }
    )
