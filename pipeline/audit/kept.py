"""The last audit of a set, kept beside it: `audit.json`, which says for which set it was made."""

import hashlib

from pydantic import ValidationError

from pipeline.audit.report import AuditReport
from pipeline.dataset.finished_set import FinishedSet
from pipeline.storage.location import Location, filesystem_error
from schemas.record import Record


class KeptAudit(Record):
    """What `audit.json` holds."""

    set_sha256: str
    """`set_hash` of the set that was audited."""
    report: AuditReport
    """What was found."""


def keep_audit(opened: FinishedSet, report: AuditReport) -> str | None:
    """Write the report beside the set. Returns why it could not be written, as where a set is read-only."""
    kept = KeptAudit(set_sha256=set_hash(opened), report=report)
    try:
        _place(opened).write_bytes(kept.model_dump_json(indent=1).encode())
    except OSError as error:
        return filesystem_error(error)
    return None


def kept_audit(opened: FinishedSet) -> AuditReport | None:
    """The last audit of the set as it is; None if there is none, or only one of another set or program."""
    try:
        kept = KeptAudit.model_validate_json(_place(opened).read_bytes())
    except (OSError, ValidationError):
        return None
    return kept.report if kept.set_sha256 == set_hash(opened) else None


def set_hash(opened: FinishedSet) -> str:
    """SHA-256, hex, of what dataset.json says: the hash of every shard is part of it."""
    return hashlib.sha256(opened.manifest.model_dump_json().encode()).hexdigest()


def _place(opened: FinishedSet) -> Location:
    return opened.location / "audit.json"
