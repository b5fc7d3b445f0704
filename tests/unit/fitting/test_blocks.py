"""The tables of encoders as vectors in blocks: what is read, and what a candidate keeps."""

import numpy as np
import pandas as pd
import pytest

from encoder_tables import encoder_values, write_encoder_table
from fits import fit_estimator
from fits import settings as training_settings
from networks import defaults
from serfusion.extraction.encoder_table import STATISTICS
from serfusion.extraction.schema import schema
from serfusion.files import write_parquet
from serfusion.fitting import estimators, networks
from serfusion.fitting.blocks import Block
from serfusion.fitting.rows import Rows, fold_rows
from serfusion.fitting.search import search
from serfusion.protocol.folds import split
from speech import clip_table

DATASET = clip_table(9)
FOLDS = split(
    DATASET, ["made"], {"by": "actor", "count": 3}, {"by": "actor", "share": 0.3}, seed=17
)
EMOTIONS = sorted(DATASET["emotion"].unique())
CLIPS = DATASET["clip"].tolist()
HELD = [3, 1, 8]
WIDTH = 6


def table(folder, name="large", held=HELD, width=WIDTH, seed=0) -> tuple[list[str], np.ndarray]:
    """Write a table whose values depend on the emotions, its rows in another order."""
    targets = DATASET["emotion"].map(EMOTIONS.index).to_numpy()
    values = encoder_values(CLIPS, held, width, targets=targets, seed=seed)
    order = np.random.default_rng(seed).permutation(len(CLIPS))
    path = folder / name / "original.parquet"
    return [write_encoder_table(path, [CLIPS[i] for i in order], values[order])], values


def read(*layer_sets, statistics=STATISTICS, held=HELD) -> dict:
    return {"held": held, "layers": list(layer_sets), "statistics": list(statistics)}


@pytest.fixture
def two_encoders(tmp_path) -> dict[str, Rows]:
    tables = {
        "large": table(tmp_path)[0],
        "small": table(tmp_path, "small", [1, 2], width=4, seed=1)[0],
    }
    reading = {
        "large": read([3, 8], statistics=("mean", "std")),
        "small": read([1, 2], statistics=("mean", "std"), held=[1, 2]),
    }
    return fold_rows(DATASET, FOLDS, 1, tables, reading)


def test_a_column_is_a_channel_of_a_statistic_of_a_layer(tmp_path):
    paths, values = table(tmp_path)
    reading = {"large": read([3, 8], statistics=("mean", "loud_std"))}
    rows = fold_rows(DATASET, FOLDS, 1, {"large": paths}, reading)
    values = values.reshape(len(CLIPS), len(HELD), len(STATISTICS), WIDTH)
    for role_rows in rows.values():
        assert role_rows.lengths is None and role_rows.values.dtype == np.float16
        assert role_rows.size == 2 * 2 * WIDTH
        places = [CLIPS.index(clip) for clip in role_rows.keys["clip"]]
        expected = [
            values[places, HELD.index(layer), STATISTICS.index(statistic)]
            for statistic in ("mean", "loud_std")
            for layer in (3, 8)
        ]
        np.testing.assert_array_equal(role_rows.values, np.hstack(expected))
        assert role_rows.blocks == (
            Block("large", 2 * WIDTH, "mean", (3, 8)),
            Block("large", 2 * WIDTH, "loud_std", (3, 8)),
        )


def test_sets_of_layers_are_blocks_of_their_own(tmp_path):
    paths, values = table(tmp_path)
    reading = {"large": read([8], [3, 1], statistics=("mean", "std"))}
    rows = fold_rows(DATASET, FOLDS, 1, {"large": paths}, reading)["test"]
    assert rows.blocks == (
        Block("large", WIDTH, "mean", (8,)),
        Block("large", WIDTH, "std", (8,)),
        Block("large", 2 * WIDTH, "mean", (3, 1)),
        Block("large", 2 * WIDTH, "std", (3, 1)),
    )
    values = values.reshape(len(CLIPS), len(HELD), len(STATISTICS), WIDTH)
    places = [CLIPS.index(clip) for clip in rows.keys["clip"]]
    np.testing.assert_array_equal(rows.values[:, :WIDTH], values[places, 2, 0])
    np.testing.assert_array_equal(rows.values[:, -WIDTH:], values[places, 1, 1])
    mean = rows.reading({"statistics": ["mean"]})
    assert mean.blocks == rows.blocks[::2]
    np.testing.assert_array_equal(mean.values[:, :WIDTH], rows.values[:, :WIDTH])


def test_encoders_and_other_features_stand_side_by_side_each_its_own_blocks(tmp_path):
    plain = DATASET[["clip"]].assign(augmentation="original", a=1.5, b=2.5)
    write_parquet(plain, schema(["a", "b"]), tmp_path / "plain.parquet")
    tables = {"plain": [str(tmp_path / "plain.parquet")], "large": table(tmp_path)[0]}
    rows = fold_rows(DATASET, FOLDS, 1, tables, {"large": read([1], statistics=["mean"])})["train"]
    assert rows.blocks == (Block("plain", 2), Block("large", WIDTH, "mean", (1,)))
    assert rows.values[0, :2].tolist() == [1.5, 2.5]
    assert rows.reading({"statistics": ["mean"], "layers": [1]}).blocks == rows.blocks


