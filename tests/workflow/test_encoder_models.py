"""Models on encoders, and an ensemble, through the DAG: what they write, and what runs again."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax

from encoders import tiny_encoder
from serfusion.study.reference import table_descriptions
from studies import EVALUATION, Study, refused

pytestmark = pytest.mark.slow

FOLDS = 2
REPORT_FILE = "results/small/report.html"
REPORT = {**EVALUATION, "report": 1}
COMPARISON_FILE = "results/fused/report.html"
MEMBERS = ["ridge", "fusion_conv1d_mlp"]
GRID = {"layers": [[1], [1, 3]], "statistics": [["mean", "std"], None]}


@pytest.fixture(scope="module")
def trained(finished, tmp_path_factory) -> Study:
    """A study of heads on two tiny encoders, and of an ensemble that reads an extractor too."""
    folder = tmp_path_factory.mktemp("encoders")
    study = finished.copy(folder / "study")
    config = study.config
    encoders = {"tiny": ("whisper", [1, 2, 3]), "other": ("moonshine", [2, 4])}
    for seed, (name, (kind, layers)) in enumerate(encoders.items()):
        path = tiny_encoder(folder / name, kind, seed)
        config["features"][name] = {
            "kind": "encoder",
            "path": str(path),
            "layers": layers,
            "device": "cpu",
            "threads": 1,
        }
    config["models"] |= {
        "ridge": {
            "estimator": "kernel_ridge",
            "features": ["tiny", "other"],
            "layers": {"tiny": [1, 2]},
            "search": {"alpha": [0.1, 10]},
        },
        "searched": {"estimator": "logistic_regression", "features": "tiny", "search": GRID},
        "weighted": {
            "network": "weighted_layers",
            "features": "tiny",
            "hidden": 8,
            "epochs": 1,
            "search": {"layers": [[1], [2, 3]]},
        },
        "on_deep": {"network": "mlp", "deep": "weighted", "fuse": ["gender"], "epochs": 1},
        "both": {"ensemble": MEMBERS},
    }
    config["experiments"]["small"] |= {"augment": ["noise"], "models": ["searched", "on_deep"]}
    config["experiments"]["small"]["models"] += ["both", "ridge"]
    config["comparisons"]["fused"]["baseline"] |= {"model": "both"}
    config["comparisons"]["fused"]["questions"][0]["arms"] = [{"label": "one", "model": "ridge"}]
    study.config = config
    study.snakemake("--cores", "2", REPORT_FILE, COMPARISON_FILE, "results/summary.html")
    return study


def fold_file(study: Study, model: str, name: str, fold: int = 1):
    return study / f"results/small/{model}/fold_{fold}/{name}"


def answers(study: Study, model: str) -> pd.DataFrame:
    return pd.read_parquet(fold_file(study, model, "answers.parquet"))


def record(study: Study, model: str) -> dict:
    return json.loads(fold_file(study, model, "fit.json").read_text())


def test_every_model_answers_every_test_clip(trained):
    predictions = pd.read_parquet(trained / "results/small/predictions.parquet")
    clips = pd.read_parquet(trained / "results/corpora/demo/clips.parquet")["clip"]
    assert predictions["model"].unique().tolist() == ["searched", "on_deep", "both", "ridge"]
    for _, own in predictions.groupby("model"):
        assert sorted(own["clip"]) == sorted(clips)


def test_the_ensemble_averages_what_its_members_answered(trained):
    tables = [answers(trained, member) for member in MEMBERS]
    ensemble = answers(trained, "both")
    columns = [name for name in ensemble.columns if name.startswith("p_")]
    means = np.mean([table[columns].to_numpy(float) for table in tables], axis=0)
    model = json.loads(fold_file(trained, "both", "model.json").read_text())
    (described,) = [table for table in table_descriptions() if table["title"] == "Ensemble"]
    assert model.keys() == described["keys"].keys()
    assert model["members"] == MEMBERS
    temperature = model["temperature"]
    expected = softmax(np.log(means) / temperature, axis=1)
    np.testing.assert_allclose(ensemble[columns].to_numpy(), expected, atol=1e-5)
    emotions = np.array([name.removeprefix("p_") for name in columns])
    assert ensemble["predicted"].tolist() == emotions[means.argmax(axis=1)].tolist()


def test_members_are_trained_though_no_experiment_compares_them(trained):
    summary = pd.read_csv(trained / "results/small/summary.csv").set_index("model")
    assert "fusion_conv1d_mlp" not in summary.index
    held = [record(trained, member)["parameters"] for member in MEMBERS]
    assert summary.loc["both", "parameters"] == sum(held)


def test_a_search_chooses_layers_in_each_fold(trained):
    for fold in (1, 2):
        table = pd.read_csv(fold_file(trained, "searched", "search.csv", fold))
        assert table["layers"].tolist() == ["[1]", "[1]", "[1, 3]", "[1, 3]"]
        chosen = json.loads(fold_file(trained, "searched", "fit.json", fold).read_text())["chosen"]
        layers = json.loads(table.loc[table["chosen"], "layers"].item())
        assert chosen["layers"] == layers
    emotions = len(answers(trained, "searched").columns) - 3
    chosen = record(trained, "searched")["chosen"]
    columns = len(chosen["layers"]) * len(chosen["statistics"] or range(4)) * 16
    assert record(trained, "searched")["parameters"] == emotions * (columns + 1)


def test_the_pages_say_what_each_model_is_made_of(trained):
    page = (trained / REPORT_FILE).read_text(encoding="utf-8")
    assert "kernel_ridge on tiny + other (tiny layers 1, 2)" in page
    assert "mean of ridge + fusion_conv1d_mlp" in page
    assert "mean of ridge + fusion_conv1d_mlp" in (trained / COMPARISON_FILE).read_text("utf-8")
    assert "both" in (trained / "results/summary.html").read_text(encoding="utf-8")


RIDGE = {"estimator_search": FOLDS, "estimator": FOLDS, "ensemble": FOLDS, **REPORT}
CASES = {
    "nothing": (None, None, {}),
    "the layers of a model": ("models.ridge.layers", {"tiny": [1, 3]}, RIDGE),
    "the layers that it read anyway": (
        "models.ridge.layers",
        {"tiny": [2, 1], "other": [2, 4]},
        {"report": 1},
    ),
    "the statistics of a model": ("models.ridge.statistics", ["mean"], RIDGE),
    "the order of a model's encoders": ("models.ridge.features", ["other", "tiny"], RIDGE),
    "the layers of a search": (
        "models.searched.search",
        {"layers": [[1], [2]]},
        {"estimator_search": FOLDS, "estimator": FOLDS, **REPORT},
    ),
    "the layers that an extractor chooses among": (
        "models.weighted.search.layers",
        [[1], [3]],
        {"search": FOLDS, "network": 2 * FOLDS, "deep_features": FOLDS, **REPORT},
    ),
    "another member": (
        "models.both.ensemble",
        ["ridge", "searched"],
        {"ensemble": FOLDS, **REPORT},
    ),
    "a member's training": (
        "models.fusion_conv1d_mlp.learning_rate",
        0.02,
        {"network": FOLDS, "ensemble": FOLDS, **REPORT},
    ),
}


@pytest.mark.parametrize(("place", "value", "rules"), CASES.values(), ids=CASES)
def test_what_runs_again_after_an_edit(trained, tmp_path, place, value, rules):
    study = trained.copy(tmp_path / "study")
    if place:
        study.set(place, value)
    assert study.would_run(REPORT_FILE) == rules


def test_another_layer_in_a_table_computes_that_table_alone(trained, tmp_path):
    study = trained.copy(tmp_path / "study")
    study.set("features.other.layers", [2, 3, 4])
    rules = study.would_run(REPORT_FILE)
    assert rules["encoder_features"] == 2
    assert rules["estimator"] == FOLDS and "network" not in rules


def test_deep_features_are_of_the_layers_that_were_chosen(trained):
    deep = pd.read_parquet(fold_file(trained, "weighted", "deep.parquet"))
    folds = pd.read_parquet(trained / "results/small/folds.parquet")
    assert set(deep["clip"]) == set(folds.loc[folds["fold"] == 1, "clip"])
    assert deep.columns.tolist() == ["clip", "augmentation", *(f"deep_{n}" for n in range(8))]
    layers = record(trained, "weighted")["chosen"]["layers"]
    emotions = len(answers(trained, "on_deep").columns) - 3
    parameters = len(layers) + (4 * 16 + 1) * 8 + (8 + 1) * emotions
    assert record(trained, "weighted")["parameters"] == parameters


def test_an_ensemble_that_cannot_be_is_refused_before_anything_runs(trained, tmp_path):
    study = trained.copy(tmp_path / "study")
    study.set("models.both.ensemble", ["ridge", "both"])
    lines = refused(study, "--cores", "1", REPORT_FILE)
    assert any("both cannot be a member of itself" in line for line in lines)
