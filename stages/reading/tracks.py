"""Certain lines of writing become tracks, and the search says which candidate belongs to which."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.box import Box, PathPoint, size_class
from schemas.clip import Frame
from schemas.interval import Interval
from schemas.scene import WRITING, Scene, Track
from schemas.search import Candidate, Reading, Search, SearchedFrame
from stages.claims.lines import SOURCE, WrittenLine, certain_lines
from stages.claims.spelling import as_written, letters
from stages.claims.writing import MAYBE_SCORE, SURE_SCORE, word_phrase

_CORNERS = ("x0", "y0", "x1", "y1")


def with_readings(scene: Scene, moments: Sequence[float], readings: Sequence[Reading]) -> Scene:
    """The scene with what was read at those moments, and no tracks of writing yet."""
    return scene.model_copy(
        update={
            "searched": (*scene.searched, _search(moments, readings, {})),
            "readings": tuple(readings),
        }
    )


def with_writing(scene: Scene, frames: Sequence[Frame]) -> Scene:
    """The scene, whose readings are complete, with a track for each certain line."""
    lines = certain_lines(scene)
    names = {id(reading): f"read{number}" for number, line in enumerate(lines) for reading in line.readings}
    tracks = (_track(f"read{number}", line, scene.readings, frames) for number, line in enumerate(lines))
    searches = (
        _search([f.pts_seconds for f in search.frames], scene.readings, names) if search.source == SOURCE else search
        for search in scene.searched
    )
    return scene.model_copy(update={"tracks": (*scene.tracks, *tracks), "searched": tuple(searches)})


def _search(moments: Sequence[float], readings: Sequence[Reading], names: Mapping[int, str]) -> Search:
    """The search for writing; `names` are the tracks of readings, by the reading's identity."""
    return Search(
        noun=WRITING,
        source=SOURCE,
        sure=SURE_SCORE,
        maybe=MAYBE_SCORE,
        frames=tuple(
            SearchedFrame(
                pts_seconds=moment,
                candidates=tuple(
                    Candidate(score=r.score, track_id=names.get(id(r)), **_corners(r))
                    for r in readings
                    if r.pts_seconds == moment and r.scale == 1
                ),
            )
            for moment in moments
        ),
    )


def _track(track_id: str, line: WrittenLine, readings: Sequence[Reading], frames: Sequence[Frame]) -> Track:
    moments = {frame.pts_seconds: index for index, frame in enumerate(frames)}
    path = tuple(PathPoint(pts_seconds=reading.pts_seconds, **_corners(reading)) for reading in line.readings)
    first, last = path[0].pts_seconds, path[-1].pts_seconds
    return Track(
        track_id=track_id,
        label=WRITING,
        phrase=word_phrase(as_written(line.letters, _texts(line))) if _is_one_word(line, readings) else None,
        source=SOURCE,
        text=line.text,
        score=line.score,
        colour=None,
        size=size_class(path),
        moves=line.moves,
        first_seconds=first,
        last_seconds=last,
        visible=(Interval(start_seconds=first, end_seconds=last),),
        enters_from=None,
        leaves_to=None,
        boxes=tuple(Box(frame_index=moments[r.pts_seconds], **_corners(r)) for r in line.readings),
        path=path,
    )


def _texts(line: WrittenLine) -> Iterator[str]:
    return (reading.text for reading in (*line.readings, *line.enlarged))


def _is_one_word(line: WrittenLine, readings: Sequence[Reading]) -> bool:
    """Whether a text can name the line by its word: it has no other, and nowhere else is the same read."""
    own = {id(reading) for reading in (*line.readings, *line.enlarged)}
    return line.words == {line.letters} and not any(
        line.letters in letters(reading.text) for reading in readings if id(reading) not in own
    )


def _corners(box: Reading) -> dict[str, float]:
    return {corner: getattr(box, corner) for corner in _CORNERS}
