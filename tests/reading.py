"""What a reader does with a page."""

from playwright.sync_api import Page


def unfold(page: Page) -> None:
    """Open all that is folded away."""
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")


def read_through(page: Page) -> None:
    """Bring every figure into view, so that it is drawn."""
    unfold(page)
    for chart in page.locator(".chart").all():
        chart.scroll_into_view_if_needed()
        chart.locator("svg.marks").wait_for()


def follow_system(page: Page, scheme: str) -> None:
    """Change the system's scheme, and wait until the page has been told."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => document.documentElement.dataset.scheme === scheme", arg=scheme
    )


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def colours(page: Page, figures: str = ".chart >> nth=0") -> set[str]:
    """The colours of the text of figures, by default of the first."""
    text = page.locator(figures).locator("svg text")
    text.first.wait_for()
    return set(text.evaluate_all("all => all.map(each => each.getAttribute('fill'))"))


def contrast(*colours: str) -> float:
    """The contrast ratio of WCAG 2 between two colours such as `rgb(1, 2, 3)`."""
    lights = []
    for colour in colours:
        parts = [int(part) / 255 for part in colour.removeprefix("rgb(")[:-1].split(",")]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)
