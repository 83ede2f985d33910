"""The things that a text may name: those in the clip that only one phrase fits, and some that are not in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.colour import ColourName
from schemas.interval import Interval
from schemas.scene import FACE, OBJECT, Scene
from stages.claims.phrases import ABSENT_SHARE, ALONE_SHARE, sole
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing

OBJECT_NOUNS = ("object", "thing", "shape", "item")
"""What a moving region may be called; the choice tells nothing about it."""
FACE_NOUNS = ("face",)

_C = ColourName
_NEAR: dict[ColourName, tuple[ColourName, ...]] = {
    _C.RED: (_C.ORANGE, _C.PINK, _C.BROWN),
    _C.ORANGE: (_C.RED, _C.YELLOW, _C.BROWN),
    _C.YELLOW: (_C.ORANGE,),
    _C.GREEN: (_C.CYAN,),
    _C.CYAN: (_C.GREEN, _C.BLUE),
    _C.BLUE: (_C.CYAN, _C.PURPLE),
    _C.PURPLE: (_C.BLUE, _C.PINK),
    _C.PINK: (_C.PURPLE, _C.RED),
    _C.BROWN: (_C.ORANGE, _C.RED, _C.BLACK),
    _C.BLACK: (_C.GREY, _C.BROWN),
    _C.GREY: (_C.BLACK, _C.WHITE),
    _C.WHITE: (_C.GREY,),
}
"""For each colour, the other names that somebody might use for a thing of that colour."""


@dataclass(frozen=True)
class Entity:
    """A thing as a text names it."""

    thing: Thing | None
    """What it is in the clip; None if the clip has no such thing."""
    name: str
    """What distinguishes it from others: "red", "face", "face on the left"."""
    label: str = OBJECT
    later: Thing | None = None
    """What the same phrase refers to at a later time, if an answer names it twice."""

    def phrase(self, noun: str) -> str:
        """How a text names it: "the red object", "the face"."""
        return f"the {self.name} {noun}" if self.label == OBJECT else f"the {self.name}"

    @property
    def nouns(self) -> tuple[str, ...]:
        """The nouns that a question about it may use."""
        return OBJECT_NOUNS if self.label == OBJECT else FACE_NOUNS

    @property
    def tells_side(self) -> bool:
        """Whether its phrase says where it is; then a question about left or right cannot name it."""
        return "on the" in self.name

    @property
    def visible(self) -> tuple[tuple[float, float], ...]:
        """When it is visible, (start, end) in seconds, in order."""
        return self.thing.visible if self.thing else ()

    @property
    def track_ids(self) -> tuple[str, ...]:
        """Its tracks, by first appearance."""
        return tuple(track.track_id for track in self.thing.tracks) if self.thing else ()


def near(name: ColourName) -> tuple[ColourName, ...]:
    """The other names that somebody might use for a thing of this colour."""
    return _NEAR[name]


def alike(a: Entity, b: Entity) -> bool:
    """Whether somebody might use the name of one for the other; never true of faces."""
    if FACE in (a.label, b.label):
        return False
    return ColourName(a.name) in near(ColourName(b.name))


def coloured(view: SceneView) -> dict[ColourName, list[Thing]]:
    """Objects by colour name, in order of first appearance; only colours that nothing else in view might have."""
    outside = {hue.name: hue.largest_share_outside for hue in view.scene.hues}
    found: dict[ColourName, list[Thing]] = {}
    for thing in sorted(view.things, key=lambda thing: thing.tracks[0].first_seconds):
        names = {track.colour.name for track in thing.tracks if track.colour}
        for name in names if not thing.is_face else ():
            found.setdefault(name, []).append(thing)
    return {name: things for name, things in found.items() if outside.get(name, 1.0) <= ALONE_SHARE}


def nameable_objects(view: SceneView) -> tuple[Entity, ...]:
    """Objects whose colour name no other thing of the clip has, in order of name."""
    alone = [
        Entity(things[0], name.value)
        for name, things in coloured(view).items()
        if len(things) == 1 and things[0].consistent and things[0].colour
    ]
    return tuple(sorted(alone, key=lambda entity: entity.name))


def faces_of(view: SceneView) -> tuple[Entity, ...]:
    """Every face. The phrase for it depends on the time: see `named_face`."""
    faces = [thing for thing in view.things if thing.is_face]
    return tuple(Entity(face, "face", FACE) for face in faces)


def named_face(view: SceneView, face: Entity, intervals: Sequence[Interval]) -> Entity | None:
    """The face as a text names it at those times: alone, or as one of two side by side; None if neither fits."""
    faces = [thing for thing in view.things if thing.is_face]
    seen = [thing for thing in faces if any(thing.is_seen(interval) for interval in intervals)]
    if seen == [face.thing]:
        return face
    if len(seen) != 2 or face.thing not in seen:
        return None
    for side in ("left", "right"):
        if sole(f"the face on the {side}", view, intervals, seen_then=True) is face.thing:
            return Entity(face.thing, f"face on the {side}", FACE)
    return None


def absent_colours(scene: Scene) -> tuple[Entity, ...]:
    """Things of colours that no pixel of the clip has, and that are not near the colour of any object."""
    largest = {hue.name: hue.largest_share for hue in scene.hues}
    present = {track.colour.name for track in scene.tracks if track.colour}
    shunned = present | {other for name in present for other in near(name)}
    names = [name for name in ColourName if name not in shunned and largest.get(name, 1.0) < ABSENT_SHARE]
    return tuple(Entity(None, name.value) for name in names)
