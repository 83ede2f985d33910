"""A group of chains and tracks becomes one track of the Scene; what referred to the joined tracks refers to it."""

from collections.abc import Mapping, Sequence

from schemas.box import PathPoint, size_class
from schemas.corners import contained
from schemas.interval import Interval
from schemas.scene import Event, EventKind, Link, Scene, Track
from stages.linking.course import named_track
from stages.linking.group import Group
from stages.linking.looked import SearchedFor

_COVERS = 0.9
"""A track of another part that is in view for this share of the thing's time says where it is; it is more exact."""
_EARLIER_SECONDS = 0.35
"""A thing that is seen by so much earlier, or later, does not enter, or leave, then."""
_APART = 0.5
"""Boxes of which less than this share lies in the other one show two things."""


def joined_track(
    group: Group, track_id: str, wanted: SearchedFor, analysis_pts: Sequence[float], *, displaced: bool
) -> Track:
    """The one track of a group; that which people have given stays as it is.

    `displaced`: whether the thing has certainly moved by itself, by its boxes alone.
    """
    if group.given:
        return group.given
    longest = max(
        group.things, key=lambda thing: (sum(len(t.chain) for t in group.things if t.noun == thing.noun), thing.noun)
    )
    runs = [run for thing in group.things if thing.noun == longest.noun for run in thing.runs]
    named = named_track(
        track_id,
        group.noun(wanted.may_be_asked),
        wanted.source,
        runs,
        analysis_pts,
        moves=bool(group.parts) or displaced,
    )
    if not group.tracks:
        return named
    own = [point for track in group.tracks for point in track.path]
    seen = tuple(stretch for track in group.tracks for stretch in track.visible)
    further = [stretch for stretch in named.visible if not _is_known(stretch, seen)]
    visible = _united(seen, further)
    covers = sum(s.duration_seconds for s in seen) >= _COVERS * sum(s.duration_seconds for s in visible)
    path = _path(own, named.path) if covers else _path(named.path, own)
    first, last = group.tracks[0], group.tracks[-1]
    starts = visible[0].start_seconds
    colours = {track.colour and track.colour.name for track in group.tracks}
    return named.model_copy(
        update={
            "track_id": track_id,
            "colour": first.colour if len(colours) == 1 else None,
            "size": size_class(path),
            "moves": named.moves or any(track.moves for track in group.tracks),
            "turns_known": not further and all(track.turns_known for track in group.tracks),
            "text": first.text,
            "phrase": first.phrase,
            "first_seconds": starts,
            "last_seconds": visible[-1].end_seconds,
            "visible": visible,
            "enters_from": first.enters_from if first.first_seconds - starts < _EARLIER_SECONDS else None,
            "leaves_to": last.leaves_to if visible[-1].end_seconds - last.last_seconds < _EARLIER_SECONDS else None,
            "path": path,
        }
    )


def _is_known(stretch: Interval, seen: Sequence[Interval]) -> bool:
    """Whether a stretch says nothing that the others do not: it is longer by what detection may be late at most."""
    shared = sum(max(0.0, stretch.overlap_seconds(other)) for other in seen)
    return shared > 0 and stretch.duration_seconds - shared < _EARLIER_SECONDS


def _united(stretches: Sequence[Interval], more: Sequence[Interval]) -> tuple[Interval, ...]:
    union: list[Interval] = []
    for one in sorted((*stretches, *more), key=lambda stretch: (stretch.start_seconds, stretch.end_seconds)):
        if union and one.start_seconds <= union[-1].end_seconds:
            end = max(union[-1].end_seconds, one.end_seconds)
            union[-1] = Interval(start_seconds=union[-1].start_seconds, end_seconds=end)
        else:
            union.append(one)
    return tuple(union)


def _path(first: Sequence[PathPoint], others: Sequence[PathPoint]) -> tuple[PathPoint, ...]:
    """The points of the first path, and those of the other one that lie further than a frame from all of them."""
    times = [point.pts_seconds for point in first]
    further = [p for p in others if all(abs(p.pts_seconds - moment) > 0.06 for moment in times)]
    return tuple(sorted((*first, *further), key=lambda point: point.pts_seconds))


def renamed_events(scene: Scene, tracks: Mapping[str, Track], dropped: frozenset[str]) -> tuple[Event, ...]:
    """The events, of the tracks that others have joined (by their old ids); those of parts of things are gone.

    A thing that was in view earlier than its track entered has not entered then.
    """
    events = []
    for event in scene.events:
        if dropped & set(event.track_ids):
            continue
        owners = [tracks[name] for name in event.track_ids if name in tracks]
        if not any(_is_refuted(event, owner) for owner in owners):
            ids = tuple(tracks[name].track_id if name in tracks else name for name in event.track_ids)
            events.append(event.model_copy(update={"track_ids": ids}))
    return tuple(events)


def _is_refuted(event: Event, owner: Track) -> bool:
    """Whether the thing is in view before it enters, or after it leaves, without having been out of view."""
    moment = event.pts_seconds
    if event.kind is EventKind.ENTERS:
        return any(s.start_seconds < moment - _EARLIER_SECONDS and moment < s.end_seconds for s in owner.visible)
    if event.kind is EventKind.LEAVES:
        return any(s.start_seconds < moment and moment + _EARLIER_SECONDS < s.end_seconds for s in owner.visible)
    return False


def renamed_links(scene: Scene, tracks: Mapping[str, Track], dropped: frozenset[str]) -> tuple[Link, ...]:
    """The links between the tracks that are left; where two links of one pair contradict each other, there is none."""
    found: dict[tuple[str, str], list[Link]] = {}
    for link in scene.links:
        if not dropped & {link.track_a, link.track_b}:
            a, b = (tracks[name].track_id if name in tracks else name for name in (link.track_a, link.track_b))
            if a != b:
                found.setdefault((a, b), []).append(link)
    return tuple(
        links[0].model_copy(update={"track_a": a, "track_b": b})
        for (a, b), links in sorted(found.items())
        if len({link.same for link in links}) == 1
    )


def told_apart(groups: Sequence[tuple[Group, Track]], known: Sequence[Link], sure: Mapping[str, float]) -> list[Link]:
    """Links between named tracks that are surely seen at once at two places, in two frames at least."""
    pairs = {frozenset((link.track_a, link.track_b)) for link in known}
    links = []
    for number, (group_a, a) in enumerate(groups):
        for group_b, b in groups[number + 1 :]:
            if frozenset((a.track_id, b.track_id)) not in pairs and _are_two(group_a, group_b, sure):
                first, second = sorted((a, b), key=lambda track: (track.first_seconds, track.track_id))
                links.append(Link(track_a=first.track_id, track_b=second.track_id, same=False, score=1.0))
    return links


def _are_two(a: Group, b: Group, sure: Mapping[str, float]) -> bool:
    boxes = {one.pts_seconds: one.box for thing in a.things for one in thing.chain if one.score >= sure[thing.noun]}
    shares = [
        max(contained(boxes[one.pts_seconds], one.box), contained(one.box, boxes[one.pts_seconds]))
        for thing in b.things
        for one in thing.chain
        if one.score >= sure[thing.noun] and one.pts_seconds in boxes
    ]
    return len(shares) >= 2 and max(shares) < _APART
