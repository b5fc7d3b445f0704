"""The two fitting loops: the best epoch is kept, saving is lossless, seeds determine all."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from fits import NAMES, description, fit_estimator, random_rows, settings
from networks import MIN_INPUTS, VARIANTS, in_frames, reads_frames
from serfusion import registry
from serfusion.errors import Refusal
from serfusion.fitting import checkpoints, estimators, networks, trainer
from serfusion.fitting.classifier import Classifier
from serfusion.fitting.deep_features import deep_table
from serfusion.fitting.predictions import prediction_table
from serfusion.fitting.rows import Rows
from serfusion.fitting.temperature import fit_temperature


def head(rows: Rows, count: int) -> Rows:
    return Rows(rows.keys[:count], rows.values[:count], rows.targets[:count])


def fit(rows_by_role, path, *, seed=17, network=None, **changes):
    network = network or description()
    return networks.fit(rows_by_role, network, settings(**changes), seed=seed, checkpoint=path)


SMALLER = {"conv1d": {"width": 4}, "vgg16": {"trainable": "none"}}


@pytest.mark.parametrize(("name", "changes"), VARIANTS)
def test_the_same_seed_gives_the_same_weights(rows_by_role, tmp_path, name, changes):
    small = description(name, **SMALLER.get(name, {}), **changes)
    if name in MIN_INPUTS:
        rows_by_role = {role: head(rows, 24) for role, rows in rows_by_role.items()}
    if reads_frames(name):
        rows_by_role = in_frames(rows_by_role, *small["inputs"])
    first, again, other = (
        fit(rows_by_role, tmp_path / f"{number}.ckpt", network=small, seed=seed, epochs=2)
        for number, seed in enumerate((17, 17, 18))
    )
    weights = [
        torch.cat([weight.flatten() for weight in trained.model.parameters()])
        for trained in (first, again, other)
    ]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    pd.testing.assert_frame_equal(first.curves, again.curves)

    loaded, _ = checkpoints.load(tmp_path / "0.ckpt")
    predicted, expected = (
        networks.probabilities(model, rows_by_role) for model in (loaded, first.model)
    )
    np.testing.assert_array_equal(predicted["test"], expected["test"])


def test_a_checkpoint_gives_the_same_answers(rows_by_role, tmp_path):
    fitted = fit(rows_by_role, tmp_path / "model.ckpt")
    loaded, names = checkpoints.load(tmp_path / "model.ckpt")
    assert names == NAMES
    predicted, expected = (
        networks.probabilities(model, rows_by_role) for model in (loaded, fitted.model)
    )
    for role in rows_by_role:
        np.testing.assert_array_equal(predicted[role], expected[role])
        np.testing.assert_allclose(predicted[role].sum(axis=1), 1, rtol=1e-5)


def test_the_epoch_with_the_highest_validation_accuracy_is_kept(rows_by_role, tmp_path):
    fitted = fit(rows_by_role, tmp_path / "model.ckpt", epochs=12, learning_rate=0.05)
    by_epoch = fitted.curves.set_index("epoch")
    best = by_epoch["validation_accuracy"].idxmax()
    assert fitted.record["best_epoch"] == best
    probabilities = networks.probabilities(fitted.model, rows_by_role)["validation"]
    correct = probabilities.argmax(axis=1) == rows_by_role["validation"].targets
    assert correct.mean() == pytest.approx(by_epoch.loc[best, "validation_accuracy"])
    true_class = probabilities[np.arange(60), rows_by_role["validation"].targets]
    expected = by_epoch.loc[best, "validation_loss"]
    assert -np.log(true_class).mean() == pytest.approx(expected, rel=1e-4)


def test_curves_have_a_row_per_epoch(rows_by_role, tmp_path):
    curves = fit(rows_by_role, tmp_path / "model.ckpt", epochs=4).curves
    assert curves["epoch"].tolist() == [1, 2, 3, 4]
    assert curves.notna().all(axis=None)
    assert curves["train_loss"].iloc[-1] < curves["train_loss"].iloc[0]


def test_the_learning_rate_falls_to_its_minimum(rows_by_role, tmp_path):
    schedule = {"learning_rate": 1e-3, "minimum_learning_rate": 1e-4, "plateau_patience": 0}
    noise = dict(rows_by_role) | {"validation": random_rows(60, "validation", 9)}
    noise["validation"].targets[:] = np.random.default_rng(0).integers(0, 3, 60)
    curves = fit(noise, tmp_path / "m.ckpt", epochs=40, stop_patience=40, **schedule).curves
    rates = curves["learning_rate"]
    assert rates.iloc[0] == pytest.approx(1e-3)
    assert rates.is_monotonic_decreasing
    assert rates.iloc[-1] == pytest.approx(1e-4)


def test_one_cycle_raises_the_learning_rate_and_lowers_it_to_nothing(rows_by_role, tmp_path):
    changes = {"schedule": "one_cycle", "learning_rate": 0.01, "stop_patience": 30}
    rates = fit(rows_by_role, tmp_path / "m.ckpt", epochs=30, **changes).curves["learning_rate"]
    assert len(rates) == 30
    assert rates.idxmax() in (8, 9, 10)
    assert rates.max() == pytest.approx(0.01, rel=0.02)
    assert rates.iloc[-1] < 0.0005


def classifier(**changes) -> Classifier:
    torch.manual_seed(0)
    network = description()
    model = checkpoints.build(**network)
    untrained = Classifier(model, network, settings(**changes), None)
    untrained.log_dict = lambda *_, **__: None
    return untrained


def test_label_smoothing_and_mixup_are_as_published(monkeypatch):
    torch.manual_seed(1)
    values, targets = torch.randn(5, 12), torch.tensor([0, 1, 2, 0, 1])
    share, partners = 0.3, torch.tensor([4, 3, 2, 1, 0])
    monkeypatch.setattr(torch.distributions.Beta, "sample", lambda _: torch.tensor(share))
    monkeypatch.setattr(torch, "randperm", lambda *_, **__: partners)
    mixing = classifier(mixup=0.2, label_smoothing=0.1)
    loss = mixing.training_step((values, targets), 0)
    mixed = share * values + (1 - share) * values[partners]
    log_probabilities = mixing.model(mixed).log_softmax(dim=1)
    one_hot = torch.nn.functional.one_hot(targets, 3).float()
    smoothed = 0.9 * (share * one_hot + (1 - share) * one_hot[partners]) + 0.1 / 3
    torch.testing.assert_close(loss, -(smoothed * log_probabilities).sum(dim=1).mean())


def test_mixed_clips_are_as_long_as_the_longer():
    values, lengths = torch.ones(4, 6, 2), torch.tensor([1, 6, 3, 2])
    torch.manual_seed(0)
    (mixed, longer), partners, share = classifier(mixup=1.0)._mix((values, lengths))
    assert 0 < share < 1
    assert longer.tolist() == torch.maximum(lengths, lengths[partners]).tolist()
    assert mixed.shape == values.shape


def test_training_stops_when_validation_stands_still(rows_by_role, tmp_path):
    fitted = fit(rows_by_role, tmp_path / "m.ckpt", epochs=200, learning_rate=0.1, stop_patience=3)
    assert fitted.record["epochs"] < 200
    assert fitted.record["epochs"] - fitted.record["best_epoch"] == 3


def test_test_rows_are_not_used(rows_by_role, tmp_path):
    without_test = {role: rows for role, rows in rows_by_role.items() if role != "test"}
    first, second = fit(rows_by_role, tmp_path / "1.ckpt"), fit(without_test, tmp_path / "2.ckpt")
    pd.testing.assert_frame_equal(first.curves, second.curves)


@pytest.mark.parametrize("name", ["logistic_regression", "svm_rbf"])
def test_scrambled_test_clips_change_no_estimator(rows_by_role, name):
    scrambled = Rows(
        rows_by_role["test"].keys, -rows_by_role["test"].values, 2 - rows_by_role["test"].targets
    )
    hyperparameters = {"C": 1.0} if name == "logistic_regression" else {"C": 5.0, "gamma": "scale"}
    predicted = []
    for test in (rows_by_role["test"], scrambled):
        fitted, _ = fit_estimator(rows_by_role | {"test": test}, name, hyperparameters)
        predicted.append(estimators.probabilities(fitted, rows_by_role, 3))
    for role in ("train", "validation", "test"):
        np.testing.assert_array_equal(predicted[0][role], predicted[1][role])


def test_the_record_is_json(rows_by_role, tmp_path):
    record = json.loads(json.dumps(fit(rows_by_role, tmp_path / "m.ckpt").record))
    assert record["rows"] == 150
    assert record["parameters"] == (12 * 12 + 12) + (12 * 10 + 10) + (10 * 3 + 3)
    assert record["device"] == "cpu"


def test_deep_features_are_those_of_the_network(rows_by_role, tmp_path):
    fitted = fit(
        rows_by_role, tmp_path / "m.ckpt", network=description("conv1d", width=4), epochs=2
    )
    table = deep_table(fitted.model, rows_by_role, torch.device("cpu"))
    assert table.columns.tolist() == ["clip", "augmentation", *(f"deep_{i}" for i in range(32))]
    assert len(table) == 150 + 60 + 60
    network = fitted.model
    scaled = (torch.from_numpy(rows_by_role["train"].values) - network.mean) / network.scale
    with torch.no_grad():
        expected = network.network.deep(scaled).numpy()
    np.testing.assert_allclose(table.iloc[:150, 2:], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "hyperparameters", "reference"),
    [
        ("logistic_regression", {"C": 1.0}, LogisticRegression(C=1.0, max_iter=2000)),
        ("svm_rbf", {"C": 5.0, "gamma": "scale"}, SVC(C=5.0, break_ties=True)),
    ],
)
def test_estimators_decide_as_scikit_learn_does(rows_by_role, name, hyperparameters, reference):
    fitted, record = fit_estimator(rows_by_role, name, hyperparameters)
    plain = make_pipeline(StandardScaler(), reference)
    plain.fit(rows_by_role["train"].values, rows_by_role["train"].targets)
    predicted = estimators.probabilities(fitted, rows_by_role, 3)
    for role, rows in rows_by_role.items():
        np.testing.assert_array_equal(predicted[role].argmax(axis=1), plain.predict(rows.values))
        np.testing.assert_allclose(predicted[role].sum(axis=1), 1, rtol=1e-6)
    assert record["parameters"] == registry.load("models", name).parameter_count(plain[-1]) > 0


def test_few_validation_clips_that_lack_an_emotion_are_enough(rows_by_role):
    few = Rows(
        rows_by_role["validation"].keys[:5],
        rows_by_role["validation"].values[:5],
        np.minimum(rows_by_role["validation"].targets[:5], 1),
    )
    fitted, _ = fit_estimator(rows_by_role | {"validation": few}, "logistic_regression", {"C": 1.0})
    assert fitted.predict_proba(rows_by_role["test"].values, 3).shape == (60, 3)


def test_logistic_regression_counts_its_coefficients(rows_by_role):
    _, record = fit_estimator(rows_by_role, "logistic_regression", {"C": 1.0})
    assert record["parameters"] == 3 * 12 + 3


def test_predictions_are_of_clips_as_recorded():
    keys = pd.DataFrame(
        {"clip": ["a", "a", "b"], "augmentation": ["noise", "original", "original"]}
    )
    rows = Rows(keys, np.arange(6.0).reshape(3, 2), np.array([1, 1, 0]), np.array([3, 4, 5]))
    recorded = rows.as_recorded()
    assert recorded.values.tolist() == [[2, 3], [4, 5]]
    assert recorded.targets.tolist() == [1, 0]
    assert recorded.lengths.tolist() == [4, 5]
    probabilities = {"train": np.array([[0.2, 0.8], [0.7, 0.3]], np.float32)}
    table = prediction_table({"train": recorded}, probabilities, ["happy", "sad"])
    assert table["clip"].tolist() == ["a", "b"]
    assert table["predicted"].tolist() == ["sad", "happy"]
    assert table["p_sad"].tolist() == pytest.approx([0.8, 0.3])


def test_the_temperature_is_scikit_learns(rows_by_role):
    train, validation = rows_by_role["train"], rows_by_role["validation"]
    plain = make_pipeline(StandardScaler(), SVC(C=5.0)).fit(train.values, train.targets)
    ours = fit_temperature(plain, validation.values, validation.targets)
    theirs = CalibratedClassifierCV(FrozenEstimator(plain), method="temperature")
    theirs.fit(validation.values, validation.targets)
    np.testing.assert_allclose(
        ours.predict_proba(rows_by_role["test"].values, 3),
        theirs.predict_proba(rows_by_role["test"].values),
        atol=1e-3,
    )


@pytest.mark.parametrize("missing", [0, 2])
def test_an_emotion_that_was_never_trained_on_has_probability_zero(rows_by_role, missing):
    train = rows_by_role["train"]
    kept = train.targets != missing
    two_classes = Rows(train.keys[kept], train.values[kept], train.targets[kept])
    rows_by_role = rows_by_role | {"train": two_classes}
    fitted, _ = fit_estimator(rows_by_role, "svm_rbf", {"C": 5.0, "gamma": "scale"})
    predicted = estimators.probabilities(fitted, rows_by_role, 3)["test"]
    assert (predicted[:, missing] == 0).all()
    np.testing.assert_allclose(predicted.sum(axis=1), 1)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_refused():
    with pytest.raises(Refusal, match="this machine has no GPU that torch can use: set it to auto"):
        trainer.device("gpu")
