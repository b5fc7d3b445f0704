"""The report in a real browser: all of it drawn, and nothing complained of."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from requirements import unavailable

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        unavailable("Chromium is not installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield running
        running.close()


CHARTS = {"small": 1 + 3 + 3 + 1 + 2 * 2, "fused": 1}
"""How many figures there are in the report of an experiment, and in that of a comparison."""

VIEWS = [(1280, "light"), (1280, "dark"), (390, "light")]


@pytest.fixture(params=[(name, *view) for name in CHARTS for view in VIEWS], ids=str)
def page(browser, finished, request):
    """A report of the small study, opened offline, with all that the console said."""
    name, width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    opened = context.new_page()
    opened.said, opened.charts = [], CHARTS[name]
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    opened.goto(f"file://{finished / 'results' / name / 'report.html'}")
    opened.wait_for_function(
        "document.querySelectorAll('.chart svg.marks').length"
        " === document.querySelectorAll('.chart').length"
    )
    yield opened
    context.close()


def test_every_figure_is_drawn_and_the_console_is_silent(page):
    assert page.locator(".chart").count() == page.charts
    for chart in page.locator(".chart svg.marks").all():
        assert chart.bounding_box()["width"] > 200
    assert page.said == []


def test_the_page_does_not_scroll_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_text_stands_out_from_its_background(page):
    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert contrast(ink, paper) > 7


def contrast(*colours: str) -> float:
    """The contrast ratio of WCAG 2 between two colours such as `rgb(1, 2, 3)`."""
    lights = []
    for colour in colours:
        parts = [int(part) / 255 for part in colour.removeprefix("rgb(")[:-1].split(",")]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)
