"""The folder `.work/` in an --out: what a resume needs, none of it part of the data."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.inputs.hash_cache import HashCache
from pipeline.recipes.identity import Identity
from pipeline.storage.disk_full import explain_full_disk
from pipeline.storage.location import Location
from pipeline.work.lock import output_locked
from pipeline.work.ownership import WORK, claim_output, refuse_unwritable
from pipeline.work.units import Units


@dataclass(frozen=True)
class WorkFolder:
    """The work folder of one run."""

    out: Location
    identity: Identity

    @property
    def _folder(self) -> Location:
        return self.out / WORK

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

    @property
    def replies(self) -> Location:
        """Folder of the replies of language models."""
        return replies_folder(self.out)

    @property
    def usage(self) -> Location:
        """File of what was used of language models."""
        return usage_file(self.out)

    @property
    def estimate(self) -> Location:
        """File of what was expected to be used of them."""
        return estimate_file(self.out)

    @property
    def servers(self) -> Location:
        """File of what their servers were found to do."""
        return self._folder / "servers.json"

    def hash_cache(self) -> HashCache:
        """The content hashes known from earlier runs."""
        return HashCache(self._folder / "hashes.json")

    def sweep(self) -> None:
        """Delete files that an interrupted run left half written."""
        self.units.sweep()
        if self.out.is_local:
            for left in Path(self._folder.path).glob("scratch-*"):
                shutil.rmtree(left)


def replies_folder(out: Location) -> Location:
    """Where the replies of language models are, whether or not the folder is open."""
    return out / WORK / "replies"


def usage_file(out: Location) -> Location:
    """Where it is kept what a set's builds used of language models."""
    return out / WORK / "usage.json"


def estimate_file(out: Location) -> Location:
    """Where it is kept what they were expected to use."""
    return out / WORK / "estimate.json"


@contextmanager
def open_work_folder(out: Location, identity: Identity) -> Iterator[WorkFolder]:
    """The work folder of an --out, for this build alone.

    Raises OutputError if it cannot be written, was made with another recipe, is in use by another build, or its disk is
    full.
    """
    work = WorkFolder(out, identity)
    refuse_unwritable(out)
    with explain_full_disk(f"--out {out}"), output_locked(out, out / WORK / "lock"):
        claim_output(out, identity)
        work.sweep()
        yield work
