"""The pages in a real browser: what a person sees, presses and keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.reviews.folder import ReviewFolder
from pipeline.storage.location import Location
from schemas.human_verdict import Judgement
from tests.finished import Whole
from tests.pipeline.viewer.browser import started_browser, watched_page
from tests.pipeline.viewer.serving import Served, served
from tests.pipeline.viewer.sets import HOSTILE, hostile_set, pairs_of, session, twinned_set

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.slow(60)]
expect.set_options(timeout=120_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with started_browser() as one:
        yield one


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    """Where verdicts go."""
    return tmp_path / "reviews"


@pytest.fixture
def server(whole: Whole, reviews: Path) -> Iterator[Served]:
    """A viewer of the shared set."""
    with served(session(whole.path, reviews)) as one:
        yield one


def opened(page: Page, server: Served, path: str = "") -> None:
    """Enter by the printed address, then go to a page."""
    page.goto(server.address)
    if path:
        page.goto(f"http://127.0.0.1:{server.port}/{path}")


def test_a_list_is_filtered_searched_and_opened(browser: Browser, server: Served, whole: Whole) -> None:
    """The numbers are those of the rows; the address says the filters, so that going back finds them again."""
    pairs = pairs_of(whole)
    clip = whole.clips[0]
    groups = {pair.group_id for pair in pairs if pair.clip_id == clip.clip_id}
    with watched_page(browser) as watched:
        page = watched.page
        opened(page, server)
        expect(page.locator("tr[data-group]")).to_have_count(len({pair.group_id for pair in pairs}))
        page.get_by_label("Search texts and ids").fill(pairs[0].pair_id)
        expect(page.locator("tr[data-group]")).to_have_count(1)
        page.get_by_label("Search texts and ids").fill("")
        page.locator(".facet summary", has_text="clip").click()
        page.locator(".facet label", has_text=clip.uri).click()
        expect(page.locator("h1")).to_contain_text(f"{len(groups)} question")
        page.locator("a.question").first.click()
        expect(page.locator(".side.chosen").first).to_be_visible()
        page.go_back()
        expect(page.locator("h1")).to_contain_text(f"{len(groups)} question")


def test_boxes_words_and_time_are_where_they_should_be(browser: Browser, whole: Whole, tmp_path: Path) -> None:
    """Of a mirrored twin: a box is drawn where the mirrored scene has it, the differing words are marked, the time line
    moves the frames, and playing goes on by itself.
    """
    pair = twinned_set(tmp_path / "ds", whole)
    clip = next(clip for clip in whole.clips if clip.clip_id == pair.clip_id)
    track = clip.scene.tracks[0]
    box = next(box for box in track.boxes if box.frame_index == 4)
    with served(session(tmp_path / "ds", tmp_path / "reviews")) as server, watched_page(browser) as watched:
        page = watched.page
        opened(page, server, f"#/group/{pair.group_id}")
        page.get_by_label("Boxes").select_option("all")
        page.locator(".cell").nth(4).click()
        expect(page.locator(".clock")).to_contain_text("frame 4")
        stage, drawn = (page.locator(where).bounding_box() for where in (".stage", f'[data-track="{track.track_id}"]'))
        rect = page.locator(f'[data-track="{track.track_id}"] rect').last.bounding_box()
        assert stage is not None
        assert drawn is not None
        assert rect is not None
        left = stage["x"] + (1 - box.x1) * stage["width"]
        top = stage["y"] + box.y0 * stage["height"]
        assert (rect["x"], rect["y"]) == pytest.approx((left, top), abs=4)
        assert rect["width"] == pytest.approx((box.x1 - box.x0) * stage["width"], abs=6)
        marked = page.locator(".side.chosen").first.locator("mark").all_text_contents()
        assert marked == [span.of(pair.chosen) for span in pair.chosen_spans]

        lanes = page.locator(".lanes").bounding_box()
        assert lanes is not None
        page.mouse.click(lanes["x"] + lanes["width"] - 1, lanes["y"] + 5)
        expect(page.locator(".clock")).to_contain_text(f"frame {len(clip.frames) - 1}")
        page.keyboard.press("Home")
        expect(page.locator(".clock")).to_contain_text("frame 0")
        page.get_by_role("button", name="Play").click()
        expect(page.locator(".clock")).to_contain_text("frame 1")
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_keys_alone_judge_and_the_verdict_is_there_after_a_restart(
    browser: Browser, whole: Whole, reviews: Path
) -> None:
    """Opened, judged, annotated, gone on and undone without a pointer; another run of the viewer shows it."""
    with served(session(whole.path, reviews)) as server, watched_page(browser) as watched:
        page = watched.page
        opened(page, server)
        expect(page.locator("tr[data-group]").first).to_be_visible()
        first = page.locator("tr[data-group]").first.get_attribute("data-group")
        page.locator("a.question").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".judge").first).to_be_visible()
        page.keyboard.press("3")
        expect(page.locator(".say.wrong").first).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("[")
        page.keyboard.press("x")
        expect(page.locator(".say.not-worth").first).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("e")
        page.keyboard.type("it is a fox 1 2 3")
        page.keyboard.press("Escape")
        expect(page.locator("#progress")).to_contain_text("1 of")
        page.keyboard.press("n")
        expect(page.locator(".position")).to_contain_text("2 of")
        page.keyboard.press("1")
        expect(page.locator("#progress")).to_contain_text("2 of")
        page.keyboard.press("u")
        expect(page.locator("#progress")).to_contain_text("1 of")
    [verdict] = ReviewFolder(Location.parse(str(reviews))).read("ann").values()
    assert (verdict.judgement, verdict.is_worth, verdict.note) == (Judgement.WRONG, False, "it is a fox 1 2 3")
    with served(session(whole.path, reviews)) as server, watched_page(browser) as watched:
        opened(watched.page, server, f"#/group/{first}")
        expect(watched.page.locator(".say.wrong").first).to_have_attribute("aria-pressed", "true")
        opened(watched.page, server, "#/reviews")
        expect(watched.page.locator("table.counts")).to_contain_text("proven")


def test_blind_hides_labels_until_an_answer_is_picked(browser: Browser, server: Served) -> None:
    """The page has no mark and no word of which is which; after the pick it has, and the score is shown."""
    with watched_page(browser) as watched:
        page = watched.page
        opened(page, server)
        expect(page.locator("a.question").first).to_be_visible()
        page.keyboard.press("b")
        page.locator("a.question").first.click()
        expect(page.locator(".option").first).to_be_visible()
        assert page.locator("mark, .side, .judge, .details").count() == 0
        page.keyboard.press("1")
        expect(page.locator(".side.chosen").first).to_be_visible()
        expect(page.locator(".blind-score")).to_contain_text("of 1 right")


def test_hostile_texts_do_nothing(browser: Browser, whole: Whole, tmp_path: Path) -> None:
    """Scripts stay words, marks of direction are spelled out, and a page of each group opens."""
    pairs = hostile_set(tmp_path / "ds", whole)
    with served(session(tmp_path / "ds", tmp_path / "reviews")) as server, watched_page(browser) as watched:
        page = watched.page
        opened(page, server)
        expect(page.locator("tr[data-group]")).to_have_count(len(HOSTILE))
        expect(page.locator("table.groups")).to_contain_text("<script>window.broken=1</script>?")
        expect(page.locator("table.groups")).to_contain_text("\\u202e right to left \\u2066")
        for number in range(len(pairs)):
            opened(page, server, "#/groups")
            page.locator("a.question").nth(number).click()
            expect(page.locator(".side.chosen")).to_be_visible()
            assert page.evaluate("window.broken === undefined")
        assert page.evaluate("document.querySelectorAll('script').length") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_without_scrolling_sideways(browser: Browser, server: Served, scheme: str) -> None:
    """At 390 pixels no page is wider than the screen, and words stand out from what is behind them."""
    with watched_page(browser, width=390, height=844, scheme=scheme) as watched:
        page = watched.page
        for path in ("#/groups", "#/drops", "#/reviews", "#/audit"):
            opened(page, server, path)
            expect(page.locator(".results h1")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        opened(page, server)
        page.locator("a.question").first.click()
        expect(page.locator(".side.chosen").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate(_CONTRAST, list(_READ)) >= 4.5


def test_every_control_has_a_name(browser: Browser, server: Served) -> None:
    """Buttons, links, boxes and lists are named for those who do not see them."""
    with watched_page(browser) as watched:
        page = watched.page
        for path in ("#/groups", "#/drops", "#/reviews", "#/audit"):
            opened(page, server, path)
            expect(page.locator(".results h1")).to_be_visible()
            assert page.evaluate(_NAMELESS) == []
        opened(page, server)
        page.locator("a.question").first.click()
        expect(page.locator(".side.chosen").first).to_be_visible()
        assert page.evaluate(_NAMELESS) == []


_READ = (".side.chosen h3", ".side.rejected h3", ".answers h1", ".step", ".clock")
_NAMELESS = """() => [...document.querySelectorAll('button, a, input, select, textarea, [role=slider]')]
  .filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') || one.title || one.labels?.length))
  .map((one) => one.outerHTML)"""
_CONTRAST = """(places) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => {
      const c = colour.startsWith('color(') ? v : v / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)' && !colour.includes('/')) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return Math.min(...places.map((place) => {
    const node = document.querySelector(place);
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }));
}"""
