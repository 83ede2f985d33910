"""Content hashes by (path, size, time of change): what was read once need not be read again."""

import json
import threading

from pipeline.location import Entry, Location


class Ledger:
    """A JSON file in the work folder; two threads may use it at once."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._lock = threading.Lock()
        self._changed = False
        self._hashes: dict[str, str] = json.loads(location.read_bytes()) if location.is_file() else {}

    def get(self, entry: Entry) -> str | None:
        """The hash of a file that has not changed since it was read, else null."""
        return self._hashes.get(_key(entry))

    def put(self, entry: Entry, content_sha256: str) -> str:
        """Remember a hash; gives it back."""
        with self._lock:
            self._hashes[_key(entry)] = content_sha256
            self._changed = True
        return content_sha256

    def save(self) -> None:
        """Write what is new."""
        with self._lock:
            if self._changed:
                self._location.write_bytes(json.dumps(self._hashes, indent=0, sort_keys=True).encode())
            self._changed = False


def _key(entry: Entry) -> str:
    return f"{entry.path}\0{entry.size_bytes}\0{entry.mtime_ns}"
