"""A real Chromium that reports every error of a page, and every request that leaves this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
_ALONE = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WAIT_MILLISECONDS = 120_000  # on a busy machine


def chromium() -> str:
    """The path of a browser. Where there is none the tests are skipped, on CI they fail."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and "CI" in os.environ:
        pytest.fail("no Chromium: .ci/run installs it")
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    return found


@contextmanager
def started_browser() -> Iterator[Browser]:
    """The browser, with nothing of its own to ask for."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(_ALONE))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page, and what went wrong on it."""

    page: Page
    problems: list[str] = field(default_factory=list)


@contextmanager
def watched_page(browser: Browser, width: int = 1280, height: int = 860, scheme: str = "light") -> Iterator[Watched]:
    """A new page; at the end there must be no error, no line on its console, and no request to another host."""
    size = ViewportSize(width=width, height=height)
    with browser.new_context(viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]  # light or dark
        page = context.new_page()
        page.set_default_timeout(_WAIT_MILLISECONDS)
        watched = Watched(page)
        page.on("console", lambda message: watched.problems.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: watched.problems.append(f"error: {error}"))

        def only_here(route: Route) -> None:
            if route.request.url.startswith(("http://127.0.0.1:", "data:")):
                route.continue_()
            else:
                watched.problems.append(f"asked {route.request.url}")
                route.abort()

        page.route("**/*", only_here)
        yield watched
        page.unroute("**/*")
        assert watched.problems == []
