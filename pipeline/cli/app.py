"""The commands of `vidpref`; each lives in a file of its own, which imports what is heavy only when it runs."""

import typer

from pipeline.cli.audit import audit
from pipeline.cli.build import build
from pipeline.cli.demo import demo
from pipeline.cli.inspect import inspect
from pipeline.cli.plan import plan
from pipeline.cli.verify import verify

app = typer.Typer(
    name="vidpref",
    help="Preference pairs from videos, in which every rejected answer is wrong for a known reason.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in (build, plan, inspect, verify, audit, demo):
    app.command()(command)
