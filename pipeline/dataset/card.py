"""dataset.json becomes a data set card that Hugging Face and people can read."""

from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from pipeline.dataset.finished_set import FinishedSet
from pipeline.inspection.set_tables import overview

if TYPE_CHECKING:  # a build has no need of what an audit imports
    from pipeline.audit.report import AuditReport

_SIZES = (
    "n<1K",
    "1K<n<10K",
    "10K<n<100K",
    "100K<n<1M",
    "1M<n<10M",
    "10M<n<100M",
    "100M<n<1B",
    "1B<n<10B",
    "10B<n<100B",
    "100B<n<1T",
    "n>1T",
)
"""What Hugging Face calls a number of rows of up to three digits, of four, of five, ..."""


def data_card(opened: FinishedSet, audit: "AuditReport | None" = None) -> str:
    """README.md of a set whose shards are written, with its audit where there is one. DatasetError where the shards
    cannot be read.
    """
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 Markdown, not HTML
    template = environment.from_string(files("pipeline").joinpath("card.md.jinja").read_text())
    found = overview(opened)
    return template.render(
        manifest=opened.manifest,
        rows=found.rows,
        size=size_category(found.rows["pairs"]),
        counts=found.counts,
        audit=audit,
    )


def size_category(rows: int) -> str:
    """Hugging Face's name for a number of rows."""
    return _SIZES[min(max(len(str(rows)) - 3, 0), len(_SIZES) - 1)]
