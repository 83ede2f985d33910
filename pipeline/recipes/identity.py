"""Everything that may change a row, and a hash of it: two runs with the same fingerprint give the same bytes."""

import hashlib
import json
from collections.abc import Iterator

from pydantic import Field, JsonValue

from schemas.record import Record
from schemas.version import SCHEMA_VERSION


class Identity(Record):
    """Everything that may change a row; limits, workers and addresses are not part of it."""

    recipe_name: str
    recipe: dict[str, JsonValue]
    """The configuration of every stage and of finalise."""
    seed: int
    prompt_hashes: tuple[str, ...] = ()
    """Hashes of the prompt files that its stages use."""
    packages: tuple[str, ...] = ()
    """Name and version of installed packages that may change a row."""
    schema_version: int = Field(default=SCHEMA_VERSION)
    """Version of the schemas that the rows follow."""

    @property
    def fingerprint(self) -> str:
        """SHA-256, hex; the recipe's name does not count."""
        content = self.model_dump(mode="json", exclude={"recipe_name"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def differences(old: Identity, new: Identity) -> list[str]:
    """One line per value that differs, as `key: old -> new`."""
    before, after = (dict(_flat("", identity.model_dump(mode="json"))) for identity in (old, new))
    before.pop("recipe_name")
    after.pop("recipe_name")
    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return [f"{key.removeprefix('recipe.')}: {_show(before.get(key))} -> {_show(after.get(key))}" for key in keys]


def _flat(prefix: str, value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else key, inner)
    else:
        yield prefix, value


def _show(value: JsonValue) -> str:
    return json.dumps(value)[:60]
