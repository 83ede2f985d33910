"""Scenarios in which something goes on evenly from beginning to end, so that every planted edit can be seen in them."""

from pipeline.demo.scenarios.casting import LARGEST, Setting, draw_lanes, draw_shot, make_thing
from pipeline.demo.scenarios.catalogue import Scenario
from pipeline.demo.scenarios.draft import Draft
from pipeline.demo.world.world import CameraView, Surface, Tag

_PARADE = 4  # things in `parades`
_FROM_BORDER = 0.02


def sweepers(setting: Setting) -> Draft:
    """The camera moves evenly over a wide place of light and dark areas."""
    rng = setting.rng
    reach = float(rng.uniform(0.55, 0.85)) * (1 if rng.random() < 0.5 else -1)
    across = bool(rng.random() < 0.5)
    last = CameraView(seconds=setting.seconds, x=reach / setting.aspect if across else 0.0, y=0.0 if across else reach)
    shot = draw_shot(rng, 0.0)
    place = shot.place.model_copy(update={"surface": Surface.HILLS})
    return Draft(
        (shot.model_copy(update={"place": place, "views": (CameraView(seconds=0.0), last)}),), (), tags=(Tag.PAN,)
    )


def parades(setting: Setting) -> Draft:
    """Four large things travel evenly side by side."""
    rng = setting.rng
    things = []
    lanes = draw_lanes(setting, _PARADE, [LARGEST] * _PARADE)
    for index, (colour, lane) in enumerate(zip(setting.colours, lanes, strict=False)):
        room = 1 - 2 * (lane.half + _FROM_BORDER)
        way = min(room, float(rng.uniform(0.6, 0.8)) / (setting.aspect if lane.horizontal else 1.0))
        start = lane.half + _FROM_BORDER + (room - way) * float(rng.uniform())
        stay = lane.stay([(0.0, start), (setting.seconds, start + way)], turned=bool(rng.random() < 0.5))
        things.append(make_thing(f"t{index}", rng, colour, [stay]))
    return Draft((draw_shot(rng, 0.0),), tuple(things))


STEADY: tuple[Scenario, ...] = (sweepers, parades, sweepers)
"""The scenarios, in the order in which they are drawn again and again."""
