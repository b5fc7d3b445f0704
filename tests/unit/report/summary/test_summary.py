"""The summary of all experiments: what stands in its rows, and what it says of the rest."""

import json
import re
from html import unescape

import pandas as pd
import pytest
import yaml

from protocols import ACTORS, CLIPS, made_up_study, settings
from serfusion.errors import Refusal
from serfusion.evaluation.adapted import COLUMNS as ADAPTED_COLUMNS
from serfusion.report.summary import datasets, figures, inflation
from serfusion.report.summary.models import model_table
from serfusion.report.summary.page import render
from serfusion.report.summary.protocols import INDEPENDENT
from serfusion.report.summary.reports import unfinished
from serfusion.report.summary.results import Finished, Results
from serfusion.study import resolution
from serfusion.study.entries import Study
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
MODELS = ["svm", "mlp"]


def comparison(title: str | None) -> dict:
    baseline = {"label": "svm", "experiment": "honest", "model": "svm"}
    return {"title": title, "baseline": baseline, "questions": []}


def the_study(**changes) -> Study:
    """Return the study; `changes` are of the entry of `honest`."""
    experiments = {
        name: entry | {"title": f"On {name}", "models": MODELS, "reported": reported}
        for name, entry, reported in (
            ("honest", settings(ACTORS), REPORTED),
            ("validated", settings(ACTORS, "clip"), REPORTED),
            ("random", settings(CLIPS, "clip"), None),
            ("held", settings({"by": "actor", "test": [["a"]]}), None),
            ("second", settings(dataset="other"), None),
            ("to_be_run", settings(dataset="other"), None),
            ("not_to_be_had", settings(dataset="other"), None),
        )
    }
    experiments["honest"] |= changes
    return made_up_study(
        corpora={
            "one": {"kind": "ravdess", "title": "One"},
            "two": {"title": "Two", "synthetic": {}},
        },
        datasets={"set": {"corpora": ["one"]}, "other": {"corpora": ["two"]}},
        models={"svm": {}, "cnn": {}, "mlp": {"features": None, "deep": "cnn"}},
        experiments=experiments,
        comparisons={"versus": comparison("One against the other"), "never": comparison(None)},
        references=[REFERENCE],
    )


STUDY = the_study()


def finished(name: str, svm: float, mlp: float, clips: int = 100, study: Study = STUDY) -> Finished:
    scores = pd.DataFrame({"model": ["svm", "mlp", "dropped"], "accuracy": [svm, mlp, 0.99]})
    for metric in ("accuracy", "uar"):
        scores[metric] = scores["accuracy"] - (0.02 if metric == "uar" else 0)
        scores[f"{metric}_low"] = scores[metric] - 0.04
        scores[f"{metric}_high"] = scores[metric] + 0.04
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
    return Finished(
        experiment=study.experiments[name],
        usable_clips={"one": 1439, "two": 2800},
        audit={
            "tested_clips": clips,
            "optimistic_test": name == "random",
            "optimistic_validation": name in ("random", "validated"),
        },
        metrics=metrics,
        summary=scores.assign(parameters=[10, 5, 1]),
        adapted=pd.DataFrame(columns=ADAPTED_COLUMNS),
        records=records,
    )


