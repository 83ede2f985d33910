"""The tracks of a set, clip by clip: what each shows, who found it, and when it is in view."""

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.presentation.words import span_words, track_name
from schemas.clip import ClipOutline
from schemas.problems import printable


def track_list(clips: Iterable[ClipOutline]) -> Table:
    """One row for each track, in the order of the clips."""
    columns = ("file", "track", "named", "found by", "score", "in view", "boxes")
    table = Table(*columns, title="Tracks", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for clip in clips:
        for track in clip.scene.tracks:
            cells = (
                clip.uri.rpartition("/")[2],
                track_name(track),
                track.phrase or "-",
                track.source,
                f"{track.score:.2f}",
                ", ".join(span_words(stretch) for stretch in track.visible),
                str(len(track.boxes)),
            )
            table.add_row(*(Text(printable(cell)) for cell in cells))
    return table
