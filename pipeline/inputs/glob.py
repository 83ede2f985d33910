"""A glob below a folder: which files fit it, reading no folder that holds none."""

import os
from collections import deque
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import reduce
from itertools import dropwhile
from pathlib import Path, PurePosixPath

from pyarrow import fs

from pipeline.storage.location import Entry, Location

MAGIC = frozenset("*?[")
"""Characters that make a part of a path a pattern."""
Wanted = frozenset[tuple[str, ...]]
"""All that may still follow for a path to fit, part by part."""


def split_glob(location: Location) -> tuple[Location, str]:
    """The folder that a glob starts in and the pattern below it; what exists as it is written is no pattern."""
    parts = location.path.strip("/").split("/")
    base = Location(location.filesystem, "/" if location.is_local else "")
    for number, part in enumerate(parts):
        below = Location(base.filesystem, str(PurePosixPath(base.path) / part))
        is_bucket = not base.path  # whose name holds no such characters
        if MAGIC & set(part) and (is_bucket or below.kind() == fs.FileType.NotFound):
            return base, "/".join(parts[number:])
        base = below
    return base, "**"


def files_that_fit(base: Location, pattern: str) -> Iterator[tuple[str, Entry]]:
    """The files that fit with their paths below the base; `**` stands for any number of folders.

    Hidden folders are left out where no part of the pattern that starts with a dot fits them. On a disk no folder is
    read twice for the same rest of the pattern, so links that lead back to where they lie come to an end; of several
    paths to a folder the one without links is taken.
    """
    wanted = frozenset({tuple(pattern.split("/"))})
    return _walk(base, wanted) if base.is_local else _listed(base, wanted)


def _walk(base: Location, wanted: Wanted) -> Iterator[tuple[str, Entry]]:
    waiting = deque([("", base.path, wanted)])
    read = set()
    while waiting:
        above, folder, wanted = waiting.pop()
        key = (os.path.realpath(folder), wanted)
        if key in read:
            continue
        read.add(key)
        found = base.filesystem.get_file_info(fs.FileSelector(folder, allow_not_found=True))
        for info in sorted(found, key=lambda info: info.path):
            path = above + info.base_name
            if info.type == fs.FileType.File and _ends(_after_file(wanted, info.base_name)):
                yield path, Entry.of(info)
            elif info.type == fs.FileType.Directory and (rest := _after_folder(wanted, info.base_name) - {()}):
                wait = waiting.appendleft if Path(info.path).is_symlink() else waiting.append  # links come last
                wait((f"{path}/", info.path, rest))


def _listed(base: Location, wanted: Wanted) -> Iterator[tuple[str, Entry]]:
    """A store has neither links nor folders of its own: one listing gives all."""
    for entry in base.entries():
        path = entry.path.removeprefix(base.path).lstrip("/")
        *folders, name = path.split("/")
        if _ends(_after_file(reduce(_after_folder, folders, wanted), name)):
            yield path, entry


def _after_folder(wanted: Wanted, name: str) -> Wanted:
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
    return any(set(parts) <= {"**"} for parts in wanted)
