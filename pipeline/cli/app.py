"""The commands of `vidpref`, one file each; a command imports heavy packages only when it runs."""

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from pipeline.cli.ask import ask
from pipeline.cli.audit import audit
from pipeline.cli.build import build
from pipeline.cli.demo import demo
from pipeline.cli.evaluate import evaluate
from pipeline.cli.export import export
from pipeline.cli.import_ import import_
from pipeline.cli.inspect import inspect
from pipeline.cli.iterate import iterate
from pipeline.cli.plan import plan
from pipeline.cli.push import push
from pipeline.cli.report import report
from pipeline.cli.train import train
from pipeline.cli.verify import verify
from pipeline.cli.view import view

app = typer.Typer(
    name="vidpref",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    try:
        typer.echo(f"vidpref {version('vidpref')}")
    except PackageNotFoundError:
        typer.echo("vidpref (run from its source, not installed)")
    raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Build preference pairs from videos, each rejected answer wrong for a known reason; train Video-LLMs on them."""


_COMMANDS = (
    import_,
    build,
    plan,
    inspect,
    view,
    verify,
    audit,
    report,
    export,
    push,
    train,
    iterate,
    evaluate,
    ask,
    demo,
)
for command in _COMMANDS:
    app.command(command.__name__.rstrip("_"))(command)
