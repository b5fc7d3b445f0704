"""The summary in a real browser: its figures drawn, links that lead somewhere, hover that names."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from reading import read_through

pytestmark = pytest.mark.slow


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=str)
def page(visit, finished, request):
    """The summary of the small study, read from top to bottom."""
    opened = visit(finished / "results/summary.html", *request.param)
    read_through(opened)
    return opened


def test_axe_finds_no_violation(page):
    axe = Axe().run(page)
    assert axe.violations_count == 0, axe.generate_report()


def test_both_figures_are_drawn_and_the_console_is_silent(page):
    assert page.locator(".chart").count() == 2
    assert page.messages == []


def test_it_does_not_scroll_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("place", [0, 1])
def test_hover_names_model_and_experiment(page, place):
    marks = page.locator(".chart").nth(place).locator(".mark-symbol.role-mark path")
    assert marks.count() == 3
    marks.last.hover(force=True)  # another mark may lie over it
    tooltip = page.locator("#vg-tooltip-element")
    tooltip.wait_for()
    text = tooltip.inner_text()
    assert "Experiment" in text and "small" in text
    assert any(model in text for model in ("conv1d", "logistic_regression"))


def test_a_link_leads_to_a_report(page):
    page.locator("a[href='small/report.html']").first.click()
    page.wait_for_url("**/small/report.html")
