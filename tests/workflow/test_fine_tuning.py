"""Frames of one layer of an encoder, and its upper layers trained further, through the DAG."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import torch

from encoders import WIDTH, tiny_encoder
from serfusion.fitting import checkpoints
from studies import EVALUATION, Study, refused, said

pytestmark = pytest.mark.slow

FOLDS = 2
FRAMES = 120
REPORT_FILE = "results/small/report.html"
REPORT = {**EVALUATION, "report": 1}


@pytest.fixture(scope="module")
def trained(finished, tmp_path_factory) -> Study:
    """A study of both networks on the frames of a tiny encoder, and of one on deep features."""
    folder = tmp_path_factory.mktemp("fine_tuning")
    study = finished.copy(folder / "study")
    config = study.config
    config["features"]["heard"] = {
        "kind": "encoder",
        "path": str(tiny_encoder(folder / "encoder", "moonshine")),
        "layers": [2],
        "frames": FRAMES,
        "device": "cpu",
        "threads": 1,
    }
    short = {"features": "heard", "epochs": 2, "threads": 1}
    config["models"] = {
        "pooled": {"network": "attentive_pooling", **short},
        "tuned": {"network": "fine_tuned_encoder", **short},
        "on_deep": {"network": "mlp", "deep": "tuned", "fuse": ["gender"], "epochs": 1},
    }
    config["experiments"]["small"] |= {"augment": ["noise"], "models": list(config["models"])}
    config["comparisons"] = {}
    study.config = config
    study.snakemake("--cores", "2", REPORT_FILE)
    return study


@pytest.fixture
def study(trained, tmp_path) -> Study:
    return trained.copy(tmp_path / "study")


def test_the_table_has_frames_and_true_lengths(trained):
    table = pq.read_table(trained / "results/features/heard/demo/original.parquet")
    assert table.schema.field("values").type.shape == [FRAMES, WIDTH]
    clips = pd.read_parquet(trained / "results/corpora/demo/clips.parquet")
    lengths = table["length"].to_pandas()
    # 41.6 frames a second, and at its edges the convolutions leave out up to two.
    expected = np.minimum(clips["duration_s"] * 16000 / 384, FRAMES)
    assert (lengths - expected).between(-3, 0).all()
    assert lengths.nunique() > 2 and lengths.max() == FRAMES


def test_every_model_answers_every_test_clip(trained):
    predictions = pd.read_parquet(trained / "results/small/predictions.parquet")
    clips = pd.read_parquet(trained / "results/corpora/demo/clips.parquet")["clip"]
    assert set(predictions["model"]) == {"pooled", "tuned", "on_deep"}
    for _, own in predictions.groupby("model"):
        assert sorted(own["clip"]) == sorted(clips)


def test_a_checkpoint_gives_the_answers_that_were_written(trained):
    network, classes = checkpoints.load(trained / "results/small/tuned/fold_1/model.ckpt")
    answers = pd.read_parquet(trained / "results/small/tuned/fold_1/answers.parquet")
    table = pq.read_table(trained / "results/features/heard/demo/original.parquet")
    values = torch.from_numpy(table["values"].combine_chunks().to_numpy_ndarray().copy())
    lengths = torch.from_numpy(table["length"].to_numpy().astype(np.int64))
    with torch.no_grad():
        logits = torch.cat([network(values[[row]], lengths[[row]]) for row in range(len(values))])
    expected = pd.DataFrame(logits.softmax(dim=1), index=table["clip"].to_pylist())
    columns = [f"p_{name}" for name in classes]
    np.testing.assert_allclose(answers[columns], expected.loc[answers["clip"]], atol=1e-4)


def test_a_training_starts_from_the_encoder(trained):
    record = json.loads((trained / "results/small/tuned/fold_1/fit.json").read_text())
    assert record["initial_weights"] == "encoder"
    log = (trained / "logs/small/tuned/fold_1.log").read_text()
    assert "training starts from the layers of" in log
    pooled = json.loads((trained / "results/small/pooled/fold_1/fit.json").read_text())
    assert pooled["initial_weights"] == "scratch"


TUNED = {"network": 2 * FOLDS, "deep_features": FOLDS, **REPORT}
"""`tuned` itself and what reads its deep features."""

CASES = {
    "nothing": (None, None, {}),
    "the last layer": ("models.tuned.last_layer", 3, TUNED),
    "the rates of layers": ("models.tuned.layer_decay", 0.5, TUNED),
    "the head on frames": (
        "models.pooled.attention",
        8,
        {"network": FOLDS, **REPORT},
    ),
    "the layer of the frames": (
        "features.heard.layers",
        [1],
        {"encoder_features": 2, **TUNED, "network": 3 * FOLDS},
    ),
    "how many frames are kept": (
        "features.heard.frames",
        50,
        {"encoder_features": 2, **TUNED, "network": 3 * FOLDS},
    ),
}


@pytest.mark.parametrize(("place", "value", "rules"), CASES.values(), ids=CASES)
def test_what_runs_again_after_an_edit(study, place, value, rules):
    if place:
        study.set(place, value)
    assert study.would_run(REPORT_FILE) == rules


def test_an_encoder_of_the_users_counts_by_its_content(study):
    folder = Path(study.config["features"]["heard"]["path"])
    before = {path: path.read_bytes() for path in folder.iterdir()}
    tiny_encoder(folder, "moonshine", seed=1)
    try:
        rules = study.would_run(REPORT_FILE)
    finally:
        for path, content in before.items():
            path.write_bytes(content)
    assert rules == {"encoder_features": 2, **TUNED, "network": 3 * FOLDS}
    assert study.would_run(REPORT_FILE) == {}


def test_layers_that_the_encoder_has_not_are_refused_by_the_job(study):
    study.set("models.tuned.last_layer", 5)
    target = "results/small/tuned/fold_1/fit.json"
    (sentence,) = said(refused(study, "--cores", "1", target))
    assert "of layer 2 of an encoder that has 4, and the highest to be trained is 5" in sentence
