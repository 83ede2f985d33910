"""Records and Arrow tables."""

import ast
import hashlib
import inspect
from itertools import pairwise

import pyarrow as pa
import pytest
from pydantic import Field

from schemas.arrow import arrow_schema, from_table, to_table
from schemas.clip import Clip
from schemas.colour import ColourName
from schemas.drop import Drop
from schemas.pair import Pair
from schemas.record import Record
from schemas.unit import Unit
from schemas.version import SCHEMA_VERSION


class Leaf(Record):
    """A nested record."""

    colour: ColourName
    seconds: float | None


class Tree(Record):
    """A record with one field of each kind."""

    name: str
    jpeg: bytes
    count: int
    leaves: tuple[Leaf, ...]
    first: Leaf | None


TREES = [
    Tree(
        name="a",
        jpeg=b"\xff\xd8",
        count=2,
        leaves=(Leaf(colour=ColourName.RED, seconds=0.1 + 0.2), Leaf(colour=ColourName.BLUE, seconds=None)),
        first=None,
    ),
    Tree(name="b", jpeg=b"", count=-1, leaves=(), first=Leaf(colour=ColourName.GREY, seconds=1e-300)),
]


def test_records_survive_a_table_bit_for_bit() -> None:
    """What a table gives back equals what went in, floats to the last bit, enums as enums."""
    back = from_table(Tree, to_table(Tree, TREES))
    assert back == TREES
    assert isinstance(back[0].leaves[0].colour, ColourName)


def test_nullable_is_what_the_record_says() -> None:
    """A field is nullable in Arrow exactly where the record takes None; bytes are large_binary."""
    schema = arrow_schema(Tree)
    assert schema.field("first").nullable
    assert not schema.field("name").nullable
    assert schema.field("jpeg").type == pa.large_binary()
    assert schema.field("leaves").type.value_type.field("seconds").nullable


@pytest.mark.parametrize("record", [Pair, Clip, Drop, Unit])
def test_every_stored_record_has_an_arrow_schema(record: type[Record]) -> None:
    """All tables can be written, and have one column per field, in the record's order."""
    assert arrow_schema(record).names == list(record.model_fields)


@pytest.mark.parametrize("record", [Pair, Clip, Drop, Unit])
def test_every_field_says_what_it_is(record: type[Record]) -> None:
    """Every field of a stored record has a docstring in the source."""
    sources = [inspect.getsource(base) for base in record.__mro__ if issubclass(base, Record) and base is not Record]
    assert set(record.model_fields) - {name for source in sources for name in _described(source)} == set()


def _described(source: str) -> set[str]:
    """The fields of a class with a string below them."""
    [record] = ast.parse(source).body
    assert isinstance(record, ast.ClassDef)
    return {
        ast.unparse(field.target)
        for field, below in pairwise(record.body)
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr)
    }


def test_a_type_that_rows_cannot_hold_is_refused() -> None:
    """A union of two types has no column type: refused when the schema is made, not when a row is written."""

    class Two(Record):
        """A union that no column can hold."""

        either: int | str = Field(default=1)

    with pytest.raises(TypeError, match="either"):
        arrow_schema(Two)


def test_other_columns_are_another_version() -> None:
    """Who changes a table's columns raises SCHEMA_VERSION, so that older sets are refused in one line, and writes the
    new hash here.
    """
    text = "".join(str(arrow_schema(record).remove_metadata()) for record in (Pair, Clip, Drop, Unit))
    told = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert (SCHEMA_VERSION, told) == (9, "a1c23c95544d3f5c")
