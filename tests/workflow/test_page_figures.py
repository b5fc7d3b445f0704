"""What the figures of a page draw is what the tables beside it say."""

import json
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import confusion_matrix

pytestmark = pytest.mark.slow

RESULTS = "results/small"
SPECIFICATION = re.compile(r'<script type="application/json">(.*?)</script>', re.S)


def figures(page) -> list[dict]:
    return [json.loads(text) for text in SPECIFICATION.findall(page.read_text())]


def drawn(figure: dict, *columns: str) -> pd.DataFrame:
    """Return the one data set of a figure that has these columns."""
    tables = [pd.DataFrame(rows) for rows in figure["datasets"].values()]
    (table,) = [table for table in tables if set(columns) <= set(table)]
    return table


def the_figure(page, description: str) -> dict:
    (figure,) = [entry for entry in figures(page) if entry.get("description") == description]
    return figure


@pytest.fixture(scope="module")
def page(finished):
    return finished / f"{RESULTS}/report.html"


def percent(values) -> list[float]:
    return [round(100 * value, 1) for value in values]


def test_the_first_figure_is_of_the_summary(finished, page):
    table = drawn(
        the_figure(page, "Accuracy of each model on test clips."), "model", "accuracy_low"
    )
    summary = pd.read_csv(finished / f"{RESULTS}/summary.csv").set_index("model")
    assert sorted(table["model"]) == sorted(summary.index)
    assert table["accuracy"].is_monotonic_decreasing
    for column in ("accuracy", "accuracy_low", "accuracy_high"):
        assert table[column].tolist() == percent(summary.loc[table["model"], column])


def test_the_first_figures_lines_are_the_floors(finished, page):
    lines = drawn(the_figure(page, "Accuracy of each model on test clips."), "line").set_index(
        "line"
    )
    floors = pd.read_csv(finished / f"{RESULTS}/floors.csv").set_index("floor")["accuracy"]
    assert {"chance", "majority class"} <= set(lines.index) <= set(floors.index)
    for floor, accuracy in lines["accuracy"].items():
        assert accuracy == pytest.approx(100 * floors[floor])


def test_the_figure_of_folds_is_of_the_metrics(finished, page):
    description = "Accuracy of each model in each fold, on validation and test clips."
    keys = ["model", "fold", "role"]
    table = drawn(the_figure(page, description), *keys).set_index(keys)
    metrics = pd.read_csv(finished / f"{RESULTS}/metrics.csv").set_index(keys)
    expected = metrics.drop("train", level="role")
    assert sorted(table.index) == sorted(expected.index)
    assert table["percent"].tolist() == percent(expected.loc[table.index, "accuracy"])
    assert table["n"].tolist() == expected.loc[table.index, "n"].tolist()


def test_the_matrices_and_their_tables_are_of_the_predictions(finished, page):
    predictions = pd.read_parquet(finished / f"{RESULTS}/predictions.parquet")
    names = sorted(predictions["emotion"].unique())
    text = unescape(page.read_text())
    for model, rows in predictions.groupby("model"):
        expected = confusion_matrix(rows["emotion"], rows["predicted"], labels=names)
        cells = drawn(the_figure(page, f"Confusion matrix of {model}."), "truth", "predicted")
        counts = cells.pivot(index="truth", columns="predicted", values="clips").loc[names, names]
        np.testing.assert_array_equal(counts, expected)
        shares = 100 * expected / expected.sum(axis=1, keepdims=True)
        (table,) = re.findall(rf"<h3>{model}</h3>\s*<div[^>]*>\s*<table>(.*?)</table>", text, re.S)
        lines = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", table, re.S)
        for name, line, share, clips in zip(
            names, lines, shares, expected.sum(axis=1), strict=True
        ):
            printed = re.findall(r">([^<>]+)</t[hd]>", line)
            assert printed == [name, *(f"{value:.0f}" for value in share), str(clips)]


def test_the_curves_are_those_of_training(finished, page):
    for metric in ("loss", "accuracy"):
        figure = the_figure(page, f"Training {metric} of conv1d by epoch.")
        keys = ["fold", "role", "epoch"]
        lines, dots = sorted(
            (
                pd.DataFrame(rows).set_index(keys).sort_index()["value"]
                for rows in figure["datasets"].values()
            ),
            key=len,
            reverse=True,
        )
        for fold in (1, 2):
            curves = pd.read_csv(finished / f"{RESULTS}/conv1d/fold_{fold}/curves.csv")
            best = curves.loc[curves["validation_accuracy"].idxmax(), "epoch"]
            (kept,) = [at for at in dots.index if at[0] == fold]
            assert kept == (fold, "validation", best)
            assert dots[kept] == lines[kept]
            for role in ("train", "validation"):
                values = curves[f"{role}_{metric}"] * (100 if metric == "accuracy" else 1)
                assert lines[fold, role].tolist() == pytest.approx(values.tolist(), abs=1e-4)


def test_the_figure_of_a_comparison_is_of_its_table(finished):
    page = finished / "results/fused/report.html"
    (figure,) = [entry for entry in figures(page) if "Difference" in entry.get("description", "")]
    (row,) = drawn(figure, "label", "p_holm").to_dict("records")
    _, arm = pd.read_csv(finished / "results/fused/comparison.csv").to_dict("records")
    for column in ("accuracy_difference", "accuracy_difference_low", "accuracy_difference_high"):
        assert row[column] == round(100 * arm[column], 1)
    assert row["p_holm"] == pytest.approx(arm["p_holm"])
