"""Tables: sorted by their headings, saved as CSV, and scrolled in a box of their own."""

import csv
import re

import pytest

pytestmark = pytest.mark.slow

ODD = """
<section id="odd">
<h2>Odd ones</h2>
<div class="scroll">
<table>
  <thead>
  <tr>
    <th scope="col">Name</th>
    <th scope="col" class="n">Score, %<br><small>mean ± std</small></th>
    <th scope="col" class="n">Size</th>
    <th scope="col" class="n">Change</th>
    <th scope="col">Kind</th>
  </tr>
  </thead>
  <tbody>
  <tr>
    <th scope="row">m10<br><small>9 layers</small></th>
    <td>9.5 ± 12.0</td><td>1,234<br><small>+ 99</small></td><td>−0.5</td><td>b</td>
  </tr>
  <tr><th scope="row">m9</th><td>66.5 ± 4.5</td><td>998</td><td>+2.0</td><td>a</td></tr>
  <tr><th scope="row">M2</th><td>–</td><td>12,000</td><td>&lt; 0.001</td><td>b</td></tr>
  <tr><th scope="row">m1</th><td>(10.0 – 11.0)</td><td>.5</td><td>1e-3</td><td>a</td></tr>
  </tbody>
  <tbody class="marks">
  <tr><th scope="row">a mark</th><td>99</td><td></td><td></td><td></td></tr>
  </tbody>
</table>
</div>
<div class="scroll">
<table>
  <thead><tr><th scope="col" colspan="2">Of</th><th scope="col">n</th></tr></thead>
  <tbody>
  <tr><th scope="row" rowspan="2">x, "y"</th><td>b</td><td>1,500</td></tr>
  <tr><td>a</td><td>−2</td></tr>
  </tbody>
</table>
</div>
<div class="scroll">
<table>
  <thead><tr><th scope="col">Arm</th><th scope="col">n</th></tr></thead>
  <tbody>
  <tr class="group"><th colspan="2" scope="rowgroup">First?</th></tr>
  <tr><td>a</td><td>1</td></tr>
  <tr><td>b</td><td>2</td></tr>
  </tbody>
  <tbody>
  <tr class="group"><th colspan="2" scope="rowgroup">Second?</th></tr>
  <tr><td>c</td><td>3</td></tr>
  <tr><td>d</td><td>4</td></tr>
  </tbody>
</table>
</div>
</section>
"""


@pytest.fixture
def odd(visit, report_with):
    """The page with tables of many kinds of cells."""
    return visit(report_with(ODD))


def first_cells(page, table: int = 0) -> list[str]:
    rows = page.locator("#odd table").nth(table).locator("tbody tr")
    return [row.locator("th, td").first.inner_text().split("\n")[0] for row in rows.all()]


def heading(page, name: str):
    return page.locator("#odd table").first.get_by_role("button", name=name)


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("Name", ["m1", "M2", "m9", "m10"], ["m10", "m9", "M2", "m1"]),
        ("Score", ["m9", "m1", "m10", "M2"], ["m10", "m1", "m9", "M2"]),
        ("Size", ["M2", "m10", "m9", "m1"], ["m1", "m9", "m10", "M2"]),
        ("Change", ["m9", "M2", "m1", "m10"], ["m10", "M2", "m1", "m9"]),
        ("Kind", ["m9", "m1", "m10", "M2"], ["m10", "M2", "m9", "m1"]),
    ],
)
def test_a_heading_sorts_by_value_and_back_and_marks_stay_below(odd, column, first, second):
    button = heading(odd, column)
    cell = button.locator("..")
    button.click()
    assert first_cells(odd) == [*first, "a mark"]
    started = "ascending" if column in ("Name", "Kind") else "descending"
    assert cell.get_attribute("aria-sort") == started
    button.focus()
    odd.keyboard.press("Enter")
    assert first_cells(odd) == [*second, "a mark"]
    assert cell.get_attribute("aria-sort") != started
    assert odd.locator("#odd [aria-sort]").count() == 1
    assert odd.messages == []


def test_equal_rows_keep_the_order_they_had(odd):
    heading(odd, "Size").click()
    heading(odd, "Kind").click()
    assert first_cells(odd) == ["m9", "m1", "M2", "m10", "a mark"]


def test_a_table_with_cells_over_several_columns_or_rows_is_left_as_it_is(odd):
    assert odd.locator("#odd table").nth(1).locator("button").count() == 0


def test_rows_stay_under_the_row_that_heads_them(odd):
    odd.locator("#odd table").nth(2).get_by_role("button", name="n").click()
    assert first_cells(odd, 2) == ["First?", "b", "a", "Second?", "d", "c"]


def test_the_table_of_results_is_sorted_by_accuracy(visit, report):
    page = visit(report)
    column = page.locator("#result table tbody:not(.marks) tr td:nth-child(2)")
    page.locator("#result thead").get_by_role("button", name="Accuracy, %").click()
    shown = [float(text.split("±")[0]) for text in column.all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
    assert page.locator("#result tbody.marks tr th").first.inner_text().startswith("chance")


def saved(page, button) -> list[list[str]]:
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename.endswith(".csv")
    text = download.value.path().read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines()))


def test_a_csv_file_holds_every_cell_as_shown(odd):
    rows = saved(odd, odd.get_by_role("button", name="Save as CSV (Odd ones)"))
    assert rows == [
        ["Name", "Score, % mean ± std", "Size", "Change", "Kind"],
        ["m10 9 layers", "9.5 ± 12.0", "1,234 + 99", "-0.5", "b"],
        ["m9", "66.5 ± 4.5", "998", "+2.0", "a"],
        ["M2", "–", "12000", "< 0.001", "b"],
        ["m1", "(10.0 – 11.0)", ".5", "1e-3", "a"],
        ["a mark", "99", "", "", ""],
    ]
    rows = saved(odd, odd.get_by_role("button", name="Odd ones, table 2"))
    assert rows == [["Of", "", "n"], ['x, "y"', "b", "1500"], ["", "a", "-2"]]


def test_every_table_of_the_report_is_saved_as_it_is_shown(visit, report):
    page = visit(report)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    tables = page.locator("main table").all()
    assert len(tables) > 5
    for table, button in zip(tables, page.locator("main .save:text('CSV')").all(), strict=True):
        shown = [
            [as_saved(cell) for cell in row.locator("th, td").all_inner_texts()]
            for row in table.locator("tr").all()
        ]
        rows = saved(page, button)
        if table.locator("[colspan], [rowspan]").count():
            rows = [[field for field in row if field] for row in rows]
            shown = [[field for field in row if field] for row in shown]
        assert rows == shown


def as_saved(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text.replace(",", "") if re.fullmatch(r"[\d,]+(\.\d+)?", text) else text


@pytest.mark.parametrize("width", [360, 390])
def test_a_table_too_wide_for_a_phone_scrolls_in_its_own_box(visit, report_with, width):
    page = visit(report_with(ODD), width=width)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = page.locator("#result .scroll")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert box.get_attribute("role") == "group"
    assert box.get_attribute("aria-label") == "Result"
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('#result .scroll').scrollLeft > 0")
    assert page.locator("#odd .scroll").nth(1).get_attribute("tabindex") is None
