"""Reverses a world in time: what entered leaves, what stopped starts, what grew shrinks."""

from pipeline.demo.world.world import CameraView, Light, Shot, Stay, World


def reversed_world(world: World) -> World:
    """The same world from its end to its start."""
    length = world.duration_seconds
    ends = [*(shot.start_seconds for shot in world.shots[1:]), length]
    fades = [*(shot.fade_seconds for shot in world.shots[1:]), 0.0]
    shots = tuple(
        Shot(
            start_seconds=length - end,
            place=shot.place,
            fade_seconds=fade,
            views=tuple(_later(view, length) for view in reversed(shot.views)),
        )
        for shot, end, fade in reversed(list(zip(world.shots, ends, fades, strict=True)))
    )
    things = tuple(
        thing.model_copy(update={"stays": tuple(_backwards(stay, length) for stay in reversed(thing.stays))})
        for thing in world.things
    )
    lights = tuple(Light(seconds=length - light.seconds, gain=light.gain) for light in reversed(world.lights))
    captions = tuple(
        caption.model_copy(
            update={"start_seconds": length - caption.end_seconds, "end_seconds": length - caption.start_seconds}
        )
        for caption in reversed(world.captions)
    )
    return world.model_copy(update={"shots": shots, "things": things, "lights": lights, "captions": captions})


def _later(view: CameraView, length: float) -> CameraView:
    return view.model_copy(update={"seconds": length - view.seconds})


def _backwards(stay: Stay, length: float) -> Stay:
    return Stay(keys=tuple(key.model_copy(update={"seconds": length - key.seconds}) for key in reversed(stay.keys)))
