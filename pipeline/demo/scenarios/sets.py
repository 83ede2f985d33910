"""Draws sets of worlds from a seed; in each set every predicate is sometimes true and sometimes false.

Opposites are equally frequent: sides and directions because ways are reversed at random; enters and leaves, starts and
stops, grows and shrinks, faster and slower because half of the worlds are reversed in time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.random import Generator

from pipeline.demo.scenarios.casting import Setting
from pipeline.demo.scenarios.catalogue import SCENARIOS, SELDOM, Scenario
from pipeline.demo.scenarios.reversal import reversed_world
from pipeline.demo.scenarios.steady import STEADY
from pipeline.demo.world.palette import PALETTE
from pipeline.demo.world.world import SMOOTH_GROUNDS, Tag, World
from schemas.colour import ColourName
from stages.seeding import rng_for

FRAMES = ((512, 288), (512, 288), (480, 360), (360, 480))
"""Width and height of the clips in pixels: wide twice as often as 4:3 and upright."""


_SHORT, _LONG = (5.0, 8.0), (5.0, 60.0)  # seconds
_FIRST_STEADY, _FIRST_SELDOM = 900, 800  # the numbers of the first such worlds; no set has as many others
_NOISES = (0.0, 1.0, 2.5, 4.0, 6.0)  # standard deviations in 0..255: none to strong
_CRFS = (12, 18, 23, 28, 32)  # weak to strong compression
_STRONG_NOISE, _STRONG_CRF = 4.0, 28  # from which on textures are lost


def demo_worlds(seed: int, count: int) -> list[World]:
    """Short clips (5 to 8 s) for the demo."""
    return list(_worlds(seed, count, _SHORT))


def prove_worlds(seed: int, count: int) -> list[World]:
    """Clips of 5 to 60 s for `make prove`; half of them are shorter than 18 s."""
    return list(_worlds(seed, count, _LONG))


def steady_worlds(seed: int, count: int, *, short: bool) -> list[World]:
    """Clips as short, or as long, as those of the demo or the proof, in which something goes on evenly throughout."""
    return list(_in_turn(seed, count, STEADY, _FIRST_STEADY, _SHORT if short else _LONG))


def seldom_worlds(seed: int, count: int) -> list[World]:
    """More clips for `make prove` of what few others show: returns, repeated places, overlaps, leaving together."""
    return list(_in_turn(seed, count, SELDOM, _FIRST_SELDOM, _LONG))


def _in_turn(
    seed: int, count: int, scenarios: Sequence[Scenario], first: int, seconds: tuple[float, float]
) -> Iterator[World]:
    """Worlds of these scenarios one after the other, again and again, numbered from `first`."""
    names = list(PALETTE)
    for index in range(count):
        turn = index * 4 % len(names)  # no scenario has more than four colours
        colours = (*names[turn:], *names[:turn])
        yield _world(seed, first + index, scenarios[index % len(scenarios)], colours, seconds)


def _worlds(seed: int, count: int, seconds: tuple[float, float]) -> Iterator[World]:
    rng, seen = rng_for(seed, "colours", "order"), Counter[ColourName]()
    for index, scenario in zip(range(count), _scenarios(rng_for(seed, "families", "order")), strict=False):
        # the colours that the fewest clips have come first: one that many have would be right more often than wrong
        lots = dict(zip(PALETTE, rng.random(len(PALETTE)), strict=True))
        colours = tuple(sorted(PALETTE, key=lambda name: (seen[name], lots[name])))
        world = _world(seed, index, scenario, colours, seconds)
        seen.update({thing.colour for thing in world.things})
        yield world


def _scenarios(rng: Generator) -> Iterator[Scenario]:
    """Round after round of all scenarios, each as often as its weight and evenly spread, so that any part of a round
    has nearly its share of each.
    """
    while True:
        places = {
            (place + offset) / times: scenario
            for scenario, times in SCENARIOS.items()
            for offset in [float(rng.random())]
            for place in range(times)
        }
        yield from (places[place] for place in sorted(places))


def _world(
    seed: int, index: int, scenario: Scenario, colours: tuple[ColourName, ...], seconds: tuple[float, float]
) -> World:
    rng = rng_for(seed, "world", str(index))
    fps = int(rng.choice([24, 25, 30]))
    width, height = FRAMES[rng.integers(len(FRAMES))]
    # uniform in the logarithm: many short clips, few long ones
    length = round(float(np.exp(rng.uniform(*np.log(seconds)))) * fps) / fps
    draft = scenario(Setting(rng, length, width / height, fps, colours))
    world = World(
        name=f"{scenario.__name__}-{seed}-{index:03d}",
        scenario=scenario.__name__,
        tags=draft.tags,
        seed=int(rng.integers(2**31)),
        width=width,
        height=height,
        fps=fps,
        duration_seconds=length,
        noise=float(rng.choice(_NOISES)),
        crf=int(rng.choice(_CRFS)),
        shots=draft.shots,
        things=draft.things,
        lights=draft.lights,
        captions=draft.captions,
    )
    if _is_faint(world):
        world = world.model_copy(update={"tags": (*world.tags, Tag.FAINT)})
    return reversed_world(world) if rng.random() < 0.5 else world


def _is_faint(world: World) -> bool:
    """Whether the ground may not show whether the camera moves."""
    worn = world.noise >= _STRONG_NOISE and world.crf >= _STRONG_CRF
    return worn or any(shot.place.surface in SMOOTH_GROUNDS for shot in world.shots)
