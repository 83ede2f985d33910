"""A projection: what one reader takes of a stored record, read without the record's other columns."""

from typing import ClassVar

from schemas.record import Record


class Projection(Record):
    """A record whose fields are some of those of its `full` record, with the same names, types and meanings.

    In place of a nested record it may have a projection of that record.
    """

    full: ClassVar[type[Record]]
    """The record that it is a projection of; the meaning of each field is documented there."""
