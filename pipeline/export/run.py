"""`vidpref export`: writes a finished set in the form that another trainer reads."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from pipeline.audit.after_filter import told_again
from pipeline.blind_readers.groups import COLUMNS, groups_from_rows
from pipeline.dataset.finished_set import FinishedSet
from pipeline.export.account import ExportAccount
from pipeline.export.export import LEFT_OUT, Export
from pipeline.export.format import FormatOptions
from pipeline.export.left_out import LeftOutPair, LeftOutReason
from pipeline.export.media import MediaSettings
from pipeline.export.registry import format_of
from pipeline.export.selection import Selection
from pipeline.storage.location import filesystem_error, is_address
from schemas.errors import OutputError
from stages.visuals.resolution import Resolution


@dataclass(frozen=True)
class ExportOptions:
    """What `vidpref export` is asked for."""

    dataset: str
    to: str
    """The name of the format."""
    out: str
    """The folder that is made."""
    media: str | None = None
    """Frames or video; None: what the consumer reads best."""
    num_frames: int | None = None
    """At most so many frames of a visual; None: all that are stored."""
    short_side: int | None = None
    """Most pixels of a frame's shorter side; None: as stored."""
    filters: tuple[str, ...] = ()
    where: str | None = None
    reviews: str | None = None
    format: FormatOptions = field(default_factory=FormatOptions)

    def asked(self) -> dict[str, str]:
        """What was asked for beside set, format and folder, for the account."""
        named = {"num_frames": self.num_frames, "short_side": self.short_side, "where": self.where}
        named |= {"filter": " and ".join(self.filters), "reviews": self.reviews}
        named |= {name: getattr(self.format, name) for name in FormatOptions.__dataclass_fields__}
        return {name: str(value) for name, value in named.items() if value}


def run_export(console: Console, options: ExportOptions) -> ExportAccount:
    """Export a set and print what became of its pairs.

    Raises UserError if an option is wrong, DatasetError if the set is damaged or nothing is left of it, OutputError if
    the folder cannot be written.
    """
    opened = FinishedSet.open(options.dataset)
    out = _new_folder(options.out)
    target = format_of(options.to, out, options.media, options.format)
    selection = Selection.of(opened, options.filters, options.where, options.reviews)
    partial = out.with_name(f"{out.name}.partial")
    frames = options.num_frames or target.num_frames
    media = MediaSettings(partial, target.medium, frames, Resolution(options.short_side), target.folder_per_visual)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        account = Export(opened, target, selection, media).write(options.dataset, options.asked())
        partial.rename(out)
    except OSError as error:
        raise OutputError(f"--out {options.out} cannot be written: {filesystem_error(error)}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    objected = () if selection.objected is None else (selection.objected.words,)
    for line in (*objected, *account.lines(), *_told_again(opened, out, account)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"{options.out} is ready for {target.consumer}:", markup=False, highlight=False, soft_wrap=True)
    console.print(account.command, markup=False, highlight=False, soft_wrap=True)
    return account


def _told_again(opened: FinishedSet, out: Path, account: ExportAccount) -> Iterator[str]:
    """How well the rest can be guessed, if a choice of the user left anything out."""
    if not account.left_out.keys() & {LeftOutReason.OBJECTED_TO, LeftOutReason.FILTERED}:
        return
    listed = (out / LEFT_OUT).read_text("utf-8").splitlines()
    gone = {LeftOutPair.model_validate_json(line).pair_id for line in listed}
    names = ("pair_id", *COLUMNS)
    rows = (
        dict(zip(names, row, strict=True))
        for part in opened.tables("pairs", names)
        for row in zip(*(part.column(name).to_pylist() for name in names), strict=True)
    )
    yield from told_again(groups_from_rows(row for row in rows if row["pair_id"] not in gone))


def _new_folder(address: str) -> Path:
    """The folder to write. OutputError if it lies on a store, or exists with something in it."""
    if is_address(address):
        raise OutputError(f"--out {address} is on a store; trainers read local files: give a local folder")
    out = Path(address).absolute()
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise OutputError(f"--out {address} exists; give a new folder, or remove it first")
    if out.is_dir():
        out.rmdir()
    return out
