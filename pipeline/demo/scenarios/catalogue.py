"""The scenarios: what happens in each kind of clip. `casting` draws everything that a scenario leaves open."""

from collections.abc import Callable

from numpy.random import Generator

from pipeline.demo.scenarios.behaviours import (
    BEHAVIOURS,
    Behaviour,
    Lane,
    changes_pace,
    comes_and_stays,
    moves_between_rests,
    passes,
    passes_once_between,
    returns,
    sits,
    starts_in_turn,
)
from pipeline.demo.scenarios.casting import (
    Setting,
    at_times_of,
    draw_cast,
    draw_lanes,
    draw_shot,
    draw_stay,
    make_thing,
)
from pipeline.demo.scenarios.draft import Draft
from pipeline.demo.scenarios.names import captions, kinds, signs
from pipeline.demo.world.world import BLACK_SECONDS, CameraView, DrawnThing, Light, Shot, Stay, Tag
from schemas.colour import ColourName
from schemas.interval import Interval

_SHORT_SHOT_SECONDS = 4.0  # in a shot of at most this length a thing does only one thing
_SHORT_BEHAVIOURS: tuple[Behaviour, ...] = (passes, passes, moves_between_rests, sits)
_SHORTEST_CROSSED_SECONDS = 2.2  # in a shorter shot nothing has time to cross
_LEAST_SHOT_SECONDS = 1.3
_FADED_SHOT_SECONDS = 4.0
_LIT_SECONDS = 0.3  # the picture is fully lit this long before a thing enters and after it has left
_MOST_SHOTS = 5
_ONE_CUT = 0.1  # share of the clips with cuts that have one
_THERE_AND_BACK = 0.95  # share of the clips of three shots and more that show two places in turn
_IN_STEP = 0.7  # share of the couples in `relays` that come and go at the same times


Scenario = Callable[[Setting], Draft]


def lanes(setting: Setting) -> Draft:
    """One to five things, each in its lane."""
    colours = setting.colours[: int(setting.rng.integers(1, 6))]
    return Draft((draw_shot(setting.rng, 0.0),), draw_cast(setting, setting.whole, colours))


def crossers(setting: Setting) -> Draft:
    """Two or three things whose ways cross in the middle of the frame, and one that stands still there."""
    rng = setting.rng
    colours = setting.colours[: int(rng.integers(3, 5))]
    things = [
        make_thing(f"t{index}", rng, colour, [draw_stay(passes, rng, _middle(setting, index % 2 == 0), setting.whole)])
        for index, colour in enumerate(colours[:-1])
    ]
    sitter = draw_stay(sits, rng, _middle(setting, horizontal=True), setting.whole)
    things.insert(int(rng.integers(len(things) + 1)), make_thing("s", rng, colours[-1], [sitter]))
    return Draft((draw_shot(rng, 0.0),), tuple(things))


def _middle(setting: Setting, horizontal: bool) -> Lane:
    rng = setting.rng
    return Lane(horizontal, float(rng.uniform(0.35, 0.65)), float(rng.uniform(0.1, 0.2)), setting.aspect)


def meeters(setting: Setting) -> Draft:
    """One thing comes to rest in the middle and another passes over it; a third stays away from both."""
    rng = setting.rng
    colours = setting.colours[: int(rng.integers(2, 4))]
    rest, horizontal = float(rng.uniform(0.42, 0.58)), bool(rng.random() < 0.5)
    size, across = float(rng.uniform(0.12, 0.18)), float(rng.uniform(0.42, 0.58))
    lane = Lane(horizontal, across, size, setting.aspect)
    arrives = setting.seconds * rng.uniform(0.2, 0.28)
    coming = [(0.3, -lane.beyond), (0.3 + arrives, rest), (setting.seconds, rest)]
    turned = bool(rng.random() < 0.5)
    crossing = Lane(not horizontal, 1 - rest if turned else rest, size, setting.aspect)
    later = Interval(start_seconds=0.3 + arrives + 0.5, end_seconds=setting.seconds)
    stays = [lane.stay(coming, turned=turned), draw_stay(passes_once_between, rng, crossing, later)]
    if len(colours) > 2:
        edge = Lane(horizontal, float(rng.choice([0.1, 0.9])), 0.12, setting.aspect)
        stays.append(draw_stay(sits, rng, edge, setting.whole))
    return Draft((draw_shot(rng, 0.0),), _things(rng, colours, stays))


def returners(setting: Setting) -> Draft:
    """A thing leaves and comes back, beside others."""
    colours = setting.colours[: int(setting.rng.integers(1, 4))]
    return Draft((draw_shot(setting.rng, 0.0),), draw_cast(setting, setting.whole, colours, [returns]))


