"""Writes the report of a loop: report.json, and report.html with curves by round and example pairs."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

from pydantic import TypeAdapter
from rich.console import Console

from pipeline.dataset.finished_set import FinishedSet
from pipeline.report.examples import Example, example, example_pictures
from pipeline.report.page import page
from pipeline.report.run import ReportOptions, run_report
from pipeline.reviews.folder import ReviewFolder
from pipeline.rounds.charts import charts
from pipeline.rounds.content import LoopReport, loop_report
from pipeline.rounds.folder import LoopFolder, RoundFolder
from pipeline.rounds.options import IterateOptions
from pipeline.rounds.settings import LoopSettings
from pipeline.rounds.state import LoopState
from pipeline.rounds.stop_rule import LoopEnd
from pipeline.viewer.session import Sampling, ViewerSession
from schemas.record import Record
from trainer.atomic_file import write_whole

_EXAMPLES = 3
"""Pairs of each round."""


class ShownExample(Record):
    """A pair with a few frames of what it shows."""

    example: Example
    pictures: tuple[tuple[str, str], ...]
    """When, and the picture as a data address."""


_SHOWN = TypeAdapter(tuple[ShownExample, ...])


def write_report(
    folder: LoopFolder, state: LoopState, end: LoopEnd | None, options: IterateOptions, settings: LoopSettings
) -> LoopReport:
    """Write the report of the rounds that are done, and of each round's set a page of its own in `report/`."""
    shown = {one.number: _examples(folder.round(one.number)) for one in state.measured}
    report = loop_report(
        state,
        end,
        settings,
        [[one.example for one in found] for found in shown.values()],
        name=folder.path.name,
        method=options.method,
        model=options.model,
        asked=options.rounds,
    )
    write_whole(folder.path / "report.json", report.model_dump_json(indent=1).encode())
    write_whole(folder.path / "report.html", report_page(report, shown).encode())
    return report


def report_page(report: LoopReport, shown: Mapping[int, Sequence[ShownExample]]) -> str:
    """The page, whole in itself; `shown` has the example pairs of each round."""
    return page(files("pipeline.rounds") / "loop.html.jinja", report=report, charts=list(charts(report)), shown=shown)


def _examples(round_: RoundFolder) -> tuple[ShownExample, ...]:
    """Some pairs of a round's set, drawn once; with the page of the set, which is written then, too."""
    kept = round_.report / "examples.json"
    if kept.is_file():
        return _SHOWN.validate_json(kept.read_bytes())
    found: tuple[ShownExample, ...] = ()
    if (round_.ds / "dataset.json").is_file() and FinishedSet.open(str(round_.ds)).rows()["pairs"]:
        run_report(Console(quiet=True), ReportOptions(str(round_.ds), html=str(round_.report / "set.html")))
        found = tuple(_drawn(str(round_.ds)))
    write_whole(kept, _SHOWN.dump_json(found))
    return found


def _drawn(dataset: str) -> Iterator[ShownExample]:
    opened = FinishedSet.open(dataset)
    session = ViewerSession(opened, ReviewFolder.of(opened, None), "report", Sampling(_EXAMPLES))
    pictures = example_pictures(session)
    for pair in session.table.pairs(session.sampled):
        told = example(pair, session.shelf.clip(pair.clip_id))
        yield ShownExample(example=told, pictures=tuple(pictures[pair.pair_id]))
