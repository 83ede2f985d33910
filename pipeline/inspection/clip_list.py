"""The clips of a set, with the ids to type to look at one of them."""

from collections.abc import Iterator, Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.dataset.finished_set import FinishedSet
from schemas.errors import DatasetError
from schemas.problems import printable

_MOST = 12


def clip_list(opened: FinishedSet) -> Table:
    """The clips with most pairs: file, clip id, pairs, and the id of one pair. DatasetError if the set is damaged."""
    pairs: dict[str, list[str]] = {}
    for part in opened.tables("pairs", ("clip_id", "pair_id")):
        for row in part.select(["clip_id", "pair_id"]).to_pylist():
            pairs.setdefault(row["clip_id"], []).append(row["pair_id"])
    uris = dict(clips_and_uris(opened))
    title = "Clips with most pairs: to see one, add --clip ID or --pair ID"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("file", "clip id", "pairs", "id of its first pair"):
        table.add_column(name, justify="right" if name == "pairs" else "left", overflow="fold")
    most_first = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))
    for clip_id, ids in most_first[:_MOST]:
        table.add_row(Text(_file_name(uris, clip_id)), clip_id, str(len(ids)), ids[0])
    if len(most_first) > _MOST:
        table.add_row(f"and {len(most_first) - _MOST} more", "", "", "")
    return table


def _file_name(uris: Mapping[str, str], clip_id: str) -> str:
    if clip_id not in uris:
        raise DatasetError(f"pairs refer to clip {clip_id}, which is not in the set; see vidpref verify")
    return printable(uris[clip_id].rpartition("/")[2])


def clips_and_uris(opened: FinishedSet) -> Iterator[tuple[str, str]]:
    """The id of every clip, with the URI of its video."""
    for part in opened.tables("clips", ("clip_id", "uri")):
        yield from ((row["clip_id"], row["uri"]) for row in part.to_pylist())
