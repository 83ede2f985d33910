"""When a thing appears and disappears: further frames are looked at where its chains begin and end."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import Field

from schemas.corners import overlap
from schemas.record import Record
from stages.linking.doubt import distance
from stages.linking.follow import Chain
from stages.linking.shots import LookedShot
from stages.linking.sighting import NamedSighting

_SAME_MOMENT_SECONDS = 1e-3
_SAME_BOX = 0.5
"""A box with at least this intersection over union with a chain's own in the same frame is that one."""


class EndsConfig(Record):
    """How the ends of chains are refined."""

    further: int = Field(2, ge=0)
    """Frames that are looked at between the last frame without the thing and the first with it."""
    most_frames: int = Field(48, ge=0)
    """Most further frames of a clip; the longest chains come first."""
    most_unexpected: float = Field(1.5, gt=0)
    """A further box at most this far from where the thing is expected shows it, in widths and heights of the box."""
    rival_within: float = Field(0.5, ge=0)
    """If another chain is expected at most this much farther from it, the box is nobody's."""
    reach_seconds: float = Field(0.5, gt=0)
    """A further box shows a thing that was seen at most this long before or after."""
    bridge_seconds: float = Field(0.7, gt=0)
    """A thing that was not seen for at most this long was in view all the time."""


@dataclass(frozen=True)
class NamedRun:
    """A stretch in which a thing is in view without interruption."""

    sightings: Chain
    after_seconds: float
    """The last moment before it at which the thing was not seen, or at which its shot begins."""
    before_seconds: float
    """The first moment after it at which the thing was not seen, or at which its shot ends."""
    is_cut_off: tuple[bool, bool]
    """Whether its shot begins there, and whether it ends there."""

    @property
    def start_seconds(self) -> float:
        """When the thing appears: at the shot's start, or half way between the frame without it and that with it."""
        first = self.sightings[0].pts_seconds
        return self.after_seconds if self.is_cut_off[0] else (self.after_seconds + first) / 2

    @property
    def end_seconds(self) -> float:
        """When the thing disappears."""
        last = self.sightings[-1].pts_seconds
        return self.before_seconds if self.is_cut_off[1] else (self.before_seconds + last) / 2


def runs_of(chain: Chain, shot: LookedShot, looked_pts: Sequence[float], config: EndsConfig) -> list[NamedRun]:
    """The runs of a chain, by the frames that were looked at (`looked_pts`, further ones included)."""
    parts: list[list[NamedSighting]] = [[chain[0]]]
    for before, after in pairwise(chain):
        if after.pts_seconds - before.pts_seconds > config.bridge_seconds:
            parts.append([])
        parts[-1].append(after)
    return [_run(tuple(part), shot, looked_pts) for part in parts]


def _run(part: Chain, shot: LookedShot, looked_pts: Sequence[float]) -> NamedRun:
    first, last = part[0].pts_seconds, part[-1].pts_seconds
    starts = first <= shot.first_frame_seconds + _SAME_MOMENT_SECONDS
    ends = last >= shot.last_frame_seconds - _SAME_MOMENT_SECONDS
    place, end_place = _place(looked_pts, first), _place(looked_pts, last)
    before = looked_pts[place - 1] if place > 0 else shot.start_seconds
    after = looked_pts[end_place + 1] if end_place + 1 < len(looked_pts) else shot.end_seconds
    return NamedRun(
        part,
        shot.start_seconds if starts else max(shot.start_seconds, before),
        shot.end_seconds if ends else min(shot.end_seconds, after),
        (starts, ends),
    )


def _place(times: Sequence[float], moment: float) -> int:
    return bisect_left(times, moment - _SAME_MOMENT_SECONDS)


def wanted_times(runs: Sequence[tuple[NamedRun, LookedShot]], config: EndsConfig) -> tuple[float, ...]:
    """The moments at which further frames are wanted, in order."""
    return _unique([_between(run, shot, config.further) for run, shot in _longest_first(runs)], config)


