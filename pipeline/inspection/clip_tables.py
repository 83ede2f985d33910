"""One clip in words: its facts, its tracks, its events."""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.presentation.words import span_words, track_name
from schemas.clip import Clip
from schemas.problems import printable


def clip_tables(clip: Clip) -> Iterator[Table]:
    """Tables of a stored clip: always its facts, then its tracks and events if it has any."""
    yield _facts(clip)
    if clip.scene.tracks:
        yield _tracks(clip)
    if clip.scene.events:
        yield _events(clip)


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _facts(clip: Clip) -> Table:
    table = _table(f"clip {clip.clip_id}")
    table.show_header = False
    header = clip.duration_seconds_from_header
    turned = f", rotated by {clip.rotation_degrees} degrees" if clip.rotation_degrees else ""
    facts = {
        "video": f"{clip.video_id} ({clip.uri})",
        "picture": f"{clip.width} x {clip.height}, {clip.codec}{turned}",
        "time": f"{clip.start_seconds:.2f} to {clip.end_seconds:.2f} s of {clip.duration_seconds_measured:.2f} s"
        + ("" if header is None else f" ({header:.2f} s by its header)"),
        "frames": f"{len(clip.frames)} sampled, {len(clip.segments)} segments",
        "shots": f"{len(clip.scene.shot_starts) + 1}",
        "cuts": ", ".join(f"{cut.pts_seconds:.2f} s" for cut in clip.scene.cuts) or "none",
        "fades": ", ".join(f"{fade.pts_seconds:.2f} s" for fade in clip.scene.fades) or "none",
    }
    for name, value in facts.items():
        table.add_row(name, Text(printable(value)))
    return table


def _tracks(clip: Clip) -> Table:
    table = _table("Tracks", "track", "found by", "size", "in view", "moves", "enters from", "leaves to")
    for track in clip.scene.tracks:
        table.add_row(
            Text(printable(track_name(track))),
            Text(printable(track.source)),
            track.size,
            ", ".join(span_words(stretch) for stretch in track.visible),
            "yes" if track.moves else "no",
            track.enters_from or "-",
            track.leaves_to or "-",
        )
    return table


def _events(clip: Clip) -> Table:
    names = {track.track_id: track_name(track) for track in clip.scene.tracks}
    table = _table("Events", "time", "event", "tracks", "margin")
    for event in clip.scene.events:
        of = ", ".join(names[track_id] for track_id in event.track_ids)
        happens = event.phrase or event.kind.value
        times = f"{event.pts_seconds:.2f} s" if event.phrase is None else span_words(event)
        table.add_row(times, Text(printable(happens)), Text(printable(of)), f"{event.margin:.2f}")
    return table
