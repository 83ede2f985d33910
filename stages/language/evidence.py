"""Where the answer to a model's question can be seen: the stretches that it states, fitted to the clip."""

from collections.abc import Sequence

from schemas.clip import UnitClip
from schemas.interval import Interval
from stages.language.replies import Stated

LEAST_SECONDS = 1.0
"""A stretch is at least this long, so that it has frames."""
MOST_STRETCHES = 4
"""More stretches than this are one: the question is about all of the clip."""


def stretches(stated: Sequence[Stated], clip: UnitClip) -> tuple[Interval, ...]:
    """The stated stretches inside the clip, in order of time, joined where they meet; the whole clip if there is none.

    Models count from the clip's start; the stretches are on the container's clock.
    """
    begin, length = clip.start_seconds, clip.end_seconds - clip.start_seconds
    spans = sorted(
        (begin + max(0.0, min(one.start, one.end)), begin + min(length, max(one.start, one.end)))
        for one in stated
        if max(one.start, one.end) >= 0 and min(one.start, one.end) <= length
    )
    joined: list[tuple[float, float]] = []
    for start, end in (_widened(span, clip) for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    if not joined or len(joined) > MOST_STRETCHES:
        joined = [(clip.start_seconds, clip.end_seconds)]
    return tuple(Interval(start_seconds=start, end_seconds=end) for start, end in joined)


def _widened(span: tuple[float, float], clip: UnitClip) -> tuple[float, float]:
    short = max(0.0, LEAST_SECONDS - (span[1] - span[0]))
    start = max(clip.start_seconds, min(span[0] - short / 2, clip.end_seconds - LEAST_SECONDS))
    return start, min(clip.end_seconds, max(span[1], start + LEAST_SECONDS))


def reach_seconds(intervals: Sequence[Interval], clip: UnitClip) -> float:
    """Seconds between the first and the last sampled frame of the stretches."""
    times = [clip.frames[place].pts_seconds for place in clip.frame_indices_in(intervals)]
    return max(times) - min(times)
