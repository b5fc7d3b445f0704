"""The reports of a study in a real browser: all of it drawn, and nothing complained of."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from reading import background, contrast, read_through

pytestmark = pytest.mark.slow

CHARTS = {"small": 1 + 2 + 3 + 3 + 1 + 2 * 2, "fused": 1}
"""How many figures there are in the report of an experiment, and in that of a comparison."""

VIEWS = [(1280, "light"), (1280, "dark"), (390, "light"), (360, "dark")]


@pytest.fixture(params=[(name, *view) for name in CHARTS for view in VIEWS], ids=str)
def page(visit, finished, request):
    """A report of the small study, read from top to bottom."""
    name, width, scheme = request.param
    opened = visit(finished / "results" / name / "report.html", width, scheme)
    opened.charts = CHARTS[name]
    read_through(opened)
    return opened


def test_every_figure_is_drawn_and_the_console_is_silent(page):
    assert page.locator(".chart").count() == page.charts
    for chart in page.locator(".chart svg.marks").all():
        assert chart.bounding_box()["width"] > 200
    assert page.messages == []


def test_the_page_does_not_scroll_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_text_stands_out_from_its_background(page):
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert contrast(ink, background(page)) > 7


def test_axe_finds_no_violation(page):
    axe = Axe().run(page)
    assert axe.violations_count == 0, axe.generate_report()
