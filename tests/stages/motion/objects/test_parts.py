"""Parts that are one thing seen again become chains."""

from stages.motion.objects.identity import IdentityConfig
from stages.motion.objects.parts import Part, chains_of
from tests.stages.motion.objects.trails import BLUE_LAB, SPAN, gliding, part

CONFIG = IdentityConfig()


def numbers(*parts: Part) -> list[list[int]]:
    """The numbers of the trails of each chain."""
    return [[one.trail.number for one in chain] for chain in chains_of(parts, SPAN, CONFIG)]


def test_a_thing_that_passes_behind_something_is_one_chain() -> None:
    """At 4 px a frame it is at x = 60 when it is lost and at x = 84 six frames later: where it must be."""
    assert numbers(part(0, 10, gliding(20, 40, 4, 11)), part(1, 27, gliding(84, 40, 4, 8))) == [[0, 1]]


def test_another_colour_or_an_impossible_way_makes_two_chains() -> None:
    """Blue is another thing; and in six frames at 4 px nothing gets 90 px further."""
    first = part(0, 10, gliding(20, 40, 4, 11))
    assert numbers(first, part(1, 27, gliding(84, 40, 4, 8), lab=BLUE_LAB, name="blue")) == [[0], [1]]
    assert numbers(first, part(1, 27, [(130, 90, 150, 110)] * 8)) == [[0], [1]]


def test_parts_seen_at_once_are_two_things() -> None:
    """Two of one colour in view together: neither is linked with a third of that colour."""
    first, second = part(0, 10, gliding(20, 40, 4, 11)), part(1, 12, [(20, 90, 40, 110)] * 11)
    assert numbers(first, second, part(2, 27, gliding(84, 40, 4, 8))) == [[0], [1], [2]]


def test_a_thing_comes_back_over_the_same_border_or_on_its_line() -> None:
    """It leaves to the right at rows 40 to 60. It is the same if it comes back there, or from the left at rows 42 to
    62; from the left at rows 80 to 100 it may be another one.
    """
    leaves = part(0, 10, gliding(100, 40, 5, 12))
    assert leaves.leaves is not None
    for boxes, chains in (
        (list(reversed(gliding(100, 80, 5, 12))), [[0, 1]]),
        (gliding(-15, 42, 5, 12), [[0, 1]]),
        (gliding(-15, 80, 5, 12), [[0], [1]]),
    ):
        back = part(1, 60, boxes)
        assert back.enters is not None
        assert numbers(leaves, back) == chains


def test_two_sightings_are_a_glimpse() -> None:
    """Nothing is said about a thing with fewer than three sightings."""
    assert part(0, 10, gliding(20, 40, 4, 2)).is_glimpse
    assert not part(0, 10, gliding(20, 40, 4, 3)).is_glimpse


def test_what_never_has_the_pixels_of_a_thing_is_noise() -> None:
    """A trail of 23 pixels on every frame is noise, and so a glimpse, however long it is; one of 24 is a thing."""
    assert part(0, 10, [(20, 40, 43, 41)] * 30).is_noise
    assert part(0, 10, [(20, 40, 43, 41)] * 30).is_glimpse
    assert not part(0, 10, [(20, 40, 44, 41)] * 30).is_glimpse
