"""The section on failures in a real browser: switched, heard and seen."""

import pytest

from reading import read_through

pytestmark = pytest.mark.slow


@pytest.fixture
def page(visit, finished):
    """The report of the small study, with its figures of where models fail drawn."""
    opened = visit(finished / "results/small/report.html")
    read_through(opened)
    return opened


def marks(page) -> list[list[str]]:
    """Return where the marks of each figure are."""
    return [
        chart.locator(".mark-symbol path").evaluate_all(
            "marks => marks.map(mark => mark.getAttribute('transform'))"
        )
        for chart in page.locator("#failures .chart").all()
    ]


def test_one_list_switches_every_figure_and_back(page):
    first = page.locator("#shown-model").input_value()
    names = page.locator("#shown-model option").all_inner_texts()
    assert names == ["conv1d", "fusion_conv1d_mlp", "logistic_regression"]
    before = marks(page)
    assert len(before[1]) >= 4
    other = next(name for name in names if name != first)
    page.get_by_label("Model in these figures").select_option(other)
    page.wait_for_timeout(300)
    after = marks(page)
    assert all(one != two for one, two in zip(before, after, strict=True))
    page.get_by_label("Model in these figures").select_option(first)
    page.wait_for_timeout(300)
    assert marks(page) == before
    assert page.messages == []


def test_a_mark_says_its_figures(page):
    page.locator("#failures .chart").first.locator(".mark-symbol path").first.hover()
    tip = page.locator("#vg-tooltip-element")
    tip.wait_for(state="visible")
    words = tip.inner_text()
    assert "Accuracy, %" in words and "95 % from" in words and "Clips" in words


def test_spectrograms_are_images_and_clips_can_be_heard(page):
    pictures = page.locator(".card svg image").count()
    assert pictures == page.locator(".card").count() == page.locator(".card audio").count() == 6
    size = page.evaluate(
        "async () => { const image = new Image();"
        " image.src = document.querySelector('.card image').getAttribute('href');"
        " await image.decode(); return [image.naturalWidth, image.naturalHeight]; }"
    )
    assert size[0] > 50 and size[1] == 64
    seconds = page.evaluate(
        "async () => { const audio = document.querySelector('.card audio');"
        " audio.preload = 'auto'; audio.load();"
        " await new Promise((done, failed) => {"
        " audio.oncanplaythrough = done; audio.onerror = failed; });"
        " return audio.duration; }"
    )
    assert 0.2 < seconds < 10


def test_all_that_is_not_text_has_a_text_in_its_place(page):
    assert page.locator(".card svg:not([aria-label]), .card audio:not([aria-label])").count() == 0
    assert page.locator("#failures figure:not(:has(figcaption))").count() == 0
    assert page.get_by_role("img", name="Waveform and mel-spectrogram of").count() == 6
