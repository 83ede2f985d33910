"""The kinds of things that a text may name by their nouns: those in the clip, and those that are not in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.claim import Claim, Predicate
from schemas.scene import WRITING
from stages.claims.checked import TruthValue
from stages.claims.checker import check
from stages.claims.kind import Kind
from stages.claims.nouns import noun_of, plural, with_article
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing
from stages.facts.entity import Entity


@dataclass(frozen=True)
class NamedKind(Entity):
    """A kind of thing, as a text names it: "a dog" where one is meant, "dogs" where several are."""

    things: tuple[Thing, ...] = ()
    """The things of the clip that are of this kind, as far as it is known where they are."""
    in_clip: bool = False
    """Whether the clip contains such a thing."""
    several: bool = False
    """Whether the text speaks of several things of the kind."""

    def phrase(self, noun: str) -> str:
        """How a text names it; `noun` is not used, for the kind has its own."""
        del noun
        return plural(self.name) if self.several else with_article(self.name)

    @property
    def nouns(self) -> tuple[str, ...]:
        """No other noun may stand for its own."""
        return ("",)

    @property
    def in_video(self) -> bool:
        """Whether the clip contains such a thing."""
        return self.in_clip

    @property
    def visible(self) -> tuple[tuple[float, float], ...]:
        """When things of the kind are visible, (start, end) in seconds, thing after thing."""
        return tuple(stretch for thing in self.things for stretch in thing.visible)

    @property
    def track_ids(self) -> tuple[str, ...]:
        """The tracks of its things."""
        return tuple(track.track_id for thing in self.things for track in thing.tracks)


def named_kinds(view: SceneView) -> Iterator[NamedKind]:
    """The kinds that were looked for to be asked about: those with things in the clip, and those that are not in it.

    A kind of which neither is known is left out, and so are synonyms of one that is named already.
    """
    known: set[str] = set()
    for search in view.scene.searched:
        noun = noun_of(search.noun)
        if not search.asked or noun is None or noun in known or search.noun == WRITING:
            continue
        known.add(noun)
        present = check(Claim(predicate=Predicate.PRESENT, noun=search.noun, intervals=(view.whole_clip,)), view).truth
        if present is not TruthValue.UNKNOWN:
            things = Kind(search.noun, view).things
            in_clip = present is TruthValue.TRUE
            yield NamedKind(None, search.noun, label=search.noun, things=things, in_clip=in_clip)
