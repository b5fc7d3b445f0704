"""The summary of all experiments: what stands in its rows, and what it says of the rest."""

import json
import re
from html import unescape

import pandas as pd
import pytest
import yaml

from protocols import ACTORS, CLIPS, settings
from serfusion.errors import Refusal
from serfusion.report.summary import inflation, page, summary_figures
from serfusion.study import resolution
from studies import ROOT, SMALL

REPORTED = {
    "source": "The Paper",
    "model": "svm",
    "accuracy": 46,
    "accuracy_std": 1,
    "validation_accuracy": 62,
    "speaker_independent": True,
    "note": "Its own way.",
}
REFERENCE = {
    "dataset": "set",
    "classes": 8,
    "who": "Giant, linear probe",
    "figure": 81.9,
    "metric": "uar",
    "source": "A leaderboard",
    "speaker_independent": True,
}
TRUE = {"labels": True}
STUDY = {
    "corpora": {
        "one": {"kind": "ravdess", "title": "One", "synthetic": None, "path": None},
        "two": {"kind": "tess", "title": "Two", "synthetic": {}, "path": None},
    },
    "datasets": {
        "set": {"corpora": ["one"], "without": []},
        "other": {"corpora": ["two"], "without": []},
    },
    "models": {"svm": TRUE, "cnn": TRUE, "mlp": {"deep": "cnn", **TRUE}},
    "experiments": {
        name: own | {"title": f"On {name}", "models": ["svm", "mlp"], "reported": reported}
        for name, own, reported in (
            ("honest", settings(ACTORS), REPORTED),
            ("validated", settings(ACTORS, "clip"), REPORTED),
            ("random", settings(CLIPS, "clip"), None),
            ("held", settings({"by": "actor", "test": [["a"]]}), None),
            ("second", settings(dataset="other"), None),
            ("to_be_run", settings(dataset="other"), None),
            ("not_to_be_had", settings(dataset="other"), None),
        )
    },
    "comparisons": {"versus": "One against the other", "never": None},
    "references": [REFERENCE],
}


def finished(name: str, svm: float, mlp: float, clips: int = 100) -> page.Finished:
    figures = pd.DataFrame({"model": ["svm", "mlp", "dropped"], "accuracy": [svm, mlp, 0.99]})
    for metric in ("accuracy", "uar"):
        figures[metric] = figures["accuracy"] - (0.02 if metric == "uar" else 0)
        figures[f"{metric}_low"] = figures[metric] - 0.04
        figures[f"{metric}_high"] = figures[metric] + 0.04
    metrics = pd.DataFrame(
        [
            {"model": model, "fold": fold, "role": "validation", "accuracy": at + 0.1 * fold}
            for model, at in (("svm", svm), ("mlp", mlp), ("dropped", 0.9))
            for fold in (1, 2)
        ]
    )
    records = pd.DataFrame(
        [
            {"model": model, "fold": fold, "parameters": n, "train_seconds": s, "device": "cpu"}
            for model, n, s in (("svm", 10, 0.0), ("cnn", 1000, 20.5), ("mlp", 5, 1.5))
            for fold in (1, 2)
        ]
    )
    return page.Finished(
        name=name,
        study=STUDY,
        usable={"one": 1439, "two": 2800},
        audit={
            "tested_clips": clips,
            "optimistic_test": name == "random",
            "optimistic_validation": name in ("random", "validated"),
        },
        metrics=metrics,
        summary=figures.assign(parameters=[10, 5, 1]),
        records=records,
    )


@pytest.fixture
def whole() -> page.Summary:
    return page.Summary(
        study=STUDY,
        finished=[
            finished("honest", 0.40, 0.45),
            finished("validated", 0.41, 0.44),
            finished("random", 0.60, 0.62),
            finished("held", 0.90, 0.91, clips=20),
            finished("second", 0.70, 0.50),
        ],
        comparisons=["versus"],
        unavailable={"Ask its owners": ["not_to_be_had"]},
    )


def plain(page: str) -> str:
    page = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page).replace("\xa0", " ")))


def test_a_row_is_an_experiment_and_a_model_that_it_still_compares(whole):
    table = page.rows(whole)
    assert len(table) == 5 * 2
    row = table.set_index(["experiment", "model"]).loc[("honest", "mlp")]
    assert (row["accuracy"], row["accuracy_low"], row["uar"]) == pytest.approx((0.45, 0.41, 0.43))
    assert (row["validation"], row["validation_std"]) == pytest.approx((0.60, 0.05))
    assert row["protocol"] == inflation.INDEPENDENT


def test_costs_are_with_those_of_the_extractor(whole):
    table = page.rows(whole).set_index(["experiment", "model"])
    mlp, svm = table.loc[("honest", "mlp")], table.loc[("honest", "svm")]
    assert (mlp["own_parameters"], mlp["extractor_parameters"], mlp["parameters"]) == (
        5,
        1000,
        1005,
    )
    assert (svm["extractor_parameters"], svm["parameters"]) == (0, 10)
    assert mlp["seconds"] == pytest.approx(2 * (20.5 + 1.5))
    assert svm["seconds"] == 0


def test_what_leaks_comes_last_however_high(whole):
    first, _ = page.datasets(whole, page.rows(whole))
    assert first["name"] == "set"
    assert [row["experiment"] for row in first["rows"]][:2] == ["held", "held"]
    assert [row["experiment"] for row in first["rows"]][-2:] == ["random", "random"]
    assert [row["model"] for row in first["rows"]][-2:] == ["mlp", "svm"]


