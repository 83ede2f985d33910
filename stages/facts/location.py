"""Questions about the third of the picture that a thing, or most of the movement, is in."""

from schemas.claim import Predicate
from schemas.scene import OBJECT
from stages.facts.askable_scene import AskableScene
from stages.facts.order import rests
from stages.facts.slot import Column, Slot
from stages.facts.stillness import something_moves
from stages.wording.stretch import Stretch, halves, moments, near_cut, shots, spans, whole_clip


def _thirds(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Predicate.IN_REGION, name) for name in names)


ACROSS = _thirds("left", "centre", "right")
UPRIGHT = _thirds("top", "middle", "bottom")
MOTION = tuple(Column(name, Predicate.MOTION_IN, name) for name in ("left", "centre", "right"))


def location(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for in_region and motion_in."""
    scene, found = view.scene, list[Slot]()
    common = (*moments(scene), *near_cut(scene), *halves(scene), *shots(scene), whole_clip(scene))
    for thing in view.things:
        resting = [rest for other in view.others(thing) for rest in rests(scene, other)]
        choices = [*view.sightings(thing, [(s,) for s in common]), *view.sightings(thing, [(s,) for s in resting])]
        for entity, (stretch,) in choices[:1] if thing.label != OBJECT and thing.stands_still else choices:
            for name, columns in (("across", ACROSS), ("upright", UPRIGHT)):
                if entity.tells_side if name == "across" else entity.tells_height:
                    continue
                if entity.straddles(stretch.interval, 0 if name == "across" else 1):
                    continue
                slot = Slot(
                    key=f"{name}.{entity.name}.{stretch.key}",
                    wording=f"location.{name}",
                    feature=name,
                    columns=columns,
                    row=entity,
                    stretches=(stretch,),
                )
                found.extend(view.both_ways(slot, 3))
    parts = view.steady((whole_clip(scene), *spans(scene), *shots(scene)))
    lively = [stretch for stretch in parts if something_moves(view.seen, stretch.interval)]
    return (*found, *(_motion(stretch) for stretch in view.some_of_picture(lively)))


def _motion(stretch: Stretch) -> Slot:
    return Slot(
        key=f"motion_in.{stretch.key}",
        wording="location.motion",
        feature="motion_in",
        columns=MOTION,
        width=3,
        stretches=(stretch,),
    )
