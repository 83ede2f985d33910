"""The base of all records: stored rows, configurations and replies of models."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen record that refuses unknown fields. The docstring below a field says what it is.

    Pydantic does not take it as the field's description: it would read the source of every record at each start.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_default=True,
    )
