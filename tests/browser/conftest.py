"""Pages of the report in a real browser."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from experiments import random_experiment
from requirements import unavailable
from serfusion.report.experiment.page import render

CHROMIUM = shutil.which("chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@pytest.fixture(scope="session")
def browser() -> Browser:
    if CHROMIUM is None:
        unavailable("Chromium is not installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture
def visit(browser):
    """A function that opens a page offline; its `messages` are those of the console."""
    contexts = []

    def open_page(path: Path, width: int = 1280, scheme: str = "light", before: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        opened = context.new_page()
        opened.messages = []
        opened.on("console", lambda message: opened.messages.append(message.text))
        opened.on("pageerror", lambda error: opened.messages.append(str(error)))
        if before:
            opened.add_init_script(before)
        opened.goto(f"file://{path}")
        return opened

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Path:
    """The report of an experiment made up of random numbers; some of its figures are folded."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(random_experiment(models=8, folds=3)), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def report_with(report):
    """A function that adds a section to that report and returns where the new page lies."""

    def add(section: str) -> Path:
        path = report.with_name(f"with_{hash(section)}.html")
        text = report.read_text(encoding="utf-8")
        path.write_text(text.replace("</main>", f"{section}</main>"), encoding="utf-8")
        return path

    return add
