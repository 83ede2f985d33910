"""dataset.json: the manifest of a finished set."""

from typing import Self

from pydantic import Field, JsonValue, model_validator

from schemas.drop import DropReason, ItemType
from schemas.errors import DatasetError
from schemas.record import Record
from schemas.version import SCHEMA_VERSION


class ReasonCount(Record):
    """How many items of one type were dropped for one reason."""

    reason: DropReason
    """Why they were dropped."""
    count: int = Field(ge=1)
    """How many items."""


class AccountLine(Record):
    """How many items of one type were produced, kept and dropped."""

    item_type: ItemType
    """The type of item."""
    produced: int = Field(ge=0)
    """How many items there were."""
    kept: int = Field(ge=0)
    """How many of them are in the set."""
    dropped: tuple[ReasonCount, ...] = ()
    """One entry per reason, sorted by its name."""

    @property
    def dropped_count(self) -> int:
        """How many items were dropped, over all reasons."""
        return sum(entry.count for entry in self.dropped)

    @property
    def adds_up(self) -> bool:
        """Whether every item produced was either kept or dropped."""
        return self.produced == self.kept + self.dropped_count


class Account(Record):
    """The account of a run: for every type of item, produced = kept + dropped."""

    lines: tuple[AccountLine, ...]
    """One line per type of item."""
    ignored_files: int = Field(default=0, ge=0)
    """Files that were not taken as videos: hidden ones, other extensions, and pipes, sockets and devices."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for line in self.lines:
            if not line.adds_up:
                raise ValueError(
                    f"the account of {line.item_type} does not add up: "
                    f"{line.produced} produced, {line.kept} kept + {line.dropped_count} dropped"
                )
        return self

    def line(self, item_type: ItemType) -> AccountLine | None:
        """The line of that type, or null if there is none."""
        return next((line for line in self.lines if line.item_type is item_type), None)


class ShardEntry(Record):
    """One Parquet file of the set."""

    path: str
    """Path relative to the set, with forward slashes."""
    rows: int = Field(ge=0)
    """Number of rows."""
    bytes: int = Field(ge=0)
    """Size of the file in bytes."""
    sha256: str
    """SHA-256 of the file, hex."""

    @model_validator(mode="after")
    def _lies_in_the_set(self) -> Self:
        if self.path.startswith("/") or "\\" in self.path or ".." in self.path.split("/"):
            raise ValueError(f"shard {self.path!r} does not lie in the set")
        return self


class ModelUse(Record):
    """The model that played a role."""

    role: str
    """The role: detector, face detector, reader, writer, target, corrupter, judge or blind judge."""
    name: str
    """The model's name; `motion` and `facts` are part of vidpref."""
    revision: str | None = None
    """The model's revision, if it has one."""


class DatasetManifest(Record):
    """All that dataset.json holds."""

    schema_version: int
    """Version of the schemas that the rows follow."""
    recipe_name: str
    """Name of the recipe."""
    recipe: dict[str, JsonValue]
    """The settings that may change a row, as the run used them."""
    fingerprint: str
    """SHA-256 over all that may change a row, hex."""
    seed: int
    """The seed of the run."""
    account: Account
    """How many items were produced, kept and dropped."""
    models: tuple[ModelUse, ...] = ()
    """Which model played which role."""
    prompt_hashes: tuple[str, ...] = ()
    """Hashes of the files below prompts/ that the recipe uses."""
    shards: tuple[ShardEntry, ...]
    """Every Parquet file, sorted by path."""

    @model_validator(mode="after")
    def _is_readable(self) -> Self:
        if self.schema_version != SCHEMA_VERSION:
            raise DatasetError(
                f"the set has schema version {self.schema_version}, this program reads {SCHEMA_VERSION}: build it again"
            )
        return self