def relays(setting: Setting) -> Draft:
    """Two things pass side by side in the first half, others in the second half: some are never in view together."""
    rng = setting.rng
    colours = setting.colours[: int(rng.integers(3, 5))]
    lanes = draw_lanes(setting, len(colours))
    stays = [draw_stay(passes, rng, lane, setting.half(index // 2)) for index, lane in enumerate(lanes)]
    for index in range(1, len(stays), 2):
        if rng.random() < _IN_STEP:
            stays[index] = at_times_of(stays[index], stays[index - 1])
    return Draft((draw_shot(rng, 0.0),), _things(rng, colours, stays))


def handovers(setting: Setting) -> Draft:
    """One thing passes, and after it has left another one passes."""
    rng = setting.rng
    colours = setting.colours[:2]
    lanes = draw_lanes(setting, 2)
    stays = [draw_stay(passes_once_between, rng, lane, setting.half(half)) for half, lane in enumerate(lanes)]
    return Draft((draw_shot(rng, 0.0),), _things(rng, colours, stays))


def solos(setting: Setting) -> Draft:
    """One thing moves, alone or beside one that stands still."""
    rng = setting.rng
    colours = setting.colours[: int(rng.integers(1, 3))]
    behaviour: Behaviour = (passes_once_between, changes_pace, comes_and_stays, moves_between_rests)[rng.integers(4)]
    return Draft((draw_shot(rng, 0.0),), draw_cast(setting, setting.whole, colours, [behaviour, sits], in_step=0.0))


def settlers(setting: Setting) -> Draft:
    """Things stand still, start one after another, and stop one after another."""
    rng = setting.rng
    colours = setting.colours[: int(rng.integers(2, 4))]
    ways = starts_in_turn(rng, len(colours), setting.whole)
    lanes = draw_lanes(setting, len(colours))
    stays = [lane.stay(way, turned=bool(rng.random() < 0.5)) for lane, way in zip(lanes, ways, strict=True)]
    return Draft((draw_shot(rng, 0.0),), _things(rng, colours, stays))


def growers(setting: Setting) -> Draft:
    """Things double their size while they travel, most of them fully inside the frame."""
    rng = setting.rng
    colours = setting.colours[: int(rng.integers(1, 4))]
    stays = []
    for lane in draw_lanes(setting, len(colours)):
        behaviour = moves_between_rests if rng.random() < 0.85 else passes
        way = behaviour(rng, lane, setting.whole)
        small, large = lane.size * rng.uniform(0.45, 0.6), lane.size
        sizes = [small, large] if len(way) == 2 else [small, small, large, large]
        stays.append(lane.stay(way, turned=bool(rng.random() < 0.5), sizes=sizes))
    return Draft((draw_shot(rng, 0.0),), _things(rng, colours, stays))


def halves(setting: Setting) -> Draft:
    """Everything that moves does so in one half of the clip."""
    rng = setting.rng
    colours = setting.colours[: int(rng.integers(2, 5))]
    stays = []
    for lane in draw_lanes(setting, len(colours)):
        behaviour = passes if rng.random() < 0.7 else moves_between_rests
        stay = draw_stay(behaviour, rng, lane, setting.half(1))
        if behaviour is moves_between_rests:  # it stands there in the other half as well
            stay = Stay(keys=(stay.keys[0].model_copy(update={"seconds": 0.0}), *stay.keys[1:]))
        stays.append(stay)
    return Draft((draw_shot(rng, 0.0),), _things(rng, colours, stays))


def cutters(setting: Setting) -> Draft:
    """Two to five shots at different places, or there and back; some things appear in several shots."""
    rng = setting.rng
    most = min(_MOST_SHOTS, int(setting.seconds / _LEAST_SHOT_SECONDS))
    count = 2 if most == 2 or rng.random() < _ONE_CUT else int(rng.integers(3, most + 1, size=2).max())
    jitter = [0.0, *rng.uniform(-0.08, 0.08, count - 1)]
    starts = [setting.on_frame(setting.seconds * (index + jitter[index]) / count) for index in range(count)]
    shots: list[Shot] = []
    for start in starts:
        shots.append(draw_shot(rng, start, shots[-1] if shots else None))
    if count > 2 and rng.random() < _THERE_AND_BACK:
        places = [shots[index % 2].place for index in range(count)]
        shots = [shot.model_copy(update={"place": place}) for shot, place in zip(shots, places, strict=True)]
    colours = setting.colours[: int(rng.integers(2, 5))]
    sizes = {colour: rng.uniform(0.1, 0.17) for colour in colours}
    stays: dict[ColourName, list[Stay]] = {colour: [] for colour in colours}
    for start, end in zip(starts, [*starts[1:], setting.seconds], strict=True):
        shot = Interval(start_seconds=start, end_seconds=end)
        shown = [colour for colour in colours if rng.random() < 0.6] or [colours[0]]
        for colour, lane in zip(shown, draw_lanes(setting, len(shown), [sizes[c] for c in shown]), strict=True):
            behaviours = _behaviours_for(end - start)
            stays[colour].append(draw_stay(behaviours[rng.integers(len(behaviours))], rng, lane, shot))
    things = [make_thing(f"t{index}", rng, colour, stays[colour]) for index, colour in enumerate(colours)]
    return Draft(tuple(shots), tuple(thing for thing in things if thing.stays))


def _behaviours_for(seconds: float) -> tuple[Behaviour, ...]:
    """The behaviours that fit a shot of this length."""
    if seconds < _SHORTEST_CROSSED_SECONDS:
        return (sits,)
    return BEHAVIOURS if seconds > _SHORT_SHOT_SECONDS else _SHORT_BEHAVIOURS


def faders(setting: Setting) -> Draft:
    """Two or three places with black between them; things move only while the picture is lit."""
    rng = setting.rng
    count = 2 if setting.seconds < _FADED_SHOT_SECONDS * 3 else int(rng.integers(2, 4))
    starts = [setting.on_frame(setting.seconds * (index + rng.uniform(-0.08, 0.08)) / count) for index in range(count)]
    shots: list[Shot] = []
    for start in [0.0, *starts[1:]]:
        shot = draw_shot(rng, start, shots[-1] if shots else None)
        shots.append(shot.model_copy(update={"fade_seconds": float(rng.uniform(0.4, 0.7)) if shots else 0.0}))
    colours = setting.colours[:count]
    things = []
    dark = BLACK_SECONDS + max(shot.fade_seconds for shot in shots) + _LIT_SECONDS
    ends = [*(shot.start_seconds - dark for shot in shots[1:]), setting.seconds]
    for index, (shot, end, colour) in enumerate(zip(shots, ends, colours, strict=True)):
        lit = Interval(start_seconds=shot.start_seconds + dark * bool(index), end_seconds=end)
        if lit.duration_seconds > _SHORTEST_CROSSED_SECONDS:
            (lane,) = draw_lanes(setting, 1)
            things.append(make_thing(f"t{index}", rng, colour, [draw_stay(passes_once_between, rng, lane, lit)]))
    return Draft(tuple(shots), tuple(things))


def panners(setting: Setting) -> Draft:
    """The camera moves over a still place, during all or part of the clip."""
    rng = setting.rng
    way = str(rng.choice(["left", "right", "up", "down", "in", "out"]))
    start, end = (rng.uniform(0, 0.4), rng.uniform(0.6, 1.0)) if rng.random() < 0.5 else (0.0, 1.0)
    reach = min(0.9, (end - start) * setting.seconds * rng.uniform(0.04, 0.12))
    last = CameraView(
        seconds=end * setting.seconds,
        x={"left": -reach, "right": reach}.get(way, 0.0),
        y={"up": -reach, "down": reach}.get(way, 0.0),
        zoom={"in": 1 + reach, "out": 1 / (1 + reach)}.get(way, 1.0),
    )
    shot = draw_shot(rng, 0.0).model_copy(update={"views": (CameraView(seconds=start * setting.seconds), last)})
    return Draft((shot,), _still_things(setting, int(rng.integers(0, 4))), tags=(Tag.PAN,))


def dimmers(setting: Setting) -> Draft:
    """The light comes up over a still place."""
    rng = setting.rng
    middle, length = setting.seconds * rng.uniform(0.4, 0.6), rng.uniform(0.5, 1.5)
    lights = (
        Light(seconds=middle - length / 2, gain=float(rng.uniform(0.6, 0.75))),
        Light(seconds=middle + length / 2, gain=1.0),
    )
    return Draft((draw_shot(rng, 0.0),), _still_things(setting, int(rng.integers(0, 3))), lights=lights)


def alike(setting: Setting) -> Draft:
    """Two or three things of the same colour, and one of another colour."""
    rng = setting.rng
    colour, other = setting.colours[:2]
    colours = (colour,) * int(rng.integers(2, 4)) + (other,)
    return Draft((draw_shot(rng, 0.0),), draw_cast(setting, setting.whole, colours), tags=(Tag.LIKE_COLOURS,))


def _still_things(setting: Setting, count: int) -> tuple[DrawnThing, ...]:
    rng = setting.rng
    stays = [draw_stay(sits, rng, lane, setting.whole) for lane in draw_lanes(setting, count)]
    return _things(rng, setting.colours[:count], stays)


def _things(rng: Generator, colours: tuple[ColourName, ...], stays: list[Stay]) -> tuple[DrawnThing, ...]:
    pairs = zip(colours, stays, strict=True)
    return tuple(make_thing(f"t{index}", rng, colour, [stay]) for index, (colour, stay) in enumerate(pairs))


SCENARIOS: dict[Scenario, int] = {
    lanes: 5,
    crossers: 5,
    meeters: 7,
    returners: 6,
    relays: 6,
    handovers: 5,
    solos: 3,
    settlers: 5,
    growers: 7,
    halves: 1,
    cutters: 11,
    faders: 2,
    panners: 4,
    dimmers: 2,
    alike: 1,
    kinds: 6,
    signs: 6,
    captions: 6,
}
"""The scenarios, with their weights: how many clips of each there are in a round of all."""

SELDOM: tuple[Scenario, ...] = (
    *(returners, cutters, crossers, relays, returners, cutters, meeters),
    *(returners, cutters, handovers, relays, returners, cutters, crossers),
)
"""Scenarios of what can be proven in few clips alone, in the order in which they are drawn again and again."""
