"""What a scenario decides about a clip."""

from dataclasses import dataclass

from pipeline.demo.world.world import Caption, DrawnThing, Light, Shot, Tag

_STILL = (Light(seconds=0.0, gain=1.0),)


@dataclass(frozen=True)
class Draft:
    """What a scenario decides about a clip."""

    shots: tuple[Shot, ...]
    things: tuple[DrawnThing, ...]
    tags: tuple[Tag, ...] = ()
    lights: tuple[Light, ...] = _STILL
    captions: tuple[Caption, ...] = ()
