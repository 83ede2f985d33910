"""Which thing of a clip a phrase fits: "the red object", "the face", "the dog on the left", "the object that moves".

Five kinds of words are understood: the very phrase that an annotation gives a thing; a noun that was searched for or
that a track has as its label; a colour name; "that moves", "moving"; "on the left", "on the right". A phrase fits a
thing only if it fits no other thing of the clip, including those that stand still and those that were hardly detected.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from schemas.colour import ColourName
from schemas.interval import Interval
from stages.claims.nouns import is_one, words_about
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing, shared_boxes
from stages.claims.uniqueness import are_all

ALONE_SHARE = 0.001
"""If a colour covers at most this share of any frame outside the tracks that have it, no other thing has it."""
ABSENT_SHARE = 0.0003
"""If a colour covers at most this share of any frame, nothing in the clip has it."""
_MOVING = re.compile(r"\bmov(es|ing)\b")
_QUOTES = re.compile('["\u201c\u201d]')
_SIDE = re.compile(r"\bon the (left|right)\b")
_KIND = re.compile(r"(?:the |an? )?(?:\w+'s )?(.+)")
_COLOUR_WORDS = {name.value: name for name in ColourName} | {"gray": ColourName.GREY}


@dataclass(frozen=True)
class PhraseMeaning:
    """What a phrase says about its thing."""

    kind: str
    """What is left of the phrase without article, owner and side: "face" of "the person's face on the left"."""
    colours: tuple[ColourName, ...]
    """The colour names in the phrase."""
    moving: bool
    side: str | None
    """"left" or "right", if the phrase says on which side of a similar thing it is."""


@lru_cache(maxsize=4096)
def meaning_of(phrase: str) -> PhraseMeaning:
    """What the words of a phrase say."""
    lower = phrase.casefold()
    words = re.findall(r"[a-z]+", lower)
    side = _SIDE.search(lower)
    kind = _KIND.fullmatch(_SIDE.sub("", lower).strip())
    return PhraseMeaning(
        kind=kind.group(1) if kind else "",
        colours=tuple(dict.fromkeys(_COLOUR_WORDS[word] for word in words if word in _COLOUR_WORDS)),
        moving=_MOVING.search(lower) is not None,
        side=side.group(1) if side else None,
    )


def contradiction(phrase: str, thing: Thing) -> float:
    """How clearly the phrase gives the thing another colour than it has, as a share of pixels; 0 if it does not."""
    meaning, colour = meaning_of(phrase), thing.colour
    if len(meaning.colours) != 1 or colour is None or thing.is_overlaid or thing.phrase is not None:
        return 0.0
    return colour.margin if colour.name is not meaning.colours[0] else 0.0


def absence(phrase: str, view: SceneView) -> float:
    """How far a phrase's colour stays below the limit of absence, as a share of pixels; 0 if a thing may have it."""
    meaning = meaning_of(phrase)
    if len(meaning.colours) != 1 or meaning.kind in view.nouns:
        return 0.0
    name = meaning.colours[0]
    hue = view.hue(name)
    called = any(track.colour is not None and track.colour.name is name for track in view.scene.tracks)
    return 0.0 if hue is None or called else max(0.0, ABSENT_SHARE - hue.largest_share)


def sole(phrase: str, view: SceneView, intervals: Iterable[Interval], *, seen_then: bool) -> Thing | None:
    """The one thing that a phrase fits; None if it fits none, may fit several, or is not understood.

    `seen_then`: only things visible in the intervals count ("the red object" before the cut). This always holds for
    nouns ("the face"), which are searched for frame by frame.
    """
    plain = _QUOTES.sub("", phrase.casefold())  # annotations quote titles, which writers may not
    named = [thing for thing in view.things if thing.phrase is not None and _QUOTES.sub("", thing.phrase) == plain]
    if named:
        return named[0] if len(named) == 1 and named[0].consistent else None
    meaning, spans = meaning_of(phrase), tuple(intervals) or (view.whole_clip,)
    if meaning.kind in view.nouns:
        return _sole_of_kind(meaning, view, spans)
    if len(meaning.colours) > 1:
        return None
    fitting = _candidates(meaning, view)
    if seen_then:
        fitting = [thing for thing in fitting if any(thing.is_seen(span) for span in spans)]
    if not meaning.colours and any(thing.may_be_several for thing in fitting):
        return None
    if meaning.side and len(fitting) == 2:
        fitting = _on_side(fitting, meaning.side, spans)
    if len(fitting) != 1 or not fitting[0].consistent or (meaning.moving and not fitting[0].moves):
        return None
    return fitting[0]


def _sole_of_kind(meaning: PhraseMeaning, view: SceneView, spans: tuple[Interval, ...]) -> Thing | None:
    """The only thing of a kind in the spans, or the one on that side if there are exactly two.

    What goes by a wider noun may be of the kind, too.
    """
    of_kind = [thing for thing in view.things if thing.noun in words_about(meaning.kind)]
    seen = [thing for thing in of_kind if any(thing.is_seen(span) for span in spans)]
    count = 2 if meaning.side else 1
    if len(seen) != count or not all(thing.consistent and is_one(thing.noun or "", meaning.kind) for thing in seen):
        return None
    if not are_all(seen, meaning.kind, view, spans, always=meaning.side is not None):
        return None
    fitting = _on_side(seen, meaning.side, spans) if meaning.side else seen
    return fitting[0] if fitting else None


def _candidates(meaning: PhraseMeaning, view: SceneView) -> list[Thing]:
    if not meaning.colours:
        # "the object that moves"; "the object" alone fits none, as things that stand still may have no track
        all_tracked = view.is_tracked(view.whole_clip.start_seconds, view.whole_clip.end_seconds)
        return [*view.movers, *view.perhaps_movers] if all_tracked and meaning.moving else []
    name = meaning.colours[0]
    hue = view.hue(name)
    if hue is None or hue.largest_share_outside > ALONE_SHARE:
        return []
    noun = meaning.kind.split()[-1]
    objects = [thing for thing in view.things if not thing.is_overlaid]
    if noun in view.nouns:
        objects = [thing for thing in objects if thing.noun == noun]  # "the red ball" is not the red box
    # a thing whose tracks differ in colour counts for each of their colours: it must not be overlooked
    return [t for t in objects if any(track.colour is not None and track.colour.name is name for track in t.tracks)]


def _on_side(pair: Sequence[Thing], side: str, spans: tuple[Interval, ...]) -> list[Thing]:
    """The one of two things that is on that side of the other one whenever both are visible in the spans."""
    gaps = []
    for span in spans:
        first, second = shared_boxes(pair[0].path.inside(span), pair[1].path.inside(span))
        gaps += list(second.centres_T2[:, 0] - first.centres_T2[:, 0])
    if not gaps or (min(gaps) <= 0 <= max(gaps)):
        return []
    first_is_left = bool(np.min(gaps) > 0)
    return [pair[0] if first_is_left == (side == "left") else pair[1]]
