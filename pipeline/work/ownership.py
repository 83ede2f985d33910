"""An --out belongs to one recipe: another one is refused, with the differences."""

import uuid

from pydantic import ValidationError

from pipeline.recipes.identity import Identity, differences
from pipeline.storage.location import Location, filesystem_error
from schemas.errors import OutputError

WORK = ".work"
_LISTED = 6
"""Differences of two recipes that are listed one by one."""


def refuse_unwritable(out: Location) -> None:
    """Raise OutputError if nothing can be written to an --out."""
    try:
        probe = out / WORK / f"probe-{uuid.uuid4().hex}"
        probe.write_bytes(b"")
        probe.delete()
    except OSError as error:
        raise OutputError(f"--out {out} cannot be written: {filesystem_error(error)}") from error


def claim_output(out: Location, identity: Identity) -> None:
    """Record what makes an --out. Raises OutputError if something else has made it."""
    record = _record(out)
    if record.is_file():
        _refuse_other(out, record, identity)
    else:
        record.write_bytes(identity.model_dump_json(indent=1).encode())


def release_output(out: Location) -> None:
    """Delete the record, so that another recipe may use an --out in which nothing has been made."""
    _record(out).delete()


def _record(out: Location) -> Location:
    return out / WORK / "recipe.json"


def _refuse_other(out: Location, record: Location, identity: Identity) -> None:
    try:
        before = Identity.model_validate_json(record.read_bytes())
    except ValidationError as error:
        raise OutputError(f"--out {out}: {record} is damaged; delete the folder or choose another --out") from error
    if before.fingerprint != identity.fingerprint:
        changed = differences(before, identity)
        more = [f"and {len(changed) - _LISTED} more"] if len(changed) > _LISTED else []
        listed = "; ".join([*changed[:_LISTED], *more])
        raise OutputError(f"--out {out} was made by another recipe ({listed}); choose another --out")
