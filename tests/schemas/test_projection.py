"""Projections keep to the records that they are taken from."""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from schemas import unit
from schemas.projection import Projection
from schemas.record import Record


def projections(base: type[Projection] = Projection) -> Iterator[type[Projection]]:
    """Every projection of the schemas."""
    for found in base.__subclasses__():
        if found.__module__.startswith("schemas."):
            yield found
        yield from projections(found)


def in_full(annotation: Any) -> Any:
    """A type with every projection in it replaced by its full record."""
    if isinstance(annotation, type) and issubclass(annotation, Projection):
        return annotation.full
    if (origin := get_origin(annotation)) is None:
        return annotation
    parts = tuple(in_full(part) for part in get_args(annotation))
    return Union[parts] if origin in (Union, UnionType) else origin[parts]  # noqa: UP007  made at run time


def test_a_projection_has_fields_of_its_record_with_the_same_types() -> None:
    """Each field of each projection exists in the full record, and its type is equal once nested projections are
    replaced by what they project.
    """
    found = list(projections())
    assert unit.UnitOffer in found
    for projection in found:
        for name, field in projection.model_fields.items():
            assert name in projection.full.model_fields, (projection, name)
            full = projection.full.model_fields[name].annotation
            assert in_full(field.annotation) == in_full(full), (projection, name)


def test_a_nested_projection_stands_for_its_record_alone() -> None:
    """A tuple of projections of `Whole` counts as a tuple of `Whole`, and as no tuple of another record."""

    class Whole(Record):
        a: int

    class Other(Record):
        a: int

    class Part(Projection):
        full = Whole

        a: int

    assert in_full(tuple[Part, ...]) == tuple[Whole, ...] != tuple[Other, ...]
    assert in_full(Part | None) == (Whole | None)
