"""Which kinds of things a viewer would expect beside those that a clip shows: a fork in a kitchen, and not a car."""

from collections.abc import Iterable

from stages.claims.nouns import field_of

_PEOPLE = "people"
_BESIDE: dict[str, frozenset[str]] = {
    _PEOPLE: frozenset({_PEOPLE, "clothes"}),
    "animals": frozenset({"animals", "nature", "streets"}),
    "vehicles": frozenset({"vehicles", "streets", "nature"}),
    "streets": frozenset({"streets", "vehicles", "nature", "animals"}),
    "nature": frozenset({"nature", "animals", "streets", "vehicles", "sport"}),
    "rooms": frozenset({"rooms", "kitchen", "screens", "things", "clothes"}),
    "kitchen": frozenset({"kitchen", "food", "rooms"}),
    "food": frozenset({"food", "kitchen"}),
    "clothes": frozenset({"clothes", "things"}),
    "things": frozenset({"things", "clothes", "rooms", "screens", "sport", "shapes"}),
    "screens": frozenset({"screens", "rooms", "things"}),
    "music": frozenset({"music"}),
    "sport": frozenset({"sport", "things", "nature", "shapes"}),
    "shapes": frozenset({"shapes", "things", "sport"}),
}
"""For each field of nouns those of which things are seen together."""


def is_expected(noun: str, seen: Iterable[str]) -> bool:
    """Whether things of a noun are often seen with things of the nouns that are in view.

    People may be anywhere. Of a noun that is not listed nothing is expected.
    """
    field = field_of(noun)
    fields = {found for name in seen if (found := field_of(name)) is not None}
    return field is not None and bool(fields) and (field == _PEOPLE or any(field in _BESIDE[one] for one in fields))
