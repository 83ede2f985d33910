"""`vidpref inspect`: prints or draws what a finished set holds, one pair, one clip, its tracks, or its drops."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

import pyarrow.compute as pc
from rich.columns import Columns
from rich.console import Console

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.overview import overview
from pipeline.endpoint.usage_table import kept_usage
from pipeline.inspection.clip_list import clip_list, clips_and_uris
from pipeline.inspection.clip_tables import clip_tables
from pipeline.inspection.drop_list import drop_lines
from pipeline.inspection.pair_view import pair_view
from pipeline.inspection.set_tables import column_table, count_tables
from pipeline.inspection.track_list import track_list
from pipeline.presentation.account_table import account_table
from pipeline.presentation.as_shown import as_shown
from pipeline.presentation.contact_sheet import contact_sheet
from pipeline.presentation.negative_sheet import negative_sheet
from pipeline.presentation.words import pair_words, shown_events
from pipeline.storage.location import Location, filesystem_error
from pipeline.work.folder import estimate_file, usage_file
from schemas.arrow import column_paths, from_table
from schemas.clip import Clip, ClipOutline
from schemas.counted import counted
from schemas.drop import Drop
from schemas.errors import OutputError, UserError
from schemas.pair import Pair
from schemas.problems import printable
from schemas.record import Record

R = TypeVar("R", bound=Record)
_PIXELS = {"frames": {"__all__": {"jpeg"}}, "segments": {"__all__": {"frames"}}}


@dataclass(frozen=True)
class InspectOptions:
    """What `vidpref inspect` is asked for. UserError if two of pair, clip and drops are given, or tracks with another
    one than clip.
    """

    dataset: str
    pair: str | None = None
    """Id of a pair."""
    clip: str | None = None
    """Id of a clip, or the file name of its video."""
    png: str | None = None
    """Where to write a contact sheet of the pair or clip; it replaces the text."""
    drops: bool = False
    tracks: bool = False
    """Whether to list tracks: those of the clip, or of all clips."""
    as_json: bool = False

    def __post_init__(self) -> None:
        chosen = {"--pair": self.pair is not None, "--clip": self.clip is not None, "--drops": self.drops}
        given = [option for option, is_given in chosen.items() if is_given]
        if len(given) > 1:
            raise UserError(f"{' and '.join(given)} were given: choose one")
        if self.tracks and (self.pair is not None or self.drops or self.png is not None):
            raise UserError("--tracks can be combined with --clip alone")
        if self.png is not None and self.clip is None and self.pair is None:
            raise UserError("--png draws a clip or a pair; add --clip ID or --pair ID")


def run_inspect(console: Console, options: InspectOptions) -> None:
    """Print what is asked for, or draw it. Raises UserError if there is no such set, pair or clip."""
    opened = FinishedSet.open(options.dataset)
    if options.tracks:
        _show_tracks(console, opened, options.clip, as_json=options.as_json)
    elif options.pair is not None:
        _show_pair(console, opened, options.pair, options.png, as_json=options.as_json)
    elif options.clip is not None:
        _show_clip(console, opened, options.clip, options.png, as_json=options.as_json)
    elif options.drops:
        _show_drops(console, opened, as_json=options.as_json)
    else:
        _show_set(console, opened, as_json=options.as_json)


def _show_set(console: Console, opened: FinishedSet, *, as_json: bool) -> None:
    found = overview(opened)
    if as_json:
        console.print_json(found.model_dump_json())
        return
    console.print(
        f"{opened.location}: {counted(found.rows['pairs'], 'pair')} for {counted(found.groups, 'question')} about "
        f"{counted(found.videos, 'video')}, made by the recipe {found.recipe_name} ({found.fingerprint[:12]})",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    console.print(account_table(found.account))
    if (usage := kept_usage(usage_file(opened.location), estimate_file(opened.location))) is not None:
        console.print(usage)
    console.print(Columns(count_tables(found)))
    console.print(clip_list(opened))
    console.print(column_table(found))


def _show_tracks(console: Console, opened: FinishedSet, named: str | None, *, as_json: bool) -> None:
    wanted = None if named is None else _clip_id(opened, named)
    clips = [
        clip
        for part in opened.tables("clips", column_paths(ClipOutline))
        for clip in from_table(ClipOutline, part)
        if wanted in (None, clip.clip_id)
    ]
    if wanted is not None and not clips:
        _find(opened, Clip, "clips", "clip_id", wanted)  # raises, with the nearest ids
    if as_json:
        console.print_json(data=[clip.model_dump(mode="json") for clip in clips])
    else:
        console.print(track_list(clips))


def _show_drops(console: Console, opened: FinishedSet, *, as_json: bool) -> None:
    if as_json:
        console.print_json(data=[drop.model_dump(mode="json") for drop in opened.records(Drop, "drops")])
        return
    for line in drop_lines(opened):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _show_pair(console: Console, opened: FinishedSet, pair_id: str, png: str | None, *, as_json: bool) -> None:
    pair = _find(opened, Pair, "pairs", "pair_id", pair_id)
    if png is not None:
        _write_png(png, _pair_sheet(opened, pair))
    if as_json:
        console.print_json(pair.model_dump_json())
    elif png is not None:
        console.print(f"{png} shows pair {pair_id}", markup=False, soft_wrap=True)
    else:
        console.print(pair_view(pair, _find(opened, Clip, "clips", "clip_id", pair.clip_id)))


def _pair_sheet(opened: FinishedSet, pair: Pair) -> bytes:
    """The pair's clip as the pair shows it, with its texts, and its visual negatives below."""
    clip = _find(opened, Clip, "clips", "clip_id", pair.clip_id)
    named = [n.other_clip_id for n in pair.visual_negatives] + [edit.other_clip_id for edit in pair.shown.edits]
    borrowed = sorted({clip_id for clip_id in named if clip_id is not None})
    others = {clip_id: _find(opened, Clip, "clips", "clip_id", clip_id) for clip_id in borrowed}
    below = negative_sheet(pair, clip, others) if pair.visual_negatives else None
    shown = as_shown(clip, pair.shown, others)
    return contact_sheet(shown, pair_words(pair, clip), shown_events(pair, clip), below)


