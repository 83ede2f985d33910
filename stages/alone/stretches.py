"""Which stretches of a clip may be shown alone. It does not matter who asks about them."""

from collections.abc import Iterator
from itertools import combinations, pairwise, zip_longest

from numpy.random import Generator

from schemas.clip import UnitClip
from schemas.interval import Interval
from schemas.scene import Scene
from stages.claims.alone import LEAST_SECONDS

LEAST_CLIP_SECONDS = 2 * LEAST_SECONDS
"""A shorter clip has no two stretches."""
_SECONDS = (2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 55.0)
"""Lengths of the stretches that may begin anywhere: what is where stays so for a few seconds, a slide for longer."""
_STEPS = 4  # such a stretch begins a fourth of its length after the one before
_PARTS = (1, 2, 3, 4)
_EDGE_SECONDS = 0.25  # beside a cut, whose moment is known no better: nothing of the next shot may be shown
_MOST = 40


def stretches_of(clip: UnitClip, rng: Generator) -> tuple[Interval, ...]:
    """The stretches that may be shown alone, in order of time: shots, parts of them, and others inside of them.

    Of many, some are drawn, as many of each length as of any other.
    """
    lists = [list(of_length) for shot in _shots(clip.scene) for of_length in _by_length(shot)]
    mixed = [[of_length[int(i)] for i in rng.permutation(len(of_length))] for of_length in lists]
    in_turn = [stretch for turn in zip_longest(*mixed) for stretch in turn if stretch is not None]
    drawn = dict.fromkeys(in_turn[:_MOST])
    return tuple(sorted(drawn, key=lambda stretch: (stretch.start_seconds, stretch.end_seconds)))


def pairs_of(stretches: tuple[Interval, ...], rng: Generator) -> tuple[tuple[Interval, Interval], ...]:
    """Two and two stretches that share no frame, in random order."""
    apart = [pair for pair in combinations(stretches, 2) if pair[0].overlap_seconds(pair[1]) <= 0]
    return tuple(apart[int(i)] for i in rng.permutation(len(apart)))


def two_parts(clip: UnitClip, rng: Generator) -> tuple[Interval, Interval] | None:
    """Two parts of a clip that differ as much as they can, in order of time; None if it is too short.

    They are two shots, drawn at random, if two are long enough; else the halves of the clip. Of a clip that is long
    enough they leave out the very middle: of what happens there neither half would show all.
    """
    shots, half = list(_shots(clip.scene)), (clip.end_seconds - clip.start_seconds) / 2
    if len(shots) >= 2:
        first, second = sorted(int(place) for place in rng.permutation(len(shots))[:2])
        return shots[first], shots[second]
    if half < LEAST_SECONDS:
        return None
    length = max(LEAST_SECONDS, half - _EDGE_SECONDS)
    return _stretch(clip.start_seconds, length), _stretch(clip.end_seconds - length, length)


def _by_length(shot: Interval) -> Iterator[list[Interval]]:
    """The stretches of a shot, those of one length together."""
    start, seconds = shot.start_seconds, shot.duration_seconds
    for count in _PARTS:
        length = seconds / count
        if length >= LEAST_SECONDS:
            yield [_stretch(start + part * length, length) for part in range(count)]
    for length in (length for length in _SECONDS if length <= seconds):
        steps = range(int((seconds - length) * _STEPS / length) + 1)
        yield [_stretch(start + step * length / _STEPS, length) for step in steps]


def _stretch(start: float, length: float) -> Interval:
    return Interval(start_seconds=round(start, 3), end_seconds=round(start + length, 3))


def _shots(scene: Scene) -> Iterator[Interval]:
    """The shots, without what lies near to a cut or in a fade."""
    cuts = [(cut.pts_seconds - _EDGE_SECONDS, cut.pts_seconds + _EDGE_SECONDS) for cut in scene.cuts]
    fades = [(fade.start_seconds, fade.end_seconds) for fade in scene.fades]
    borders = [(scene.start_seconds, scene.start_seconds), *sorted([*cuts, *fades])]
    for (_, start), (end, _) in pairwise([*borders, (scene.end_seconds, scene.end_seconds)]):
        if end - start >= LEAST_SECONDS:
            yield Interval(start_seconds=start, end_seconds=end)
