"""A page that is whole in itself: a template, with the styles that all pages share, and nothing from elsewhere."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from jinja2 import Environment, StrictUndefined

from schemas.problems import printable


def page(template: Traversable, **values: object) -> str:
    """The page of a template. Texts are escaped, and the filter `seen` spells out what cannot be printed."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True)
    environment.filters["seen"] = printable
    style = (files("pipeline.report") / "page.css").read_text("utf-8")
    return environment.from_string(template.read_text("utf-8")).render(style=style, **values)
