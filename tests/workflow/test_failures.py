"""Where models fail, through the DAG: tables that follow from answers, a page from tables."""

import json
import re
from html import unescape

import pandas as pd
import pytest
from sklearn.metrics import accuracy_score

from serfusion.files import read_csv

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(finished):
    return finished / "results/small"


@pytest.fixture(scope="module")
def page(results):
    return (results / "report.html").read_text()


@pytest.fixture(scope="module")
def section(page):
    """The words of the section."""
    markup = page[page.index('<section id="failures">') : page.index('<section id="folds">')]
    plain = re.sub(r"<[^>]+>", " ", re.sub(r'data-spec="[^"]*"', "", markup))
    return re.sub(r"\s+", " ", unescape(plain).replace("\xa0", " "))


def test_groups_follow_from_the_predictions(results):
    predictions = pd.read_parquet(results / "predictions.parquet")
    table = read_csv(results / "groups.csv", ["model", "by", "group"])
    kinds = ["emotion", "gender", "actor", "corpus", "sentence", "intensity", "length"]
    assert list(table["by"].unique()) == kinds
    assert (table.groupby(["model", "by"])["clips"].sum() == 128).all()
    for by in ("emotion", "gender", "actor", "corpus"):
        groups = table[table["by"] == by].set_index(["model", "group"])
        for key, rows in predictions.groupby(["model", by]):
            row = groups.loc[key]
            expected = accuracy_score(rows["emotion"], rows["predicted"])
            assert row.accuracy == pytest.approx(expected)
            assert (row.clips, row.actors) == (len(rows), rows["actor"].nunique())


def test_calibration_and_the_summary_agree(results):
    whole = pd.read_csv(results / "calibration.csv").dropna(subset="ece").set_index("model")
    summary = pd.read_csv(results / "summary.csv").set_index("model")
    for model in summary.index:
        assert whole.loc[model, "accuracy"] == pytest.approx(summary.loc[model, "accuracy"])


def test_mistakes_are_wrong_answers_of_the_best_model_by_validation(results):
    metrics = pd.read_csv(results / "metrics.csv").query("role == 'validation'")
    best = metrics.groupby("model", sort=False)["accuracy"].mean().idxmax()
    predictions = pd.read_parquet(results / "predictions.parquet").query("model == @best")
    wrong = predictions.query("emotion != predicted")
    record = json.loads((results / "mistakes.json").read_text())
    assert (record["model"], record["tested"], record["wrong"]) == (best, 128, len(wrong))
    assert len(record["clips"]) == 6
    probabilities = wrong.filter(like="p_").max(axis=1).nlargest(6)
    assert [clip["probability"] for clip in record["clips"]] == pytest.approx(list(probabilities))
    assert {clip["clip"] for clip in record["clips"]} <= set(wrong["clip"])
    assert all(clip["audio"].startswith("data:audio/mpeg;") for clip in record["clips"])


def test_the_page_prints_the_tables(results, section):
    groups = read_csv(results / "groups.csv", ["model", "by", "group"])
    model = json.loads((results / "mistakes.json").read_text())["model"]
    printed = groups[(groups["model"] == model) & ~groups["by"].isin(["actor", "corpus"])]
    for row in printed.itertuples():
        limits = f"{100 * row.accuracy_low:.1f} – {100 * row.accuracy_high:.1f}"
        limits = limits if row.actors > 1 else "one actor"
        expected = f"{row.group} {row.clips} {row.actors} {100 * row.accuracy:.1f} {limits}"
        assert expected in section
    for row in pd.read_csv(results / "calibration.csv").dropna(subset="ece").itertuples():
        assert (
            f"{row.model} {100 * row.confidence:.1f} {100 * row.accuracy:.1f} {100 * row.ece:.1f} "
            f"{100 * row.ece_low:.1f} – {100 * row.ece_high:.1f}"
        ) in section
    actors = groups[groups["by"] == "actor"]
    for name, rows in actors.groupby("model"):
        lowest = rows["accuracy"].min()
        hardest = ", ".join(rows.loc[rows["accuracy"] == lowest, "group"].head(3))
        assert f"{name} {hardest}" in section
    assert f"Shown for {model} , the model with the highest validation accuracy" in section


def test_every_mistake_is_told_in_words(results, page, section):
    for clip in json.loads((results / "mistakes.json").read_text())["clips"]:
        percent = f"{100 * clip['probability']:.0f}"
        assert f"{clip['emotion']} , predicted as {clip['predicted']} ({percent} %)" in section
        assert f"mel-spectrogram of {clip['clip']}" in page
        assert f'aria-label="Listen to {clip["clip"]}"' in page
        assert f"{clip['predicted']} {100 * clip['probability']:.1f} %" in section


def test_audio_is_embedded_no_more_once_it_is_switched_off(finished, tmp_path):
    study = finished.copy(tmp_path / "study")
    study.set("corpora.demo.embed_audio", False)
    study.set("report", {"mistakes": 2})
    assert study.would_run("results/small/report.html") == {"mistakes": 1, "report": 1}
    study.snakemake("results/small/report.html")
    page = (study / "results/small/report.html").read_text()
    assert "<audio" not in page and "data:audio" not in page
    assert page.count('<article class="card"') == 2
    assert "embed_audio</code> in config.yaml" in page
