"""Fingerprints and how two of them differ."""

from pipeline.recipes.identity import Identity, differences


def identity(**changes: object) -> Identity:
    content = {"recipe_name": "a", "recipe": {"decode": {"frames": 4, "sizes": [1, 2]}, "cut": {}}, "seed": 0}
    return Identity.model_validate(content | changes)


def test_the_order_of_keys_and_the_name_change_nothing() -> None:
    """Equal content has an equal fingerprint."""
    other = identity(recipe_name="b", recipe={"cut": {}, "decode": {"sizes": [1, 2], "frames": 4}})
    assert identity().fingerprint == other.fingerprint
    assert differences(identity(), other) == []


def test_every_value_that_differs_has_a_line() -> None:
    """A changed value, an added key and another seed are each told by their path."""
    other = identity(recipe={"decode": {"frames": 8, "sizes": [1, 2], "new": True}, "cut": {}}, seed=3)
    assert identity().fingerprint != other.fingerprint
    assert differences(identity(), other) == ["decode.frames: 4 -> 8", "decode.new: null -> true", "seed: 0 -> 3"]
