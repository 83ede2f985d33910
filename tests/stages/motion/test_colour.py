"""Colour names: strict for what has a colour, generous for what might have it."""

import numpy as np
import pytest

from schemas.colour import ColourName
from stages.motion import colour


def _might_be(pixels: np.ndarray, name: ColourName) -> np.ndarray:
    """The pixels that anyone might give that name."""
    return (colour.family_bits(pixels) & (1 << colour.NAMES.index(name))) > 0


@pytest.mark.parametrize("name", list(ColourName))
def test_a_noisy_shaded_patch_of_a_palette_value_gets_that_name_by_a_wide_margin(name: ColourName) -> None:
    """Shading of +-10 % and sensor noise of 6 levels must not change the name of any palette value."""
    rng = np.random.default_rng(3)
    for value in colour.PALETTE[name]:
        shades = np.array(value) * rng.uniform(0.9, 1.1, (1000, 1)) + rng.normal(0, 6, (1000, 3))
        found = colour.dominant_colour(colour.count_names(np.clip(shades, 0, 255).astype(np.uint8)))
        assert found is not None
        assert found.name == name
        assert found.margin > 0.8


@pytest.mark.parametrize("name", list(ColourName))
def test_what_is_named_strictly_is_in_its_family(name: ColourName) -> None:
    """Each pixel that has a name strictly also might have it; otherwise an absent colour could be in view."""
    grid = (
        np.stack(np.meshgrid(*[np.arange(0, 256, 5)] * 3, indexing="ij"), axis=-1).astype(np.uint8).reshape(-1, 52, 3)
    )
    named = colour.name_numbers(grid) == colour.NAMES.index(name)
    assert named.any()
    assert _might_be(grid, name)[named].all()


@pytest.mark.parametrize(
    ("rgb", "names"),
    [
        ((0, 130, 130), {ColourName.GREEN, ColourName.CYAN}),
        ((255, 90, 20), {ColourName.RED, ColourName.ORANGE}),
        ((40, 40, 44), {ColourName.BLACK, ColourName.GREY}),
        ((205, 205, 205), {ColourName.GREY, ColourName.WHITE}),
    ],
)
def test_a_colour_between_two_names_might_be_called_by_either(
    rgb: tuple[int, int, int], names: set[ColourName]
) -> None:
    """Some people call teal green, others cyan: neither colour is absent."""
    patch = np.array([[rgb]], dtype=np.uint8)
    for name in names:
        assert _might_be(patch, name).all()


def test_half_red_half_blue_has_no_dominant_colour() -> None:
    """Shares of 0.5 and 0.5 leave a margin of 0: no name is dominant."""
    patch = np.array([[colour.PALETTE[ColourName.RED][0], colour.PALETTE[ColourName.BLUE][0]]], dtype=np.uint8)
    assert colour.dominant_colour(colour.count_names(patch)) is None


def test_share_and_margin_are_counted_over_all_pixels() -> None:
    """Seven red, two blue and one pixel between names: share 7/10, margin 7/10 - 2/10."""
    red, blue = colour.PALETTE[ColourName.RED][0], colour.PALETTE[ColourName.BLUE][0]
    between = (250, 85, 30)
    assert colour.name_numbers(np.array([between], dtype=np.uint8))[0] == colour.UNNAMED
    patch = np.array([red] * 7 + [blue] * 2 + [between], dtype=np.uint8)
    found = colour.dominant_colour(colour.count_names(patch))
    assert found is not None
    assert (found.name, found.share, found.margin) == (ColourName.RED, 0.7, pytest.approx(0.5))
