"""A JSON-Lines manifest becomes references to videos, with the places of their files."""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator

from pydantic import JsonValue, ValidationError

from pipeline.storage.location import Location, is_address
from schemas.errors import UserError, VideosError
from schemas.problems import first_problem, one_line
from schemas.video import VideoRef


def read_manifest(manifest: Location) -> list[tuple[VideoRef, Location]]:
    """The videos of a manifest, sorted by uri. VideosError with the line number if a line is bad or repeats another."""
    folder = Location(manifest.filesystem, manifest.path.rpartition("/")[0])
    uris: dict[str, int] = {}
    ids: dict[str, int] = {}
    found = []
    for number, ref in _lines(manifest, folder):
        for what, value, seen in (("uri", ref.uri, uris), ("id", ref.id, ids)):
            if value is not None and seen.setdefault(value, number) != number:
                raise VideosError(f"{manifest} line {number}: {what} {value!r} is already in line {seen[value]}")
        try:
            found.append((ref, _location(folder, ref.uri)))
        except UserError as error:
            raise VideosError(f"{manifest} line {number}: uri {error}") from error
    return sorted(found, key=lambda pair: pair[0].uri)


def _lines(manifest: Location, folder: Location) -> Iterator[tuple[int, VideoRef]]:
    content = manifest.read_bytes().removeprefix(BOM_UTF8)  # some editors put it before the first line
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{manifest} line {number}"
        try:
            given = _with_annotations(_json(line, "the line"), folder)
        except (UserError, OSError) as error:
            raise VideosError(f"{where}: {one_line(error)}") from error
        try:
            yield number, VideoRef.model_validate_json(json.dumps(given))  # as JSON: no text may be half a surrogate
        except ValidationError as error:
            raise VideosError(f"{where}: {first_problem(error, VideoRef)}") from error


def _with_annotations(line: JsonValue, folder: Location) -> JsonValue:
    """The line with its annotations inline, if it names a JSON file that holds them. Raises UserError, OSError."""
    if not isinstance(line, dict) or not isinstance(path := line.get("annotations"), str):
        return line
    place = _location(folder, path)
    if place.is_special:
        raise VideosError(f"annotations {path} is a pipe, a socket or a device; give a JSON file")
    return {**line, "annotations": _json(place.read_bytes(), f"annotations {path}")}


def _json(content: bytes, name: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(content.removeprefix(BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        byte = f"byte 0x{error.object[error.start]:02x} at position {error.start}"
        raise VideosError(f"{name} is not UTF-8: {byte}; save the whole file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise VideosError(f"{name} is not JSON: {error}") from error
    return value


def _location(folder: Location, uri: str) -> Location:
    if is_address(uri) or uri.startswith("/"):
        return Location.parse(uri)
    return folder / uri