def test_the_best_leaks_nothing_and_is_tested_on_every_clip(whole):
    first, second = page.datasets(whole, page.rows(whole))
    assert (first["best"]["experiment"], first["best"]["model"]) == ("honest", "mlp")
    assert (second["best"]["experiment"], second["best"]["model"]) == ("second", "svm")
    leaking = page.rows(whole).query("experiment == 'random'")
    assert page.best(leaking) is None


def test_a_figure_reported_for_two_experiments_stands_once(whole):
    (row,) = page.reported(whole, "set")
    assert row["beside"] == ["honest", "validated"]
    assert (row["accuracy"], row["accuracy_std"], row["validation"]) == (46, 1, 62)
    assert row["speaker_independent"] == "yes"
    assert page.reported(whole, "other") == []


@pytest.mark.parametrize(
    ("independent", "words"), [(True, "yes"), (False, "no"), (None, "not said")]
)
def test_whether_speakers_were_new_is_said_of_what_was_reported(whole, independent, words):
    one = finished("honest", 0.4, 0.5)
    changed = REPORTED | {"speaker_independent": independent}
    experiments = {"honest": STUDY["experiments"]["honest"] | {"reported": changed}}
    given = page.Finished(**vars(one) | {"study": STUDY | {"experiments": experiments}})
    (row,) = page.reported(
        page.Summary(study=STUDY, finished=[given], comparisons=[], unavailable={}), "set"
    )
    assert row["speaker_independent"] == words


def test_a_reference_stands_under_its_own_metric(whole):
    (row,) = page.references(whole, "set")
    assert (row["uar"], row["accuracy"]) == (81.9, None)
    assert page.references(whole, "other") == []


def test_what_is_not_finished_is_named_with_the_reason(whole):
    assert [(each["name"], each["why"]) for each in page.unfinished(whole)] == [
        ("to_be_run", None),
        ("not_to_be_had", "Ask its owners"),
        ("never", None),
    ]


def test_the_page_prints_every_figure_with_its_source(whole):
    text = page.render(whole)
    words = plain(text)
    assert "5 of 7 experiments are finished." in words
    for row in page.rows(whole).to_dict("records"):
        for metric in ("accuracy", "uar"):
            low, high = (f"{100 * row[f'{metric}_{end}']:.1f}" for end in ("low", "high"))
            assert f"{100 * row[metric]:.1f} ({low} – {high})" in words
    assert "svm, as reported Its own way. The Paper beside honest, validated yes 46 ± 1 62" in words
    assert "Giant, linear probe 8 emotions A leaderboard yes 81.9" in words
    assert "Synthetic speech. Two was made by eSpeak NG" in words
    assert "not_to_be_had: On not_to_be_had. Cannot be had as it is: Ask its owners." in words
    assert "snakemake results/to_be_run/report.html" in words
    for name in ("honest", "second", "versus"):
        assert f'href="{name}/report.html"' in text
    assert 'href="to_be_run/' not in text


def test_the_page_shows_what_a_leak_would_have_claimed(whole):
    words = plain(page.render(whole))
    assert (
        "Testing on a random split by clip would have claimed 60.0 to 62.0 % accuracy, where "
        "speakers who were never heard give 40.0 to 45.0 %: +17.0 to +20.0 points."
    ) in words


def test_nothing_finished_is_a_page_too():
    empty = page.Summary(study=STUDY, finished=[], comparisons=[], unavailable={})
    words = plain(page.render(empty))
    assert "0 of 7 experiments are finished." in words
    assert "No experiment is finished yet." in words
    assert "What it costs" not in words and "What a leak would have claimed" not in words


@pytest.mark.parametrize("by", ["seconds", "parameters"])
def test_the_figure_of_costs_has_the_table_s_figures(whole, by):
    table = page.rows(whole)
    spec = summary_figures.cost(table, by).to_dict()
    (data,) = spec["datasets"].values()
    assert [point["percent"] for point in data] == (100 * table["accuracy"]).round(1).tolist()
    assert spec["encoding"]["x"]["scale"] == {"type": "log"}
    assert min(point["seconds"] for point in data) == summary_figures.SHORTEST_S
    named = {tip["field"] for tip in spec["encoding"]["tooltip"]}
    assert {"model", "experiment", "percent", "parameters", "seconds"} <= named


def test_the_figure_of_leaks_has_the_table_s_figures(whole):
    table = inflation.side_by_side(page.rows(whole), STUDY["experiments"])
    (data,) = json.loads(summary_figures.inflation(table).to_json())["datasets"].values()
    for metric in ("accuracy", "accuracy_low", "accuracy_high", "validation"):
        shown = [point[metric] for point in data]
        assert shown == (100 * table[metric]).round(1).tolist()


def test_the_study_s_references_are_those_of_its_own_datasets():
    resolved = resolution.resolve(yaml.safe_load((ROOT / "config.yaml").read_text()))
    people = [one for one in resolved["references"] if one["who"].startswith("people")]
    assert {(one["dataset"], one["figure"]) for one in people} == {
        ("ravdess", 62.4),
        ("crema_d", 40.9),
    }


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"dataset": "dema"},
            "references.0.dataset: nothing is called 'dema'; did you mean 'demo'",
        ),
        ({"metric": "wa"}, "references.0.metric"),
        ({"figure": 101}, "references.0.figure"),
        ({"sorce": "x"}, "references.0: unknown key 'sorce'; did you mean 'source'"),
    ],
)
def test_a_reference_that_cannot_be_is_refused(change, sentence):
    with pytest.raises(Refusal, match=re.escape(sentence)):
        resolution.resolve(SMALL | {"references": [REFERENCE | {"dataset": "demo"} | change]})
