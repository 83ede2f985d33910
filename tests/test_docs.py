"""What people read leads somewhere: each link of README, CONTRIBUTING and docs/ is to a file or heading that exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "tests/benchmarks/README.md",
    *sorted((ROOT / "docs").glob("*.md")),
)
_LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """File and heading of each link."""
    for target in _LINK.findall(page.read_text()):
        name, _, heading = target.partition("#")
        yield (page.parent / name if name else page), heading


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Files exist, and so do the headings that a link names."""
    for target, heading in links(page):
        assert target.exists(), f"{page}: {target}"
        assert not heading or heading in headings(target), f"{page}: {target}#{heading}"


def test_every_page_is_found_from_the_readme() -> None:
    """A page of docs/ that the README does not link to is found by nobody."""
    linked = {target.resolve() for target, _ in links(ROOT / "README.md")}
    assert {page for page in PAGES if page.parent.name == "docs"} <= linked
