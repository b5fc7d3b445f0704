"""`results/summary.html`: made of what is finished, trains nothing, comes last in a whole run."""

import os
import re
from html import unescape

import pandas as pd
import pytest

from studies import EVALUATION

pytestmark = pytest.mark.slow

SUMMARY = "results/summary.html"
PAGE = {"summary": 1}


def plain(study) -> str:
    page = unescape((study / SUMMARY).read_text())
    page = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\xa0", " ")))


def add(study, name, **changes):
    """Add an experiment like the small one."""
    config = study.config
    config["experiments"][name] = config["experiments"]["small"] | changes
    study.config = config


@pytest.fixture
def copied(finished, tmp_path):
    return finished.copy(tmp_path / "study")


def test_a_whole_run_ends_with_it(finished):
    pages = [finished / SUMMARY, *(finished / "results").glob("*/report.html")]
    assert max(pages, key=os.path.getmtime) == finished / SUMMARY
    assert finished.would_run() == {}
    assert finished.would_run(SUMMARY) == {}


def test_it_prints_the_tables(finished):
    words = plain(finished)
    assert "1 of 1 experiments is finished." in words
    assert "Synthetic speech." in words
    for row in pd.read_csv(finished / "results/small/summary.csv").to_dict("records"):
        for metric in ("accuracy", "uar"):
            low, high = (f"{100 * row[f'{metric}_{end}']:.1f}" for end in ("low", "high"))
            assert f"{100 * row[metric]:.1f} ({low} – {high})" in words
    page = (finished / SUMMARY).read_text()
    for target in re.findall(r'href="([^"#]+)"', page):
        assert (finished / "results" / target).is_file()


def test_alone_it_is_made_of_nothing_where_nothing_is_finished(study):
    assert study.would_run(SUMMARY) == PAGE
    study.snakemake(SUMMARY)
    assert "0 of 1 experiments are finished." in plain(study)
    assert not (study / "results/small").exists()


def test_alone_it_trains_nothing_whatever_was_edited(copied):
    copied.set("models.conv1d.width", 12)
    copied.set("seed", 18)
    add(copied, "other", models=["logistic_regression"])
    assert "network" in copied.would_run()
    assert copied.would_run(SUMMARY) == PAGE
    before = (copied / "results/small/summary.csv").stat().st_mtime_ns
    copied.snakemake(SUMMARY)
    assert (copied / "results/small/summary.csv").stat().st_mtime_ns == before
    words = plain(copied)
    assert "1 of 2 experiments is finished." in words
    assert "snakemake results/other/report.html" in words


def test_it_waits_for_what_the_same_run_makes(copied):
    add(copied, "other", models=["logistic_regression"])
    both = copied.would_run(SUMMARY, "results/other/report.html")
    trained = {"folds": 1, "estimator_search": 2, "estimator": 2}
    assert both == trained | EVALUATION | {"report": 1} | PAGE
    assert copied.would_run() == both | {"all": 1}
    copied.snakemake("results/other/report.html")
    assert copied.would_run(SUMMARY) == PAGE
    copied.snakemake()
    assert copied.would_run() == {}
    assert copied.would_run(SUMMARY) == {}
    words = plain(copied)
    assert "2 of 2 experiments are finished." in words


def test_an_experiment_without_one_of_its_files_is_not_finished(copied):
    (copied / "results/small/logistic_regression/fold_1/fit.json").unlink()
    copied.snakemake(SUMMARY)
    assert "0 of 1 experiments are finished." in plain(copied)


def test_what_cannot_be_had_is_said_with_the_reason(copied):
    config = copied.config
    config["corpora"]["savee"] = {"path": None}
    config["datasets"]["asked"] = {"corpora": ["savee"]}
    copied.config = config
    add(copied, "on_savee", dataset="asked")
    assert copied.would_run() == PAGE | {"all": 1}
    copied.snakemake()
    assert "on_savee: on_savee. Not available: SAVEE is given to registered" in plain(copied)


def test_what_a_random_split_would_have_claimed_is_shown(copied):
    add(
        copied,
        "leaking",
        models=["logistic_regression"],
        folds={"by": "clip", "count": 2},
        validation={"by": "clip", "share": 0.5},
    )
    copied.snakemake()
    words = plain(copied)
    tables = [pd.read_csv(copied / f"results/{name}/summary.csv") for name in ("leaking", "small")]
    claimed, holds = (
        100 * table.set_index("model").loc["logistic_regression", "accuracy"] for table in tables
    )
    points = f"{claimed - holds:+z.1f}".replace("-", "−")
    assert (
        "Testing on a random split by clip would have claimed an accuracy of "
        f"{claimed:.1f} %, where unseen speakers give {holds:.1f} %: "
        f"a difference of {points} points."
    ) in words
