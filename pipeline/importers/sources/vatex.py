"""VATEX: ten English captions for each clip of ten seconds; the Chinese ones are passed over."""

from collections.abc import Iterator

from pipeline.importers.item import FoundCaption, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source


class _ClipRow(SourceRow):
    videoID: str
    enCap: tuple[str, ...]


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        clip = file.parsed(_ClipRow, row)
        for caption in clip.enCap:
            yield Item(row.line, NamedVideo(clip.videoID, clip.videoID), FoundCaption(caption))


VATEX = Source("vatex", "VATEX", "vatex_training_v1.0.json and its like", _read)
