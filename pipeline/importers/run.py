"""`vidpref import`: what others have published or annotated becomes a manifest."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from pipeline.importers.choose import Chooser
from pipeline.importers.exclusions import Exclusions
from pipeline.importers.gather import gather
from pipeline.importers.media import MediaFolder
from pipeline.importers.options import ImportOptions
from pipeline.importers.registry import source_named
from pipeline.importers.source import Source
from pipeline.importers.tally import ImportReport, ImportTally, report_table
from pipeline.storage.location import Location, filesystem_error
from schemas.counted import counted
from schemas.errors import OutputError, SourceError, UserError
from schemas.record import Record


def run_import(console: Console, options: ImportOptions) -> ImportReport:
    """Write the manifest and print what became of everything.

    Raises SourceError, VideosError or OutputError, and SourceError too if no video is left.
    """
    source = source_named(options.source)
    manifest, left_out = _outputs(options)
    media = MediaFolder.open(options.videos) if options.videos is not None else None
    if media is None and options.asks_for_richness:
        raise SourceError("--min-shots and --min-motion need the videos; name their folder with --videos")
    videos = gather(source, options.files)
    if not videos:
        raise SourceError(f"{', '.join(options.files)}: nothing in it; {source.name} reads {source.files}")
    tally = ImportTally()
    exclusions = Exclusions.read(options.exclude, options.looked_at_once, by_looks=media is not None)
    refs = sorted(Chooser(console, source, options, media, exclusions, tally).chosen(videos), key=lambda ref: ref.uri)
    report = ImportReport(source=source.name, manifest=options.out, lines=tally.lines())
    in_order = sorted(tally.left_out, key=lambda left: (left.file, left.line))
    _write(left_out, in_order)
    _write(manifest, refs)
    _print(console, options, source, report)
    if exclusions.unreadable and not options.as_json:
        console.print(f"{counted(exclusions.unreadable, 'excluded file')} cannot be read: their ids alone are excluded")
    if not refs:
        raise SourceError(f"none of {counted(len(videos), 'video')} is left; see {left_out}")
    return report


def _outputs(options: ImportOptions) -> tuple[Location, Location]:
    """The places of the manifest and of the list of what is left out."""
    if not options.out.lower().endswith((".jsonl", ".ndjson")):
        raise OutputError(f"--out {options.out} must end with .jsonl, as manifests do")
    if Path(options.out).absolute() in {Path(file).absolute() for file in options.files}:
        raise OutputError(f"--out {options.out} is the file that is imported; give another")
    try:
        manifest = Location.parse(options.out)
    except UserError as error:
        raise OutputError(f"--out {error}") from error
    return manifest, Location(manifest.filesystem, f"{manifest.path.rpartition('.')[0]}.left_out.jsonl")


def _write(place: Location, records: Iterable[Record]) -> None:
    """One line for each record, without the fields that have their default; whole or not at all."""
    lines = (record.model_dump_json(exclude_defaults=True) + "\n" for record in records)
    try:
        place.write_bytes("".join(lines).encode())
    except OSError as error:
        raise OutputError(f"--out {place} cannot be written: {filesystem_error(error)}") from error


def _print(console: Console, options: ImportOptions, source: Source, report: ImportReport) -> None:
    if options.as_json:
        console.print_json(report.model_dump_json())
        return
    console.print(report_table(report))
    uncertain = sum(line.uncertain for line in report.lines)
    if uncertain and source.is_by_model and not options.trust_models:
        hint = "--trust-models lets questions be asked of it"
        console.print(f"{counted(uncertain, 'item')} of {source.title} came from a model: {hint}", soft_wrap=True)
    elif uncertain:
        console.print(
            f"{counted(uncertain, 'question')} about a part of a video may have another answer elsewhere in it"
        )
    console.print(f"{options.out} is ready for --videos", soft_wrap=True, markup=False, highlight=False)