@pytest.fixture
def whole() -> Results:
    return Results(
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
    table = model_table(whole)
    assert len(table) == 5 * 2
    row = table.set_index(["experiment", "model"]).loc[("honest", "mlp")]
    assert (row["accuracy"], row["accuracy_low"], row["uar"]) == pytest.approx((0.45, 0.41, 0.43))
    assert (row["validation"], row["validation_std"]) == pytest.approx((0.60, 0.05))
    assert row["protocol"] == INDEPENDENT


def test_costs_are_with_those_of_the_extractor(whole):
    table = model_table(whole).set_index(["experiment", "model"])
    mlp, svm = table.loc[("honest", "mlp")], table.loc[("honest", "svm")]
    assert (mlp["model_parameters"], mlp["extractor_parameters"], mlp["parameters"]) == (
        5,
        1000,
        1005,
    )
    assert (svm["extractor_parameters"], svm["parameters"]) == (0, 10)
    assert mlp["seconds"] == pytest.approx(2 * (20.5 + 1.5))
    assert svm["seconds"] == 0


def test_what_leaks_comes_last_however_high(whole):
    first, _ = datasets.section(whole, model_table(whole))
    assert first["name"] == "set"
    assert [row["experiment"] for row in first["rows"]][:2] == ["held", "held"]
    assert [row["experiment"] for row in first["rows"]][-2:] == ["random", "random"]
    assert [row["model"] for row in first["rows"]][-2:] == ["mlp", "svm"]


def test_the_best_leaks_nothing_and_is_tested_on_every_clip(whole):
    first, second = datasets.section(whole, model_table(whole))
    assert (first["best"]["experiment"], first["best"]["model"]) == ("honest", "mlp")
    assert (second["best"]["experiment"], second["best"]["model"]) == ("second", "svm")
    leaking = model_table(whole).query("experiment == 'random'")
    assert datasets.best(leaking) is None


def test_a_figure_reported_for_two_experiments_stands_once(whole):
    (row,) = datasets.reported(whole, "set")
    assert row["experiments"] == ["honest", "validated"]
    assert (row["accuracy"], row["accuracy_std"], row["validation"]) == (46, 1, 62)
    assert row["speaker_independent"] == "yes"
    assert datasets.reported(whole, "other") == []


@pytest.mark.parametrize(
    ("independent", "words"), [(True, "yes"), (False, "no"), (None, "not stated")]
)
def test_whether_speakers_were_new_is_said_of_what_was_reported(whole, independent, words):
    study = the_study(reported=REPORTED | {"speaker_independent": independent})
    honest = finished("honest", 0.4, 0.5, study=study)
    (row,) = datasets.reported(Results(study, [honest], [], {}), "set")
    assert row["speaker_independent"] == words


def test_a_figure_reported_for_a_model_that_is_not_evaluated_is_left_out(whole):
    study = the_study(reported=REPORTED | {"model": "gone"})
    honest = finished("honest", 0.4, 0.5, study=study)
    assert datasets.reported(Results(study, [honest], [], {}), "set") == []


def test_a_reference_stands_under_its_own_metric(whole):
    (row,) = datasets.references(whole, "set")
    assert (row["uar"], row["accuracy"]) == (81.9, None)
    assert datasets.references(whole, "other") == []


def test_what_is_not_finished_is_named_with_the_reason(whole):
    assert [(entry["name"], entry["how_to_get"]) for entry in unfinished(whole)] == [
        ("to_be_run", None),
        ("not_to_be_had", "Ask its owners"),
        ("never", None),
    ]


def test_the_page_prints_every_figure_with_its_source(whole):
    text = render(whole)
    words = plain(text)
    assert "5 of 7 experiments are finished." in words
    for row in model_table(whole).to_dict("records"):
        for metric in ("accuracy", "uar"):
            low, high = (f"{100 * row[f'{metric}_{end}']:.1f}" for end in ("low", "high"))
            assert f"{100 * row[metric]:.1f} ({low} – {high})" in words
    assert "svm, as reported Its own way. The Paper for honest, validated yes 46 ± 1 62" in words
    assert "Giant, linear probe 8 emotions A leaderboard yes 81.9" in words
    assert "Synthetic speech. Two was synthesised with eSpeak NG" in words
    assert "not_to_be_had: On not_to_be_had. Not available: Ask its owners." in words
    assert "snakemake results/to_be_run/report.html" in words
    for name in ("honest", "second", "versus"):
        assert f'href="{name}/report.html"' in text
    assert 'href="to_be_run/' not in text


def test_the_page_shows_what_a_leak_would_have_claimed(whole):
    words = plain(render(whole))
    assert (
        "Testing on a random split by clip would have claimed an accuracy of 60.0 to 62.0 %, where "
        "unseen speakers give 40.0 to 45.0 %: a difference of +17.0 to +20.0 points."
    ) in words


def test_nothing_finished_is_a_page_too():
    empty = Results(study=STUDY, finished=[], comparisons=[], unavailable={})
    words = plain(render(empty))
    assert "0 of 7 experiments are finished." in words
    assert "No experiment is finished yet." in words
    assert "Accuracy and cost" not in words and "What leakage would have claimed" not in words


@pytest.mark.parametrize("by", ["seconds", "parameters"])
def test_the_figure_of_costs_has_the_table_s_figures(whole, by):
    table = model_table(whole)
    spec = figures.cost(table, by).to_dict()
    (data,) = spec["datasets"].values()
    assert [point["percent"] for point in data] == (100 * table["accuracy"]).round(1).tolist()
    assert spec["encoding"]["x"]["scale"] == {"type": "log"}
    assert min(point["seconds"] for point in data) == figures.SHORTEST_S
    named = {tip["field"] for tip in spec["encoding"]["tooltip"]}
    assert {"model", "experiment", "percent", "parameters", "seconds"} <= named


def test_the_figure_of_leaks_has_the_table_s_figures(whole):
    table = inflation.side_by_side(model_table(whole), STUDY.experiments)
    (data,) = json.loads(figures.inflation(table).to_json())["datasets"].values()
    for metric in ("accuracy", "accuracy_low", "accuracy_high", "validation"):
        shown = [point[metric] for point in data]
        assert shown == (100 * table[metric]).round(1).tolist()


def test_the_study_s_references_are_those_of_its_own_datasets():
    resolved = resolution.resolve(yaml.safe_load((ROOT / "config.yaml").read_text()))
    people = [row for row in resolved["references"] if row["who"].startswith("people")]
    assert {(row["dataset"], row["figure"]) for row in people} == {
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
