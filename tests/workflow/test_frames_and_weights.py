"""Networks on frames through the DAG, and the weights that a training starts from."""

import json
import shutil

import pandas as pd
import pytest
import torch

from serfusion.models.alexnet_mel3d import trunk
from studies import Study, refused, said

pytestmark = pytest.mark.slow

FOLDS = 2


def checkpoint(path, seed: int):
    torch.manual_seed(seed)
    weights = {f"features.{name}": value.half() for name, value in trunk().state_dict().items()}
    torch.save(weights | {"classifier.1.bias": torch.zeros(4096)}, path)
    return path


@pytest.fixture(scope="module")
def trained(finished, tmp_path_factory) -> Study:
    """A study of an extractor on spectrograms with a fusion, and of a network with weights."""
    folder = tmp_path_factory.mktemp("frames")
    study = finished.copy(folder / "study")
    config = study.config
    config["features"]["log_mel"] = {"n_mels": 64, "frames": 70, "offset_s": 0, "duration_s": 1.6}
    weights = str(checkpoint(folder / "mine.pth", seed=1))
    config["models"] = {
        "conv2d": {"network": "conv2d", "features": "log_mel", "channels": [4], "epochs": 1},
        "fused": {"network": "mlp", "deep": "conv2d", "fuse": ["gender"], "epochs": 1},
        "alexnet": {
            "network": "alexnet_mel3d",
            "features": "log_mel",
            "weights": weights,
            "epochs": 1,
        },
    }
    config["experiments"]["small"] |= {"augment": [], "models": list(config["models"])}
    config["comparisons"] = {}
    study.config = config
    study.snakemake("--cores", "2", "results/small/report.html")
    return study


def test_every_model_answers_every_test_clip(trained):
    predictions = pd.read_parquet(trained / "results/small/predictions.parquet")
    clips = pd.read_parquet(trained / "results/corpora/demo/clips.parquet")["clip"]
    for _, own in predictions.groupby("model"):
        assert sorted(own["clip"]) == sorted(clips)
    assert set(predictions["model"]) == {"conv2d", "fused", "alexnet"}


def test_deep_features_of_frames_are_a_table_of_the_fold(trained):
    deep = pd.read_parquet(trained / "results/small/conv2d/fold_1/deep.parquet")
    folds = pd.read_parquet(trained / "results/small/folds.parquet")
    assert sorted(deep["clip"]) == sorted(folds.loc[folds["fold"] == 1, "clip"])
    assert deep.columns.tolist() == ["clip", "augmentation", *(f"deep_{n}" for n in range(32))]


def test_what_a_training_started_from_is_written_down(trained):
    (kept,) = (trained / "data/weights").iterdir()
    record = json.loads((trained / "results/small/alexnet/fold_1/fit.json").read_text())
    assert record["initial_weights"] == kept.name
    log = (trained / "logs/small/alexnet/fold_1.log").read_text()
    assert f"training starts from the convolutions of data/weights/{kept.name}" in log
    assert "ignored: classifier.1.bias" in log
    assert f"from weights of your own ({kept.name})" in (
        trained / "results/small/report.html"
    ).read_text(encoding="utf-8")
    scratch = (trained / "logs/small/conv2d/fold_1.log").read_text()
    assert "training starts from scratch, without pretrained weights" in scratch


def test_weights_count_by_their_content_and_not_by_their_place(trained, tmp_path):
    study = trained.copy(tmp_path / "study")
    moved = tmp_path / "elsewhere.pth"
    shutil.copy(study.config["models"]["alexnet"]["weights"], moved)
    study.set("models.alexnet.weights", str(moved))
    assert study.would_run("results/small/report.html") == {"report": 1}
    checkpoint(moved, seed=2)
    assert study.would_run("results/small/report.html") == {
        **{"pretrained_weights": 1, "network": FOLDS},
        **{"evaluation": 1, "statistics": 1, "breakdown": 1, "mistakes": 1, "report": 1},
    }


def test_weights_of_another_network_are_refused_by_name(trained, tmp_path):
    study = trained.copy(tmp_path / "study")
    wrong = tmp_path / "wrong.pth"
    torch.save({"features.0.weight": torch.zeros(64, 3, 3, 3)}, wrong)
    study.set("models.alexnet.weights", str(wrong))
    lines = refused(study, "--cores", "2", "results/small/alexnet/fold_1/fit.json")
    (sentence,) = said(lines)
    assert "has a parameter features.0.weight of shape (64, 3, 3, 3)" in sentence
    assert "which should have the shape (64, 3, 11, 11)" in sentence
