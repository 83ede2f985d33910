"""A glob below a folder: finds the files that fit, and reads no folder that cannot hold one."""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import reduce
from itertools import dropwhile
from pathlib import PurePosixPath

from pyarrow import fs

from pipeline.storage.location import MAGIC, Location

Wanted = frozenset[tuple[str, ...]]
"""Every rest of the pattern, part by part, that may follow for a path to fit."""


def split_glob(location: Location) -> tuple[Location, str]:
    """The folder that a glob starts in, and the pattern below it.

    A part with `*`, `?` or `[` is a pattern unless a file or folder has that very name.
    """
    parts = location.path.strip("/").split("/")
    base = Location(location.filesystem, "/" if location.is_local else "")
    for number, part in enumerate(parts):
        below = Location(base.filesystem, str(PurePosixPath(base.path) / part))
        is_bucket = not base.path  # no bucket has such characters in its name
        if MAGIC & set(part) and (is_bucket or below.kind() == fs.FileType.NotFound):
            return base, "/".join(parts[number:])
        base = below
    return base, "**"


def files_that_fit(base: Location, pattern: str) -> Iterator[tuple[str, str]]:
    """The files that fit: the path below the base, and the path on the filesystem. `**` is any number of folders.

    Everything but a folder counts as a file, broken links and pipes too. Hidden folders are skipped unless a part of
    the pattern that starts with a dot fits them. On a disk no folder is read twice for the same rest of the pattern, so
    links that form a circle come to an end; of several paths to a folder the one without links is used.
    """
    wanted = frozenset({tuple(pattern.split("/"))})
    return _walk(base, wanted) if base.is_local else _listed(base, wanted)


def _walk(base: Location, wanted: Wanted) -> Iterator[tuple[str, str]]:
    waiting = deque([("", base.path, wanted)])
    read = set()
    while waiting:
        above, folder, wanted = waiting.pop()
        key = (os.path.realpath(folder), wanted)
        if key in read:
            continue
        read.add(key)
        for entry in _entries(folder):
            if _is_folder(entry):
                if rest := _after_folder(wanted, entry.name) - {()}:
                    wait = waiting.appendleft if entry.is_symlink() else waiting.append  # links come last
                    wait((f"{above}{entry.name}/", entry.path, rest))
            elif _ends(_after_file(wanted, entry.name)):
                yield above + entry.name, entry.path


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What a folder holds, sorted by name; nothing if it does not exist."""
    with suppress(FileNotFoundError), os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)
    return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself
        return False


def _listed(base: Location, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """The same on a store, which has neither links nor real folders: one listing is enough."""
    for entry in base.entries():
        path = entry.path.removeprefix(base.path).lstrip("/")
        *folders, name = path.split("/")
        if _ends(_after_file(reduce(_after_folder, folders, wanted), name)):
            yield path, entry.path


def _after_folder(wanted: Wanted, name: str) -> Wanted:
    """What may follow a folder of that name; a hidden folder must be named by a part that starts with a dot."""
    if name.startswith("."):
        named = (tuple(dropwhile("**".__eq__, parts)) for parts in wanted)
        wanted = frozenset(parts for parts in named if parts and parts[0].startswith("."))
    return _after_file(wanted, name)


def _after_file(wanted: Wanted, name: str) -> Wanted:
    return frozenset(rest for parts in wanted for rest in _rests(parts, name))


def _rests(parts: tuple[str, ...], name: str) -> Iterator[tuple[str, ...]]:
    if not parts:
        return
    first, rest = parts[0], parts[1:]
    if first == "**":
        yield parts
        yield from _rests(rest, name)
    elif name == first or fnmatchcase(name, first):
        yield rest


def _ends(wanted: Wanted) -> bool:
    """Whether a path may end here: some rest of the pattern is empty or consists of `**`."""
    return any(set(parts) <= {"**"} for parts in wanted)
