"""A world becomes the Scene that a perfect detector would report: exact on every video frame."""

from itertools import combinations, combinations_with_replacement, pairwise
from pathlib import Path

import numpy as np

from pipeline.demo.truth.events import PLAIN, events_of, named_events_of
from pipeline.demo.truth.measures import measures_of
from pipeline.demo.truth.names import listed_kinds
from pipeline.demo.truth.visible import StretchInView, crosses, moves, only_border, point_at, stretches_in_view
from pipeline.demo.truth.writing import read_words, words_in_view, writing_track
from pipeline.demo.world.world import BLACK_SECONDS, Shot, World
from schemas.box import size_class
from schemas.colour import Colour, ColourName, Hue
from schemas.interval import Interval
from schemas.scene import TRUTH, Cut, Fade, Link, PlaceDistance, Scene, Track

_NEUTRAL = (ColourName.BROWN, ColourName.BLACK, ColourName.GREY, ColourName.WHITE)
_ELSEWHERE = 2.0  # content distance of two places


def read_truth(path: Path) -> Scene:
    """The scene that `render_set` wrote."""
    return Scene.model_validate_json(path.read_text())


def truth_of(world: World) -> Scene:
    """The true scene of the clip, with a path point on every video frame.

    A thing has one track per stretch in view; links join them as one object.
    """
    stretches = stretches_in_view(world)
    end = world.frame_count / world.fps
    words, events = words_in_view(stretches, world), events_of(stretches, world)
    read, readings = read_words(words, world)
    return Scene(
        start_seconds=0.0,
        end_seconds=end,
        tracked=(Interval(start_seconds=0.0, end_seconds=end),),
        tracks=(
            *(_track(one, world) for one in stretches),
            *(writing_track(line, world) for line in words),
        ),
        links=tuple(_links(stretches)),
        cuts=tuple(_cuts(world)),
        fades=tuple(_fades(world)),
        places=tuple(_places(world)),
        strongest_non_cut=0.0,
        hues=tuple(_hue(name, stretches, world) for name in ColourName),
        events=tuple(sorted([*events, *named_events_of(events, world)], key=lambda event: event.pts_seconds)),
        events_complete=True,
        measures=tuple(measures_of(stretches, world)),
        searched=(*listed_kinds(stretches, world), read),
        readings=readings,
    )


def _track(one: StretchInView, world: World) -> Track:
    first, last = one.parts[0], one.parts[-1]
    path = tuple(point_at(part.index, part.box, world) for part in one.parts)
    return Track(
        track_id=one.name,
        label=one.thing.shape.value,
        source=TRUTH,
        score=1.0,
        colour=Colour(name=one.thing.colour, share=1.0, margin=1.0),
        size=size_class(path),
        moves=any(moves(a, b) for stay in one.thing.stays for a, b in pairwise(stay.keys)),
        turns_known=True,
        first_seconds=first.index / world.fps,
        last_seconds=last.index / world.fps,
        visible=tuple(
            Interval(start_seconds=run[0].index / world.fps, end_seconds=(run[-1].index + 1) / world.fps)
            for run in one.runs()
        ),
        enters_from=only_border(first, world) if crosses(one.thing, world, first.index, -1) else None,
        leaves_to=only_border(last, world) if crosses(one.thing, world, last.index, 1) else None,
        boxes=(),
        path=path,
    )


def _links(stretches: list[StretchInView]) -> list[Link]:
    in_order = sorted(stretches, key=lambda one: (one.parts[0].index, one.name))
    return [
        Link(track_a=a.name, track_b=b.name, same=a.thing == b.thing, score=1.0) for a, b in combinations(in_order, 2)
    ]


def _cuts(world: World) -> list[Cut]:
    return [
        Cut(
            pts_seconds=after[0].start_seconds,
            score_a=PLAIN,
            score_b=PLAIN,
            place_distance=min(_place_distances(before, after)),
        )
        for before, after in pairwise(_between_cuts(world))
    ]


def _fades(world: World) -> list[Fade]:
    return [
        Fade(
            pts_seconds=shot.start_seconds,
            start_seconds=shot.start_seconds - BLACK_SECONDS - shot.fade_seconds,
            end_seconds=shot.start_seconds + BLACK_SECONDS + shot.fade_seconds,
            score_a=PLAIN,
            score_b=PLAIN,
        )
        for shot in world.fades
    ]


def _between_cuts(world: World) -> list[list[Shot]]:
    """Groups of shots without a cut between them: shots that fade into each other share a group."""
    parts: list[list[Shot]] = []
    for shot in world.shots:
        if not parts or not shot.fade_seconds:
            parts.append([])
        parts[-1].append(shot)
    return parts


def _places(world: World) -> list[PlaceDistance]:
    parts = _between_cuts(world)
    pairs = combinations_with_replacement(range(len(parts)), 2)
    return [_distance(a, b, _place_distances(parts[a], parts[b])) for a, b in pairs]


def _distance(shot_a: int, shot_b: int, distances: list[float]) -> PlaceDistance:
    return PlaceDistance(shot_a=shot_a, shot_b=shot_b, nearest=min(distances), farthest=max(distances))


def _place_distances(some: list[Shot], others: list[Shot]) -> list[float]:
    return [_place_distance(a, b) for a in some for b in others]


def _place_distance(a: Shot, b: Shot) -> float:
    """0 for the same place, even if the camera moves over it."""
    return 0.0 if a.place == b.place else _ELSEWHERE


def _hue(name: ColourName, stretches: list[StretchInView], world: World) -> Hue:
    if name in _NEUTRAL:  # the scenery may have any of these colours
        return Hue(name=name, largest_share=1.0, largest_share_outside=1.0)
    pixels = np.zeros(world.frame_count)
    for one in stretches:
        if one.thing.colour is name:
            for part in one.parts:
                pixels[part.index] += np.count_nonzero(part.mask)
    return Hue(name=name, largest_share=float(pixels.max()) / (world.width * world.height), largest_share_outside=0.0)
