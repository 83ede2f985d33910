"""`vidpref view`: serves a finished set to a browser on this machine until it is stopped."""

import asyncio
import errno
import getpass
from dataclasses import dataclass

from aiohttp import web
from rich import box
from rich.console import Console
from rich.table import Table

from pipeline.dataset.finished_set import FinishedSet
from pipeline.engine.signals import stop_on_signals
from pipeline.reviews.folder import ReviewFolder, checked_reviewer
from pipeline.viewer.access import AccessGuard
from pipeline.viewer.server import viewer_app
from pipeline.viewer.session import Sampling, ViewerSession
from schemas.counted import counted
from schemas.errors import UserError

HOST = "127.0.0.1"


@dataclass(frozen=True)
class ViewOptions:
    """What `vidpref view` is asked for."""

    dataset: str
    port: int = 0
    """0 takes one that is free."""
    reviews: str | None = None
    """Where human verdicts are kept; None: in `reviews/` of the set."""
    reviewer: str | None = None
    """Who judges; None: the name of the user."""
    sample: int | None = None
    """How many pairs are drawn for review; None: all pairs are shown."""
    seed: int = 0
    """Seed of the sample."""


def run_view(console: Console, options: ViewOptions) -> None:
    """Serve a set until the user stops it; after a sample print what was said of it.

    Raises UserError if the set cannot be read, or if the port is taken.
    """
    reviewer = checked_reviewer(options.reviewer or _user())
    opened = FinishedSet.open(options.dataset)
    sampling = None if options.sample is None else Sampling(options.sample, options.seed)
    session = ViewerSession(opened, ReviewFolder.of(opened, options.reviews), reviewer, sampling)
    try:
        with stop_on_signals():
            asyncio.run(_serve(console, session, options))
    except KeyboardInterrupt:
        pass  # Ctrl-C is how a viewer is ended
    if sampling is not None or session.review.can_undo:
        console.print(review_table(session))


async def serving(session: ViewerSession, guard: AccessGuard, port: int) -> tuple[web.AppRunner, int]:
    """Start to serve; the runner, which `cleanup` ends, and the port. UserError if the port is taken."""
    runner = web.AppRunner(viewer_app(session, guard), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "is in use" if error.errno == errno.EADDRINUSE else "may not be used"
        raise UserError(f"--port {port} {why}; give another one, or none to take one that is free") from error
    return runner, runner.addresses[0][1]


async def _serve(console: Console, session: ViewerSession, options: ViewOptions) -> None:
    guard = AccessGuard()
    runner, port = await serving(session, guard, options.port)
    rows = session.opened.rows()
    shown = f"{counted(rows['pairs'], 'pair')} for {counted(len(session.table.group_ids), 'question')}"
    if session.sampling is not None:
        shown = f"a sample of {counted(len(session.sampled), 'pair')}, seed {options.seed}, of {shown}"
    for line in (
        f"{options.dataset}: {shown}",
        f"open http://{HOST}:{port}/?token={guard.token}",
        f"verdicts of {session.review.reviewer} are kept in {session.review.folder.location}; Ctrl-C ends the viewer",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def review_table(session: ViewerSession) -> Table:
    """What the reviewer says of the pairs that were looked at."""
    found = session.progress()
    judged = [found[name] for name in ("right", "doubtful", "wrong")]
    title = f"{session.review.reviewer} judged {sum(judged)} of {found['of']} pairs"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("right", "doubtful", "wrong", "not judged", "picked blind", "of these right", "by chance"):
        table.add_column(name, justify="right")
    blind = found["blind"]
    numbers = (*judged, found["of"] - sum(judged), blind["picked"], blind["right"], blind["by_chance"])
    table.add_row(*(str(number) for number in numbers))
    return table


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a user that has no name
        return "reviewer"
