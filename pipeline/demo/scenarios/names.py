"""Scenarios with things to name: several of a kind, words on signs, and words laid over the picture."""

from pipeline.demo.scenarios.behaviours import (
    BEHAVIOURS,
    Behaviour,
    Lane,
    Way,
    comes_and_stays,
    moves_between_rests,
    passes,
    passes_once_between,
    sits,
)
from pipeline.demo.scenarios.casting import (
    Setting,
    draw_cast,
    draw_shape,
    draw_shot,
    draw_stay,
    draw_writings,
    make_sign,
    make_thing,
)
from pipeline.demo.scenarios.draft import Draft
from pipeline.demo.world.letters import board_aspect
from pipeline.demo.world.world import Caption

_AMONG_OTHERS: tuple[Behaviour, ...] = (sits, sits, sits, comes_and_stays, moves_between_rests, passes)
_ON_SIGNS: tuple[Behaviour, ...] = (sits, sits, passes_once_between, comes_and_stays, moves_between_rests)
_RESTS_FROM = 0.15  # the rests of behaviours are so far from the borders, and further


def kinds(setting: Setting) -> Draft:
    """Three to six things of two kinds, so that some are several; most stand still, others come, go, or move."""
    rng = setting.rng
    count = int(rng.integers(3, 7))
    colours = setting.colours[:count]
    first, second = draw_shape(rng), draw_shape(rng)
    several = int(rng.integers(2, count + 1))
    behaviours = [_AMONG_OTHERS[rng.integers(len(_AMONG_OTHERS))] for _ in colours]
    cast = draw_cast(setting, setting.whole, colours, behaviours, in_step=0.0)
    shapes = [first if place < several else second for place in range(count)]
    things = (thing.model_copy(update={"shape": shape}) for thing, shape in zip(cast, shapes, strict=True))
    return Draft((draw_shot(rng, 0.0),), tuple(things))


def signs(setting: Setting) -> Draft:
    """A sign with a word, or one after another, and a thing below or above that has its own way."""
    rng = setting.rng
    count = int(rng.integers(1, 3))
    colours = setting.colours[: count + 1]
    high = bool(rng.random() < 0.5)
    things = []
    for index, writing in enumerate(draw_writings(rng, count)):
        time = setting.whole if count == 1 else setting.half(index)
        behaviour = _ON_SIGNS[rng.integers(len(_ON_SIGNS))] if count == 1 else passes_once_between
        size = float(rng.uniform(0.17, 0.2)) * min(1.0, 0.75 * setting.aspect)
        lane = Lane(True, 0.25 if high else 0.75, size, setting.aspect, board_aspect(writing))
        stay = lane.stay(_inside(behaviour(rng, lane, time), lane), turned=bool(rng.random() < 0.5))
        things.append(make_sign(f"s{index}", colours[index], stay, writing))
    behaviour = BEHAVIOURS[rng.integers(len(BEHAVIOURS))]
    lane = Lane(True, 0.75 if high else 0.25, float(rng.uniform(0.1, 0.2)), setting.aspect)
    things.append(make_thing("t", rng, colours[-1], [draw_stay(behaviour, rng, lane, setting.whole)]))
    return Draft((draw_shot(rng, 0.0),), tuple(things))


def _inside(way: Way, lane: Lane) -> Way:
    """The way with its rests further from the borders, so that a wide thing rests inside the frame."""
    room = (1 - 2 * lane.half) / (1 - 2 * _RESTS_FROM)
    return [(at, 0.5 + (u - 0.5) * min(1.0, room) if 0 < u < 1 else u) for at, u in way]


def captions(setting: Setting) -> Draft:
    """One or two words laid over the picture, all the time or for a part of it, and things that do not come near."""
    rng = setting.rng
    low = bool(rng.random() < 0.5)
    colours = setting.colours[: int(rng.integers(1, 3))]
    things = []
    for index, colour in enumerate(colours):
        across = (0.2, 0.55)[index] if low else (0.45, 0.8)[index]
        lane = Lane(True, across, float(rng.uniform(0.1, 0.18)), setting.aspect)
        behaviour = BEHAVIOURS[rng.integers(len(BEHAVIOURS))]
        things.append(make_thing(f"t{index}", rng, colour, [draw_stay(behaviour, rng, lane, setting.whole)]))
    one, two = draw_writings(rng, 2)
    middle = setting.on_frame(setting.seconds * float(rng.uniform(0.35, 0.65)))
    shown = (
        [(one, 0.0, setting.seconds)],
        [(one, middle, setting.seconds)],
        [(one, 0.0, middle)],
        [(one, 0.0, middle), (two, middle, setting.seconds)],
    )[rng.integers(4)]
    size = 0.11 * min(1.0, 0.75 * setting.aspect)
    laid = tuple(
        Caption(
            caption_id=f"c{index}",
            writing=writing,
            x=0.5,
            y=0.87 if low else 0.13,
            size=size,
            start_seconds=start,
            end_seconds=end,
        )
        for index, (writing, start, end) in enumerate(shown)
    )
    return Draft((draw_shot(rng, 0.0),), tuple(things), captions=laid)
