"""The summary in a real browser: its figures drawn, links that lead somewhere, hover that names."""

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


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=str)
def page(browser, finished, request):
    """The summary of the small study, opened offline, with all that the console said."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    opened = context.new_page()
    opened.said = []
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    opened.goto(f"file://{finished / 'results/summary.html'}")
    opened.wait_for_function("document.querySelectorAll('.chart svg.marks').length === 2")
    yield opened
    context.close()


def test_both_figures_are_drawn_and_the_console_is_silent(page):
    assert page.locator(".chart").count() == 2
    assert page.said == []


def test_it_does_not_scroll_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("place", [0, 1])
def test_hover_names_model_and_experiment(page, place):
    marks = page.locator(".chart").nth(place).locator("path[aria-roledescription='point']")
    assert marks.count() == 3
    marks.last.hover(force=True)  # another mark may lie over it
    tooltip = page.locator("#vg-tooltip-element")
    tooltip.wait_for()
    said = tooltip.inner_text()
    assert "Experiment" in said and "small" in said
    assert any(model in said for model in ("conv1d", "logistic_regression"))


def test_a_link_leads_to_a_report(page):
    page.locator("a[href='small/report.html']").first.click()
    page.wait_for_url("**/small/report.html")
