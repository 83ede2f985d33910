"""`.work/` of an --out: what a resume needs, and nothing of the data."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.fingerprint import Identity, differences
from pipeline.full_disk import full_disk_told
from pipeline.inputs.ledger import Ledger
from pipeline.location import Location, filesystem_error
from pipeline.lock import alone_in
from pipeline.units import Units
from schemas.errors import OutputError

_TOLD = 6
"""Differences of two recipes that are told one by one."""


@dataclass(frozen=True)
class WorkFolder:
    """The work folder of one run; opening it is what refuses an --out that cannot be used."""

    out: Location
    identity: Identity

    @property
    def _folder(self) -> Location:
        return self.out / ".work"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A local folder in which shards are written before they are moved to their place."""
        local = self.out.is_local
        with tempfile.TemporaryDirectory(prefix="scratch-", dir=self._folder.path if local else None) as folder:
            yield Path(folder)

    @property
    def units(self) -> Units:
        """The units of this run."""
        return Units(self._folder / "units", self.identity.fingerprint)

    def ledger(self) -> Ledger:
        """The content hashes known from earlier runs."""
        return Ledger(self._folder / "ledger.json")

    def sweep(self) -> None:
        """Delete what an interrupted run left half written."""
        self.units.sweep()
        if self.out.is_local:
            for left in Path(self._folder.path).glob("scratch-*"):
                shutil.rmtree(left)

    def probe(self, name: str) -> Location:
        """A file by which workers elsewhere find out whether they share this folder."""
        return self._folder / f"probe-{name}"


@contextmanager
def open_work_folder(out: Location, identity: Identity) -> Iterator[WorkFolder]:
    """The work folder of an --out, for this build alone.

    OutputError where it cannot be written, was made by another recipe, is in use by another build, or fills its disk.
    """
    work = WorkFolder(out, identity)
    _refuse_unwritable(work)
    with full_disk_told(out), alone_in(out, out / ".work" / "lock"):
        _claim(work)
        work.sweep()
        yield work


def _refuse_unwritable(work: WorkFolder) -> None:
    try:
        probe = work.probe(uuid.uuid4().hex)
        probe.write_bytes(b"")
        probe.delete()
    except OSError as error:
        raise OutputError(f"--out {work.out} cannot be written: {filesystem_error(error)}") from error


def _claim(work: WorkFolder) -> None:
    """Note what the folder is made by, or refuse what another recipe has made."""
    record = work.out / ".work" / "recipe.json"
    if record.is_file():
        _refuse_other(work.out, record, work.identity)
    else:
        record.write_bytes(work.identity.model_dump_json(indent=1).encode())


def _refuse_other(out: Location, record: Location, identity: Identity) -> None:
    try:
        before = Identity.model_validate_json(record.read_bytes())
    except ValidationError as error:
        raise OutputError(f"--out {out}: {record} is damaged; delete the folder or choose another --out") from error
    if before.fingerprint != identity.fingerprint:
        changed = differences(before, identity)
        more = [f"and {len(changed) - _TOLD} more"] if len(changed) > _TOLD else []
        told = "; ".join([*changed[:_TOLD], *more])
        raise OutputError(f"--out {out} was made by another recipe ({told}); choose another --out")
