"""The videos that the scripted server knows: those of a manifest that have annotations."""

from pathlib import Path

from pipeline.inputs.manifest import read_manifest
from pipeline.scripted.known_clip import KnownClip
from pipeline.storage.location import Location, is_address
from schemas.errors import VideosError


def known_clips(manifest: str) -> list[KnownClip]:
    """The annotated videos of a manifest on a local disk. Raises VideosError."""
    if is_address(manifest):
        raise VideosError(f"manifest {manifest}: the scripted server reads local files; give a local path")
    read = read_manifest(Location.parse(manifest))
    clips = [KnownClip(ref.uri, Path(place.path), ref.annotations) for ref, place in read if ref.annotations]
    if not clips:
        raise VideosError(f"manifest {manifest}: no video has annotations, and the scripted server knows no others")
    return clips