def _show_clip(console: Console, opened: FinishedSet, named: str, png: str | None, *, as_json: bool) -> None:
    clip_id = _clip_id(opened, named)
    clip = _find(opened, Clip, "clips", "clip_id", clip_id)
    if png is not None:
        _write_png(png, contact_sheet(clip))
    if as_json:
        console.print_json(clip.model_dump_json(exclude=_PIXELS))
    elif png is not None:
        console.print(f"{png} shows clip {clip_id}", markup=False, soft_wrap=True)
    else:
        console.print(*clip_tables(clip), sep="\n")


def _clip_id(opened: FinishedSet, named: str) -> str:
    """The id of the first clip of the file of this name; the name itself, which may be an id, if there is none."""
    of_file = (clip_id for clip_id, uri in clips_and_uris(opened) if uri == named or uri.endswith(f"/{named}"))
    return min(of_file, default=named)


def _write_png(png: str, sheet: bytes) -> None:
    try:
        Location.parse(png).write_bytes(sheet)
    except OSError as error:
        raise OutputError(f"--png {png} cannot be written: {filesystem_error(error)}") from error


def _find(opened: FinishedSet, record: type[R], table: str, column: str, wanted: str) -> R:
    """The row with this id. Raises UserError, with the nearest ids, if there is none."""
    ids: list[str] = []
    wanted = printable(wanted)  # ids are UTF-8, an argument need not be
    for group in opened.row_groups(table):
        known = opened.read(group, (column,)).column(column)
        place = pc.index(known, wanted).as_py()
        if place >= 0:
            [found] = from_table(record, opened.read(group).slice(place, 1))
            return found
        ids += known.to_pylist()
    near = get_close_matches(wanted, ids, n=3, cutoff=0.0)
    hint = f"the nearest are {', '.join(near)}" if near else f"the set has no {table} at all"
    raise UserError(f"{opened.location} has no {table.removesuffix('s')} {wanted}; {hint}")
