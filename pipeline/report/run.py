"""`vidpref report`: writes a self-contained page about a finished set, or prints what it says as JSON."""

from dataclasses import dataclass
from importlib.resources import files

from rich.console import Console

from pipeline.dataset.finished_set import FinishedSet
from pipeline.report.charts import bars, columns, flow
from pipeline.report.content import EXAMPLES, ReportContent, report_content
from pipeline.report.examples import example_pictures
from pipeline.report.page import page
from pipeline.reviews.folder import ReviewFolder
from pipeline.storage.location import Location, filesystem_error
from pipeline.viewer.session import Sampling, ViewerSession
from schemas.errors import OutputError, UserError


@dataclass(frozen=True)
class ReportOptions:
    """What `vidpref report` is asked for. UserError if it is asked for nothing."""

    dataset: str
    html: str | None = None
    """Where the page is written."""
    as_json: bool = False
    reviews: str | None = None
    """Where human verdicts are; None: in `reviews/` of the set."""
    seed: int = 0
    """Seed of the examples."""

    def __post_init__(self) -> None:
        if self.html is None and not self.as_json:
            raise UserError("give --html FILE for a page, --json for its numbers, or both")


def run_report(console: Console, options: ReportOptions) -> None:
    """Write the page, print the JSON, or both. Raises UserError if the set cannot be read or the page not written."""
    opened = FinishedSet.open(options.dataset)
    folder = ReviewFolder.of(opened, options.reviews)
    session = ViewerSession(opened, folder, "report", Sampling(EXAMPLES, options.seed))
    content = report_content(session)
    if options.html is not None:
        _write(options.html, report_page(content, session))
    if options.as_json:
        console.print_json(content.model_dump_json())
    elif options.html is not None:
        console.print(f"{options.html} is the report of {options.dataset}", markup=False, soft_wrap=True)


def report_page(content: ReportContent, session: ViewerSession) -> str:
    """The page, with all pictures and styles inside. DatasetError if an example cannot be shown."""
    return page(
        files("pipeline.report") / "page.html.jinja",
        content=content,
        bars={name: bars(counts) for name, counts in content.overview.counts.items() if len(counts) > 1},
        lengths=list(columns(content.lengths, "characters")),
        times=list(columns(content.times, "of the clip")),
        flow=flow(content.drops),
        pictures=example_pictures(session),
    )


def _write(html: str, page: str) -> None:
    try:
        Location.parse(html).write_bytes(page.encode())
    except OSError as error:
        raise OutputError(f"--html {html} cannot be written: {filesystem_error(error)}") from error
