"""The things that a text may name: those in the clip that only one phrase fits, and some that are not in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schemas.colour import ColourName
from schemas.interval import Interval
from schemas.scene import OBJECT, WRITING, Scene
from stages.claims.annotated_things import BOX_ERROR, is_annotated
from stages.claims.nouns import lives, words_about, words_near
from stages.claims.phrases import ABSENT_SHARE, ALONE_SHARE, sole
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing, shared_boxes

OBJECT_NOUNS = ("object", "thing", "shape", "item")
"""What a moving region may be called; the choice tells nothing about it."""
_SIDE = re.compile(r"\b(left|right|side|middle|centre|center)\b")
_HEIGHT = re.compile(r"\b(upper|lower|above|below|under|middle|(at|on|near|in|to) the (top|bottom))\b")
_DEED = re.compile(
    r"\b(first|second|third|last|before|after|then|start|beginning|end|still|moving|(come|go|leave|enter|move|stand|run"
    r"|walk|fall|rise|arrive|turn|fly|drive|roll)(s|es)?|up|down|away|into|onto|out)\b"
)
_OWNERS = {"her", "his", "its", "their"}
_MOSTLY = 0.7  # share of a thing that must lie in a third before anybody would say that it is there
_PLAIN_GAP = 0.05  # of the picture's width: of two things this near to each other, neither is plainly on the left
_AFTER_HEAD = re.compile(
    r"\b(in|on|of|with|at|behind|along|to|under|that|who|which|from|near|between|above|below|by|for|seen|held|made)\b"
)

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
    """What distinguishes it from others: "red", "face", "dog on the left", "woman in the pink top"."""
    label: str = OBJECT
    later: Thing | None = None
    """What the same phrase refers to at a later time, if an answer names it twice."""

    def phrase(self, noun: str) -> str:
        """How a text names it: "the red object", "the face"."""
        return f"the {self.name} {noun}" if self.label == OBJECT else f"the {self.name}"

    @property
    def nouns(self) -> tuple[str, ...]:
        """The nouns that a question about it may use."""
        return OBJECT_NOUNS if self.label == OBJECT else (self.label,)

    @property
    def tells_side(self) -> bool:
        """Whether its phrase says how far left or right it is; then a question about that cannot name it."""
        return _SIDE.search(self.name) is not None

    @property
    def tells_height(self) -> bool:
        """Whether its phrase says how high up it is."""
        return _HEIGHT.search(self.name) is not None

    @property
    def tells_deed(self) -> bool:
        """Whether its phrase may say what it does, or when."""
        return _DEED.search(self.name) is not None

    @property
    def lives(self) -> bool:
        """Whether nobody would say "it" or "the object" of it: a person or an animal."""
        return lives(self.label)

    @property
    def stands_still(self) -> bool:
        """Whether it is known to stand still in all of the clip: what is said of it once is true at any time."""
        return self.thing is not None and not self.thing.moves

    def mentions(self, other: "Entity") -> bool:
        """Whether its phrase names the kind of another thing: "the pen in the hand" tells where the hand is."""
        head, *rest = _AFTER_HEAD.split(self.name, maxsplit=1)
        named = {*other.label.split(), *_AFTER_HEAD.split(other.name, maxsplit=1)[0].split()[-1:]}
        words = set(" ".join(rest).split())
        return bool(head) and not words.isdisjoint(named | _OWNERS)

    def straddles(self, interval: Interval, axis: int) -> bool:
        """Whether much of it lies outside the third of the picture's width (axis 0) or height (1) that its centre is
        in, at some time, or may do so, as people read boxes by eye.
        """
        if self.thing is None:
            return False
        error = BOX_ERROR if is_annotated(self.thing) else 0.0
        boxes_T4 = self.thing.path.inside(interval).boxes_T4
        starts_T, ends_T = boxes_T4[:, axis], boxes_T4[:, axis + 2]
        thirds_T = np.clip((starts_T + ends_T) / 2 * 3, 0, 2.999).astype(int) / 3
        inside_T = np.minimum(ends_T, thirds_T + 1 / 3) - np.maximum(starts_T, thirds_T)
        return bool((inside_T - error < _MOSTLY * (ends_T - starts_T)).any())

    @property
    def in_video(self) -> bool:
        """Whether the clip contains it."""
        return self.thing is not None

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
    """Whether somebody might use the name of one for the other."""
    if a.label == b.label:
        return a.label == OBJECT and ColourName(a.name) in near(ColourName(b.name))
    return b.label in words_about(a.label) | words_near(a.label)


def coloured(view: SceneView) -> dict[ColourName, list[Thing]]:
    """Objects by colour name, in order of first appearance; only colours that nothing else in view might have."""
    outside = {hue.name: hue.largest_share_outside for hue in view.scene.hues}
    found: dict[ColourName, list[Thing]] = {}
    for thing in sorted(view.things, key=lambda thing: thing.tracks[0].first_seconds):
        names = {track.colour.name for track in thing.tracks if track.colour}
        for name in () if thing.is_overlaid else names:
            found.setdefault(name, []).append(thing)
    return {name: things for name, things in found.items() if outside.get(name, 1.0) <= ALONE_SHARE}


def nameable_objects(view: SceneView) -> tuple[Entity, ...]:
    """Objects whose colour name no other thing of the clip has, in order of name. Nobody calls a dog an object."""
    alone = [
        Entity(things[0], name.value)
        for name, things in coloured(view).items()
        if len(things) == 1 and things[0].consistent and things[0].colour and not lives(things[0].noun)
    ]
    return tuple(sorted(alone, key=lambda entity: entity.name))


def named_things(view: SceneView) -> tuple[Entity, ...]:
    """Things of which a noun is known, but writing. How a text names one depends on the time: see `named_then`."""
    found = (thing for thing in view.things if thing.noun not in (None, WRITING) and thing.consistent)
    named = (Entity(thing, _said(thing).removeprefix("the "), thing.noun or "") for thing in found)
    return tuple(entity for entity in named if not _is_plural(entity.name))


def _said(thing: Thing) -> str:
    """How a text names it: by the phrase that an annotation gives it, with its capitals, or by its noun."""
    phrases = [track.phrase for track in thing.tracks if track.phrase is not None]
    return phrases[0] if thing.phrase is not None else f"the {thing.noun}"


def _is_plural(name: str) -> bool:
    """Whether the first noun of a phrase is a plural, after which "is" would be wrong."""
    head = _AFTER_HEAD.split(name, maxsplit=1)[0].split()
    return not head or re.search(r"(?<![sui])s$", head[-1]) is not None


def named_then(view: SceneView, named: Entity, intervals: Sequence[Interval]) -> Entity | None:
    """A named thing as a text names it at those times; None if no phrase fits only it.

    By the phrase that an annotation gives it; else by its noun, or as one of two of a kind side by side.
    """
    if named.thing is None or named.thing.phrase is not None:
        return named
    sides = (f"{named.label} on the left", f"{named.label} on the right")
    for name in (named.label, *(sides if _is_plainly_beside(named.thing, view, intervals) else ())):
        if sole(f"the {name}", view, intervals, seen_then=True) is named.thing:
            return Entity(named.thing, name, named.label)
    return None


def _is_plainly_beside(thing: Thing, view: SceneView, intervals: Sequence[Interval]) -> bool:
    """Whether all others of its kind are so far to the left or right of it that nobody doubts on which side it is."""
    for other in (other for other in view.things if other is not thing and other.noun == thing.noun):
        for interval in intervals:
            own, others = shared_boxes(thing.path.inside(interval), other.path.inside(interval))
            if (np.abs(own.centres_T2[:, 0] - others.centres_T2[:, 0]) < _PLAIN_GAP).any():
                return False
    return True


def absent_colours(scene: Scene) -> tuple[Entity, ...]:
    """Things of colours that no pixel of the clip has, and that are not near the colour of any object."""
    largest = {hue.name: hue.largest_share for hue in scene.hues}
    present = {track.colour.name for track in scene.tracks if track.colour}
    shunned = present | {other for name in present for other in near(name)}
    names = [name for name in ColourName if name not in shunned and largest.get(name, 1.0) < ABSENT_SHARE]
    return tuple(Entity(None, name.value) for name in names)
