"""A JSON-Lines manifest becomes video references with the places where the files lie."""

from collections.abc import Iterator

from pydantic import ValidationError

from pipeline.location import Location
from pipeline.validation import first_problem
from schemas.errors import VideosError
from schemas.video import VideoRef


def read_manifest(manifest: Location) -> list[tuple[VideoRef, Location]]:
    """The videos of a manifest, in order of uri; VideosError that names the number of a bad or repeated line."""
    folder = Location(manifest.filesystem, manifest.path.rpartition("/")[0])
    uris: dict[str, int] = {}
    ids: dict[str, int] = {}
    found = []
    for number, ref in _lines(manifest):
        for what, value, seen in (("uri", ref.uri, uris), ("id", ref.id, ids)):
            if value is not None and seen.setdefault(value, number) != number:
                raise VideosError(f"{manifest} line {number}: {what} {value!r} is already in line {seen[value]}")
        found.append((ref, _place(folder, ref.uri)))
    return sorted(found, key=lambda pair: pair[0].uri)


def _lines(manifest: Location) -> Iterator[tuple[int, VideoRef]]:
    for number, line in enumerate(manifest.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield number, VideoRef.model_validate_json(line)
        except ValidationError as error:
            raise VideosError(f"{manifest} line {number}: {first_problem(error, VideoRef)}") from error


def _place(folder: Location, uri: str) -> Location:
    if "://" in uri or uri.startswith("/"):
        return Location.parse(uri)
    return folder / uri
