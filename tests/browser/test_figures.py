"""Figures: drawn when near, explained under the pointer, saved, and legible in either scheme."""

import json
from xml.etree import ElementTree

import pytest

from reading import background, colours, contrast, follow_system, read_through

pytestmark = pytest.mark.slow

FIGURE = """
<section id="added"><h2>Added</h2><figure>
<div class="chart" role="img" aria-label="A figure"></div>
<script type="application/json">%s</script>
</figure></section>
"""
MARKS = ".role-mark.mark-symbol path, .role-mark.mark-rect path"


def section(spec: dict) -> str:
    return FIGURE % json.dumps(spec, separators=(",", ":"))


def test_figures_far_from_the_view_wait_until_they_are_near(visit, report):
    page = visit(report)
    page.locator(".chart svg.marks").first.wait_for()
    charts = page.locator(".chart")
    assert page.locator(".chart svg.marks").count() < charts.count() / 2
    read_through(page)
    assert page.locator(".chart svg.marks").count() == charts.count()
    assert page.messages == []


def test_a_figure_keeps_its_place_while_it_is_not_drawn(visit, report):
    page = visit(report)
    for chart in page.locator("section:last-of-type .chart, #folds .chart").all():
        assert chart.bounding_box()["height"] >= 200


def test_every_figure_says_what_is_under_the_pointer(visit, report):
    page = visit(report)
    read_through(page)
    tooltip = page.locator("#vg-tooltip-element.visible")
    for chart in page.locator(".chart").all():
        page.mouse.move(0, 0)
        tooltip.wait_for(state="detached")
        chart.scroll_into_view_if_needed()
        chart.locator(MARKS).first.hover(force=True)
        tooltip.wait_for()
        assert tooltip.locator("td.value").all_inner_texts() != []


def test_a_figure_without_a_tooltip_of_its_own_shows_what_it_encodes(visit, report_with):
    place = {axis: {"field": axis, "type": "quantitative"} for axis in "xy"}
    spec = {"data": {"values": [{"x": 1, "y": 41.5}]}, "mark": "point", "encoding": place}
    page = visit(report_with(section(spec | {"width": "container", "height": 100})))
    page.locator("#added .chart").scroll_into_view_if_needed()
    page.locator("#added .chart .mark-symbol path").hover(force=True)
    assert "41.5" in page.locator("#vg-tooltip-element.visible").inner_text()


def test_every_figure_is_described_in_words(visit, report):
    charts = visit(report).locator(".chart")
    described = charts.evaluate_all("all => all.map(e => [e.role, e.ariaLabel])")
    assert {role for role, _ in described} == {"img"}
    assert all(len(label) > 10 for _, label in described)
    assert charts.first.get_attribute("aria-label") == "Accuracy of each model on test clips."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_is_saved_as_svg_with_text_in_light_colours(visit, report, scheme):
    page = visit(report, scheme=scheme)
    button = page.get_by_role("button", name="Save as SVG (Result)")
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "8-models-3-folds-serfusion-result.svg"
    root = ElementTree.parse(download.value.path()).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert float(root.get("width")) == pytest.approx(
        page.locator(".chart").first.bounding_box()["width"], abs=2
    )
    text = list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert {"model_1", "model_8", "Accuracy on test, %", "chance"} <= {
        element.text for element in text
    }
    assert min(contrast(element.get("fill"), "rgb(255, 255, 255)") for element in text) > 4.5
    assert page.messages == []


def test_every_figure_has_its_own_file(visit, report):
    page = visit(report)
    read_through(page)
    buttons = page.locator("figure .save")
    assert buttons.count() == page.locator(".chart").count()
    assert len(set(buttons.all_inner_texts())) == buttons.count()


def test_figures_are_drawn_anew_in_the_colours_of_the_scheme(visit, report):
    page = visit(report)
    light = colours(page)
    follow_system(page, "dark")
    dark = colours(page)
    assert light.isdisjoint(dark)
    assert min(contrast(colour, background(page)) for colour in dark) > 4.5
    assert page.messages == []


def test_a_figure_that_cannot_be_drawn_says_so(visit, report_with):
    page = visit(report_with(section({"mark": "none such"})))
    page.locator("#added .chart").scroll_into_view_if_needed()
    page.get_by_text("This figure could not be drawn: ").wait_for()
    assert page.messages
