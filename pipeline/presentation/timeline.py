"""The timeline of a clip: when each track is in view, what happens, where shots begin, and highlighted times."""

from collections.abc import Iterator, Sequence
from math import ceil

from PIL import ImageDraw

from pipeline.presentation.canvas import FAINT, INK, PAPER, Drawing, Rgb, blank, cropped, text_width, write
from pipeline.presentation.track_colours import track_colour
from pipeline.presentation.words import track_name
from schemas.clip import Clip
from schemas.interval import Interval
from schemas.scene import Event, EventKind, Track

_SHOT: Rgb = (210, 60, 60)
_HIGHLIGHT: Rgb = (255, 236, 170)
_LANE = 24  # height of a track's lane
_AXIS = 44  # height of the time axis and the legend
_BAR = 7  # half of the height of a bar
_SIZE = 12  # of the text
_MOST_TICKS = 12
_LONGEST_NAME = 300  # pixels
_HAPPENING: Rgb = (120, 150, 60)
_STEPS = (0.1, 0.5, 1, 2, 5, 10, 20, 60)  # seconds between two ticks
_MARKS = {EventKind.ENTERS: "▶", EventKind.LEAVES: "◀", EventKind.STARTS: "+", EventKind.STOPS: "×"}


class _Scale:
    """Turns seconds of a clip into pixels from the left."""

    def __init__(self, clip: Clip, left: int, right: int) -> None:
        self.left, self.right = left, right
        self._start, self._end = clip.start_seconds, clip.end_seconds

    def x(self, seconds: float) -> int:
        share = (seconds - self._start) / (self._end - self._start)
        return self.left + round(min(1.0, max(0.0, share)) * (self.right - self.left))

    def ticks(self) -> Iterator[float]:
        """Round times, at most 13 of them in a clip of up to 12 minutes."""
        span = self._end - self._start
        step = next((step for step in _STEPS if span / step <= _MOST_TICKS), _STEPS[-1])
        for number in range(ceil(self._start / step), int(self._end / step) + 1):
            yield round(number * step, 3)


def timeline(clip: Clip, width: int, highlighted: Sequence[Interval] = ()) -> Drawing:
    """Draw one lane per track and per named event above a time axis: a bar while the track is in view or the event
    goes on, and marks for what happens to a track.
    """
    tracks = clip.scene.tracks
    named = [event for event in clip.scene.events if event.phrase is not None]
    floor = _LANE * (len(tracks) + len(named)) + 4
    image = blank(width, floor + _AXIS)
    names = [*(track_name(track) for track in tracks), *(event.phrase or "" for event in named)]
    widest = max((text_width(cropped(name, _LONGEST_NAME, _SIZE), _SIZE) for name in names), default=0)
    scale = _Scale(clip, widest + 16, width - 12)
    draw = ImageDraw.Draw(image)
    for interval in highlighted:
        draw.rectangle((scale.x(interval.start_seconds), 0, scale.x(interval.end_seconds), floor), fill=_HIGHLIGHT)
    for number, track in enumerate(tracks):
        _draw_track(image, clip, track, number * _LANE + _LANE // 2, scale)
    for number, event in enumerate(named, start=len(tracks)):
        _draw_lane(image, event.phrase or "", (event,), _HAPPENING, number * _LANE + _LANE // 2, scale)
    for start in clip.scene.shot_starts:
        for y in range(0, floor, 8):
            draw.line((scale.x(start), y, scale.x(start), min(floor, y + 4)), fill=_SHOT, width=2)
    _draw_axis(image, floor, scale)
    legend = [f"{mark} {kind.value}" for kind, mark in _MARKS.items()]
    legend += ["| new shot"] if clip.scene.shot_starts else []
    legend += ["shaded: look here"] if highlighted else []
    write(image, "     ".join(legend), (scale.left, floor + 40), _SIZE)
    return image


def _draw_lane(
    image: Drawing, name: str, spans: Sequence[Interval | Event], colour: Rgb, middle: int, scale: _Scale
) -> None:
    draw = ImageDraw.Draw(image)
    write(image, cropped(name, _LONGEST_NAME, _SIZE), (0, middle + 4), _SIZE)
    draw.line((scale.left, middle, scale.right, middle), fill=FAINT)
    for span in spans:
        start, end = scale.x(span.start_seconds), scale.x(span.end_seconds)
        draw.rectangle((start, middle - _BAR, max(start + 2, end), middle + _BAR), fill=colour, outline=FAINT)


def _draw_track(image: Drawing, clip: Clip, track: Track, middle: int, scale: _Scale) -> None:
    _draw_lane(image, track_name(track), track.visible, track_colour(track), middle, scale)
    for event in clip.scene.events:
        if track.track_id in event.track_ids and event.kind in _MARKS:
            mark = _MARKS[event.kind]
            place = (scale.x(event.pts_seconds) - text_width(mark, _SIZE) // 2, middle + 4)
            write(image, mark, place, _SIZE, PAPER, outline=INK)


def _draw_axis(image: Drawing, floor: int, scale: _Scale) -> None:
    draw = ImageDraw.Draw(image)
    draw.line((scale.left, floor, scale.right, floor), fill=INK)
    for seconds in scale.ticks():
        x, text = scale.x(seconds), f"{seconds:g} s"
        draw.line((x, floor, x, floor + 5), fill=INK)
        write(image, text, (x - text_width(text, _SIZE) // 2, floor + 19), _SIZE)