@pytest.mark.parametrize(
    ("candidate", "kept"),
    [
        (
            {"layers": {"large": [8]}},
            {"large": ([[8]], "mean std"), "small": ([[1, 2]], "mean std")},
        ),
        ({"statistics": ["std"]}, {"large": ([[3, 8]], "std"), "small": ([[1, 2]], "std")}),
        ({"layers": {"large": [], "small": [2]}}, {"small": ([[2]], "mean std")}),
        (
            {"layers": {"large": [8, 3], "small": [1]}, "statistics": ["mean"]},
            {"large": ([[3, 8]], "mean"), "small": ([[1]], "mean")},
        ),
        ({"layers": None}, {"large": ([[3, 8]], "mean std"), "small": ([[1, 2]], "mean std")}),
        (
            {"layers": {"large": [[8], [3]]}, "statistics": ["std"]},
            {"large": ([[8], [3]], "std"), "small": ([[1, 2]], "std")},
        ),
    ],
    ids=[
        "layers of one",
        "a statistic",
        "one left out",
        "both, in another order",
        "all",
        "two sets",
    ],
)
def test_a_candidate_keeps_the_columns_that_would_be_read_without_the_others(
    tmp_path, two_encoders, candidate, kept
):
    held = {"large": HELD, "small": [1, 2]}
    tables = {name: [str(tmp_path / name / "original.parquet")] for name in kept}
    reading = {
        name: read(*layers, statistics=statistics.split(), held=held[name])
        for name, (layers, statistics) in kept.items()
    }
    alone = fold_rows(DATASET, FOLDS, 1, tables, reading)
    for role, rows in two_encoders.items():
        chosen = rows.reading(candidate)
        np.testing.assert_array_equal(chosen.values, alone[role].values)
        assert chosen.blocks == alone[role].blocks
        pd.testing.assert_frame_equal(chosen.keys, rows.keys)


def test_without_layers_among_the_settings_nothing_is_copied(two_encoders):
    rows = two_encoders["train"]
    assert rows.reading({"alpha": 3}) is rows


def test_clips_as_recorded_keep_their_blocks(two_encoders):
    rows = two_encoders["train"]
    assert rows.as_recorded().blocks == rows.blocks


def test_a_search_over_layers_tries_each_as_it_would_be_fitted_alone(two_encoders):
    grid = {
        "alpha": [0.1, 10],
        "layers": [{"large": [8], "small": []}, {"large": [3]}],
        "statistics": [["mean"], None],
    }

    def trial(rows, settings, training):
        return estimators.trial(rows, EMOTIONS, "kernel_ridge", settings, training, seed=17)

    found = search(two_encoders, grid, {"alpha": 1.0}, {"balance": "none"}, trial)
    assert len(found) == 8
    assert found["layers"].tolist()[:4:2] == ['{"large": [8], "small": []}', '{"large": [3]}']
    layers, statistics = grid["layers"][1], grid["statistics"][0]
    rows = {
        role: role_rows.reading({"layers": layers, "statistics": statistics})
        for role, role_rows in two_encoders.items()
    }
    fitted, _ = fit_estimator(rows, "kernel_ridge", {"alpha": 0.1})
    validation = rows["validation"]
    predicted = fitted.predict_proba(validation.vectors, len(EMOTIONS)).argmax(axis=1)
    accuracy = (predicted == validation.targets).mean()
    assert found.loc[2, "validation_accuracy"] == accuracy


def test_kernel_ridge_gets_the_blocks(two_encoders):
    fitted, _ = fit_estimator(two_encoders, "kernel_ridge", {"alpha": 1.0})
    (ridge,) = fitted.classifier
    assert ridge.blocks == (2 * WIDTH, 2 * WIDTH, 2 * 4, 2 * 4)
    assert ridge.score(two_encoders["train"].values, two_encoders["train"].targets) > 0.9


@pytest.mark.parametrize("name", ["logistic_regression", "svm_linear", "kernel_ridge", "knn"])
def test_estimators_answer_from_half_precision_as_from_single(two_encoders, name):
    settings = defaults(name) | ({"neighbours": 3} if name == "knn" else {})
    single = {
        role: Rows(rows.keys, rows.vectors, rows.targets, blocks=rows.blocks)
        for role, rows in two_encoders.items()
    }
    predicted = []
    for rows in (two_encoders, single):
        fitted, _ = fit_estimator(rows, name, settings)
        predicted.append(estimators.probabilities(fitted, rows, len(EMOTIONS))["test"])
    np.testing.assert_array_equal(*predicted)


@pytest.mark.parametrize("name", ["mlp", "conv1d"])
def test_networks_learn_from_several_encoders(two_encoders, tmp_path, name):
    description = networks.describe(name, two_encoders["train"], EMOTIONS, defaults(name))
    trained = networks.fit(
        two_encoders,
        description,
        training_settings(epochs=15, learning_rate=0.01),
        seed=17,
        checkpoint=tmp_path / "model.ckpt",
    )
    train = two_encoders["train"]
    predicted = networks.probabilities(trained.model, two_encoders)["train"].argmax(axis=1)
    assert (predicted == train.targets).mean() > 0.6


def test_a_network_on_layers_is_told_their_number_and_width(tmp_path):
    rows = fold_rows(
        DATASET,
        FOLDS,
        1,
        {"large": table(tmp_path)[0]},
        {"large": read([3, 8], statistics=["mean"])},
    )
    settings = defaults("weighted_layers", hidden=16)
    description = networks.describe("weighted_layers", rows["train"], EMOTIONS, settings)
    assert description["inputs"] == [1, 2, WIDTH]
    trained = networks.fit(
        rows,
        description,
        training_settings(epochs=15, learning_rate=0.01),
        seed=17,
        checkpoint=tmp_path / "model.ckpt",
    )
    predicted = networks.probabilities(trained.model, rows)["train"].argmax(axis=1)
    assert (predicted == rows["train"].targets).mean() > 0.6
