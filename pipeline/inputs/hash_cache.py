"""Content hashes by path, size and time of change: a file that was read once need not be read again."""

import json
import re
import threading

from pipeline.storage.location import Entry, Location

_SHA256 = re.compile("[0-9a-f]{64}")


class HashCache:
    """A JSON file in the work folder, safe to use from several threads. Damaged entries are ignored."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._lock = threading.Lock()
        self._changed = False
        self._hashes = _read(location)

    def get(self, entry: Entry) -> str | None:
        """The hash of a file that has not changed since it was read, else null."""
        return self._hashes.get(_key(entry))

    def put(self, entry: Entry, content_sha256: str) -> str:
        """Remember a hash, and return it."""
        with self._lock:
            self._hashes[_key(entry)] = content_sha256
            self._changed = True
        return content_sha256

    def save(self) -> None:
        """Write the file if there are new hashes."""
        with self._lock:
            if self._changed:
                self._location.write_bytes(json.dumps(self._hashes, indent=0, sort_keys=True).encode())
            self._changed = False


def _read(location: Location) -> dict[str, str]:
    try:
        content = json.loads(location.read_bytes()) if location.is_file() else {}
    except (OSError, ValueError, RecursionError):  # the cache only saves time: all files can be hashed again
        return {}
    known = content.items() if isinstance(content, dict) else ()
    return {key: value for key, value in known if isinstance(value, str) and _SHA256.fullmatch(value)}


def _key(entry: Entry) -> str:
    return f"{entry.path}\0{entry.size_bytes}\0{entry.mtime_ns}"
