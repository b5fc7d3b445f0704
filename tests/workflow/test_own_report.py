"""Snakemake's own report, `--report`, on a finished study and without a network."""

import json
import os
import re
from zipfile import ZipFile

import pytest

from studies import Study

pytestmark = pytest.mark.slow

NOWHERE = "http://127.0.0.1:9"
OFFLINE = {name: NOWHERE for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
SHOWN = {
    "Summary": {"Other": {"results/summary.html": "all experiments"}},
    "Experiments": {
        "small": {
            "results/small/metrics.csv": "every fold, as a table",
            "results/small/report.html": "the report",
            "results/small/summary.csv": "every model, as a table",
        }
    },
    "Comparisons": {
        "fused": {
            "results/fused/comparison.csv": "every arm, as a table",
            "results/fused/report.html": "the report",
        }
    },
}
"""What it holds: category, subcategory, file, and the label that says what the file shows."""


@pytest.fixture(scope="module")
def offline(finished) -> Study:
    return Study(finished.folder, os.environ | OFFLINE)


def embedded(page: str, name: str) -> dict:
    """Return the JSON object that a page gives to its script under this name."""
    before = f"var {name} = "
    start = page.index(before + '{"') + len(before)
    return json.JSONDecoder().raw_decode(page, start)[0]


def test_it_is_one_page_with_captions_categories_and_labels(offline, tmp_path):
    target = tmp_path / "report.html"
    offline.snakemake("--report", str(target))
    page = target.read_text()
    held = embedded(page, "results")
    shown = {
        category: {
            name: {path: held[path]["labels"]["shows"] for path in paths}
            for name, paths in parts.items()
        }
        for category, parts in embedded(page, "categories").items()
    }
    assert shown == SHOWN
    for entry in held.values():
        caption = re.sub(r"<[^>]+>", "", entry["caption"]).strip()
        assert caption.endswith(".") and ". " not in caption
        assert "{{" not in caption and "{" not in caption
    assert "Speech emotion recognition from published corpora" in page


def test_it_is_a_folder_in_a_zip_too(offline, tmp_path):
    target = tmp_path / "report.zip"
    offline.snakemake("--report", str(target))
    files = [file for parts in SHOWN.values() for paths in parts.values() for file in paths]
    with ZipFile(target) as packed:
        names = [name.rpartition("/")[2] for name in packed.namelist()]
    assert sorted(names) == sorted([*(file.rpartition("/")[2] for file in files), "report.html"])