def wanted_beyond(
    runs: Sequence[tuple[NamedRun, LookedShot]], step_seconds: float, config: EndsConfig
) -> tuple[float, ...]:
    """The moments beyond frames in which a thing may have been missed, as the frame next to them shows it.

    `step_seconds`: from one frame that was looked at to the next, before any further ones.
    """
    return _unique([_beyond(run, shot, step_seconds, config.further) for run, shot in _longest_first(runs)], config)


def _longest_first(runs: Sequence[tuple[NamedRun, LookedShot]]) -> list[tuple[NamedRun, LookedShot]]:
    return sorted(runs, key=lambda pair: -len(pair[0].sightings))


def _unique(moments: Sequence[Iterator[float]], config: EndsConfig) -> tuple[float, ...]:
    wanted: set[float] = set()
    for of_run in moments:
        own = {round(moment, 6) for moment in of_run}
        if len(wanted | own) <= config.most_frames:
            wanted |= own
    return tuple(sorted(wanted))


def _between(run: NamedRun, shot: LookedShot, count: int) -> Iterator[float]:
    """Evenly between the frame without the thing and that with it; at a border of the shot, up to its outmost frame."""
    first, last = run.sightings[0].pts_seconds, run.sightings[-1].pts_seconds
    low, high = max(run.after_seconds, shot.first_frame_seconds), min(run.before_seconds, shot.last_frame_seconds)
    is_first, is_last = run.after_seconds <= shot.start_seconds, run.before_seconds >= shot.end_seconds
    for step in range(1, count + 1):
        if first - low > _SAME_MOMENT_SECONDS:
            yield first - (first - low) * step / (count if is_first else count + 1)
        if high - last > _SAME_MOMENT_SECONDS:
            yield last + (high - last) * step / (count if is_last else count + 1)


def _beyond(run: NamedRun, shot: LookedShot, step_seconds: float, count: int) -> Iterator[float]:
    near = 1.5 * step_seconds / (count + 1)
    first, last = run.sightings[0].pts_seconds, run.sightings[-1].pts_seconds
    for step in range(1, count + 1):
        away = step_seconds * step / (count + 1)
        if not run.is_cut_off[0] and first - run.after_seconds < near:
            yield max(shot.first_frame_seconds, run.after_seconds - away)
        if not run.is_cut_off[1] and run.before_seconds - last < near:
            yield min(shot.last_frame_seconds, run.before_seconds + away)


def extended(
    chains: Sequence[Chain], further: Mapping[float, Sequence[NamedSighting]], config: EndsConfig
) -> list[Chain]:
    """The chains of one noun and shot with the sightings of further frames that certainly belong to them.

    `further`: the sightings of each further frame of the shot by its time.
    """
    grown = list(chains)
    for moment, sightings in sorted(further.items()):
        taken = [one.box for chain in chains for one in chain if abs(one.pts_seconds - moment) < _SAME_MOMENT_SECONDS]
        for one in sightings:
            if any(overlap(one.box, box) >= _SAME_BOX for box in taken):
                continue
            reached = [number for number, chain in enumerate(grown) if _reaches(chain, moment, config)]
            by_distance = sorted((distance(_towards(grown[number], moment), one), number) for number in reached)
            if not by_distance or by_distance[0][0] > config.most_unexpected:
                continue
            if len(by_distance) > 1 and by_distance[1][0] < by_distance[0][0] + config.rival_within:
                continue
            number = by_distance[0][1]
            grown[number] = tuple(sorted((*grown[number], one), key=lambda sighting: sighting.pts_seconds))
    return grown


def _reaches(chain: Chain, moment: float, config: EndsConfig) -> bool:
    """Whether the chain was seen shortly before or after the moment, and not at it."""
    away = [abs(one.pts_seconds - moment) for one in chain]
    return _SAME_MOMENT_SECONDS < min(away) <= config.reach_seconds


def _towards(chain: Chain, moment: float) -> Chain:
    """What was seen of a thing before the moment, or, if nothing was, after it, the nearest last."""
    before = tuple(one for one in chain if one.pts_seconds < moment)
    return before or chain[::-1]
