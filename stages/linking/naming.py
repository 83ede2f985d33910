"""What a detector with weights found in a clip is laid over its Scene: named tracks, links, searches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from schemas.record import Record
from schemas.scene import Scene, Track
from schemas.search import Candidate, Search, SearchedFrame
from stages.linking.course import DIGITS
from stages.linking.doubt import DoubtConfig, split_where_doubtful
from stages.linking.ends import EndsConfig, NamedRun, extended, runs_of, wanted_beyond, wanted_times
from stages.linking.follow import Chain, FollowConfig, follow, is_borne_out
from stages.linking.group import Group, JoinConfig, NamedThing, groups_of
from stages.linking.joined import joined_track, renamed_events, renamed_links, told_apart
from stages.linking.looked import LookedAt, LookFurther, SearchedFor
from stages.linking.shots import LookedShot, looked_shots
from stages.linking.sighting import NamedSighting
from stages.motion.objects.tracks import sampled_boxes
from stages.payloads import DecodedClip

_STILL_SHIFT = 0.005
"""The camera stands still in a second in which the background shifts by less than this share of the frame."""
_LEAST_FAR = 3
"""A thing has moved only if it is so often seen away from its usual place."""
_DISPLACED = 0.05
"""A thing whose centre gets so far in a second picture that stands still has moved, in frame sides and box sides."""


class NamedLinking(Record):
    """How the boxes of named things become tracks."""

    follow: FollowConfig = FollowConfig()
    """How sightings become chains."""
    doubt: DoubtConfig = DoubtConfig()
    """Where a chain is split."""
    ends: EndsConfig = EndsConfig()
    """How it is found when a thing appears and disappears."""
    joining: JoinConfig = JoinConfig()
    """When a chain and something else show one thing."""


@dataclass(frozen=True)
class _ShotChains:
    """The chains of one noun in one shot."""

    noun: str
    shot: LookedShot
    chains: tuple[Chain, ...]


def lay_names_over(
    scene: Scene, clip: DecodedClip, looked: LookedAt, further: LookFurther, wanted: SearchedFor, config: NamedLinking
) -> Scene:
    """The Scene with the named tracks, their links, and a search for every noun.

    Args:
        scene: what the other parts have found.
        clip: whose sampled and analysis frames the tracks get boxes on.
        looked: what was found in the frames that the detector looked at.
        further: looks at further frames, where things appear and disappear.
        wanted: what was looked for.
        config: how boxes become tracks.
    """
    analysis_pts = [frame.pts_seconds for frame in clip.analysis]
    shots = looked_shots(scene, analysis_pts, looked.pts_seconds)
    chains = [one for shot in shots for one in _chains(shot, looked, wanted, config)]
    chains, everything = _refined(chains, looked, further, wanted, config)
    things = [thing for one in chains for thing in _things(one, everything, config)]
    groups = [g for g in groups_of(things, scene, config.joining) if _is_there(g, wanted, config.follow)]
    tracks = [_track(number, group, scene, wanted, analysis_pts) for number, group in enumerate(groups)]
    tracks = [
        track if group.given else track.model_copy(update={"boxes": _boxes(track, clip, shots)})
        for group, track in zip(groups, tracks, strict=True)
    ]
    return _merged(scene, list(zip(groups, tracks, strict=True)), everything, wanted)


def _chains(shot: LookedShot, looked: LookedAt, wanted: SearchedFor, config: NamedLinking) -> list[_ShotChains]:
    own = LookedAt(
        tuple(looked.pts_seconds[place] for place in shot.looked), tuple(looked.found[place] for place in shot.looked)
    )
    fps = _rate(looked.pts_seconds)
    found = []
    for noun, certainty in wanted.certainties.items():
        chains = follow(own.sightings(noun, wanted), fps, certainty, config.follow)
        chains = split_where_doubtful(chains, shot.breaks, config.doubt)
        sure = [c for c in chains if sum(one.score >= certainty.sure for one in c) >= config.follow.least_sure]
        found.append(_ShotChains(noun, shot, tuple(sure)))
    return found


def _rate(times: Sequence[float]) -> float:
    """LookedAt-at frames per second."""
    steps = [later - earlier for earlier, later in pairwise(times)]
    return 1.0 / median(steps) if steps else 1.0


def _refined(
    chains: Sequence[_ShotChains], looked: LookedAt, further: LookFurther, wanted: SearchedFor, config: NamedLinking
) -> tuple[list[_ShotChains], LookedAt]:
    """The chains with what further frames show of their ends, and everything that was looked at."""
    ends, everything, refined = config.ends, looked, list(chains)
    step = 1.0 / _rate(looked.pts_seconds)
    for is_beyond in (False, True):
        runs = [(run, one.shot) for one in refined for run in _runs(one, everything, config)]
        moments = wanted_beyond(runs, step, ends) if is_beyond else wanted_times(runs, ends)
        if moments:
            more = further(moments).without(everything)  # a moment may be that of a frame already looked at
            everything = everything.with_further(more)
            refined = [_grown(one, more, wanted, config) for one in refined]
    return refined, everything


def _grown(one: _ShotChains, more: LookedAt, wanted: SearchedFor, config: NamedLinking) -> _ShotChains:
    sightings = zip(more.pts_seconds, more.sightings(one.noun, wanted), strict=True)
    shot = one.shot
    inside = {moment: found for moment, found in sightings if shot.start_seconds <= moment < shot.end_seconds}
    return replace(one, chains=tuple(extended(one.chains, inside, config.ends)))


def _runs(one: _ShotChains, everything: LookedAt, config: NamedLinking) -> list[NamedRun]:
    return [run for chain in one.chains for run in runs_of(chain, one.shot, everything.pts_seconds, config.ends)]


def _things(one: _ShotChains, everything: LookedAt, config: NamedLinking) -> list[NamedThing]:
    """The named things of a shot, with the stretches in which they are in view."""
    return [
        NamedThing(one.noun, chain, tuple(runs_of(chain, one.shot, everything.pts_seconds, config.ends)), one.shot)
        for chain in one.chains
    ]


def _is_there(group: Group, wanted: SearchedFor, config: FollowConfig) -> bool:
    """Whether a group shows a thing: another part has a track of it, or one of its chains is borne out."""
    chains = ((thing.chain, wanted.certainties[thing.noun]) for thing in group.things)
    return bool(group.tracks) or any(is_borne_out(chain, certainty, config) for chain, certainty in chains)


def _track(number: int, group: Group, scene: Scene, wanted: SearchedFor, analysis_pts: Sequence[float]) -> Track:
    track_id = group.tracks[0].track_id if group.tracks else f"n{number}"
    return joined_track(group, track_id, wanted, analysis_pts, displaced=_is_displaced(group, scene))


def _is_displaced(group: Group, scene: Scene) -> bool:
    """Whether a thing has changed its place while the camera certainly stood still."""
    for thing in group.things:
        start, end = thing.extent
        seconds = [one for one in scene.measures if one.pts_seconds < end and start < one.pts_seconds + 1.0]
        still = [
            one.shift_x is not None and max(abs(one.shift_x), abs(one.shift_y or 0.0)) < _STILL_SHIFT for one in seconds
        ]
        if seconds and all(still) and _way(thing.chain) > _DISPLACED:
            return True
    return False


def _way(chain: Chain) -> float:
    """How far the box gets from its usual place beyond half of its own size, in frame sides.

    Less than `_LEAST_FAR` boxes may be wrong.
    """
    if len(chain) < _LEAST_FAR:
        return 0.0
    x0, y0, x1, y1 = zip(*(one.box for one in chain), strict=True)
    ways = [0.0] * len(chain)
    for starts, ends in ((x0, x1), (y0, y1)):
        centres = [(start + end) / 2 for start, end in zip(starts, ends, strict=True)]
        usual = median(centres)
        ways = [max(way, abs(centre - usual)) for way, centre in zip(ways, centres, strict=True)]
    size = max(median(b - a for a, b in zip(starts, ends, strict=True)) for starts, ends in ((x0, x1), (y0, y1)))
    return float(sorted(ways)[-_LEAST_FAR] - size / 2)


def _boxes(track: Track, clip: DecodedClip, shots: Sequence[LookedShot]) -> tuple[object, ...]:
    """The boxes on sampled frames that certainly belong to one shot: not those between two analysis frames at a cut."""
    moments = [frame.pts_seconds for frame in clip.frames]
    cuts = [(shot.last_frame_seconds, shot.end_seconds) for shot in shots[:-1]]
    boxes = sampled_boxes(track, moments)
    return tuple(box for box in boxes if not any(a < moments[box.frame_index] < b for a, b in cuts))


def _merged(scene: Scene, named: Sequence[tuple[Group, Track]], everything: LookedAt, wanted: SearchedFor) -> Scene:
    owners = {old.track_id: track for group, track in named for old in group.tracks}
    parts = frozenset(old.track_id for group, _ in named for old in group.parts)
    kept = [track for track in scene.tracks if track.track_id not in owners and track.track_id not in parts]
    links = renamed_links(scene, owners, parts)
    sure = {noun: certainty.sure for noun, certainty in wanted.certainties.items()}
    return scene.model_copy(
        update={
            "tracks": (*kept, *(track for _, track in named)),
            "links": (*links, *told_apart(named, links, sure)),
            "events": renamed_events(scene, owners, parts),
            "searched": (*_renamed_searches(scene, owners), *_searches(named, everything, wanted)),
        }
    )


def _renamed_searches(scene: Scene, owners: Mapping[str, Track]) -> tuple[Search, ...]:
    """What other parts have searched for; its candidates belong to the tracks that theirs have become."""

    def renamed(candidate: Candidate) -> Candidate:
        owner = owners.get(candidate.track_id or "")
        return candidate.model_copy(update={"track_id": owner.track_id}) if owner else candidate

    return tuple(
        search.model_copy(
            update={
                "frames": tuple(
                    frame.model_copy(update={"candidates": tuple(map(renamed, frame.candidates))})
                    for frame in search.frames
                )
            }
        )
        for search in scene.searched
    )


def _searches(named: Sequence[tuple[Group, Track]], everything: LookedAt, wanted: SearchedFor) -> tuple[Search, ...]:
    """One search for each noun, with every candidate of every frame that was looked at."""
    owner = {
        (thing.noun, one.pts_seconds, one.box): track.track_id
        for group, track in named
        for thing in group.things
        for one in thing.chain
    }

    def candidate(noun: str, one: NamedSighting) -> Candidate:
        x0, y0, x1, y1 = (round(edge, DIGITS) for edge in one.box)
        track_id = owner.get((noun, one.pts_seconds, one.box))
        return Candidate(x0=x0, y0=y0, x1=x1, y1=y1, score=round(one.score, DIGITS), track_id=track_id)

    return tuple(
        Search(
            noun=noun,
            source=wanted.source,
            asked=wanted.may_be_asked(noun),
            sure=certainty.sure,
            maybe=certainty.maybe,
            frames=tuple(
                SearchedFrame(pts_seconds=moment, candidates=tuple(candidate(noun, one) for one in sightings))
                for moment, sightings in zip(everything.pts_seconds, everything.sightings(noun, wanted), strict=True)
            ),
        )
        for noun, certainty in wanted.certainties.items()
    )
