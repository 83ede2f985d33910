"""A finished set gets a data set card, README.md, that Hugging Face and people can read."""

from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.overview import overview
from schemas.problems import printable

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
"""Hugging Face's names for a number of rows with up to three digits, with four, with five, and so on."""


def data_card(opened: FinishedSet, audit_section: str = "") -> str:
    """The card of a set whose shards are written, with a section about its audit if there is one.

    Raises DatasetError if the shards cannot be read.
    """
    template = markdown_template("pipeline.dataset", "card.md.jinja")
    found = overview(opened)
    return template.render(
        manifest=opened.manifest,
        recipe_name=printable(opened.manifest.recipe_name),
        rows=found.rows,
        splits=[split.value for split in opened.splits()],
        outcomes=opened.parts("comparisons"),
        size=size_category(found.rows["pairs"]),
        counts=found.counts,
        audit_section=audit_section,
    )


def markdown_template(package: str, name: str) -> Template:
    """A jinja template of a package, set up for Markdown; a missing value is an error."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 Markdown, not HTML
    environment.filters["seen"] = printable
    return environment.from_string(files(package).joinpath(name).read_text())


def size_category(rows: int) -> str:
    """Hugging Face's name for a number of rows."""
    return _SIZES[min(max(len(str(rows)) - 3, 0), len(_SIZES) - 1)]
