"""The two fitting loops: the best epoch is kept, answers survive saving, seeds decide all."""

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

from fits import NAMES, description, fit_estimator, rows, settings
from networks import LEAST, VARIANTS, in_frames, reads_frames
from serfusion import registry
from serfusion.fitting import checkpoints, estimators, networks
from serfusion.fitting.deep_features import deep_table
from serfusion.fitting.predictions import answers
from serfusion.fitting.rows import Rows
from serfusion.fitting.temperature import calibrate


def head(side: Rows, count: int) -> Rows:
    return Rows(side.keys[:count], side.values[:count], side.targets[:count])


def fit(sides, path, *, seed=17, described=None, **changes):
    described = described or description()
    return networks.fit(sides, described, settings(**changes), seed=seed, checkpoint=path)


SMALLER = {"conv1d": {"width": 4}, "vgg16": {"trainable": "none"}}


@pytest.mark.parametrize(("name", "changes"), VARIANTS)
def test_the_same_seed_gives_the_same_weights(sides, tmp_path, name, changes):
    small = description(name, **SMALLER.get(name, {}), **changes)
    few = {role: head(side, 24) for role, side in sides.items()} if name in LEAST else sides
    rows = in_frames(few, *small["inputs"]) if reads_frames(name) else few
    first, again, other = (
        fit(rows, tmp_path / f"{number}.ckpt", described=small, seed=seed, epochs=2)
        for number, seed in enumerate((17, 17, 18))
    )
    weights = [
        torch.cat([w.flatten() for w in f.model.parameters()]) for f in (first, again, other)
    ]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    pd.testing.assert_frame_equal(first.curves, again.curves)

    loaded, _ = checkpoints.load(tmp_path / "0.ckpt")
    answered, expected = (networks.probabilities(m, rows) for m in (loaded, first.model))
    np.testing.assert_array_equal(answered["test"], expected["test"])


def test_a_checkpoint_gives_the_same_answers(sides, tmp_path):
    fitted = fit(sides, tmp_path / "model.ckpt")
    loaded, names = checkpoints.load(tmp_path / "model.ckpt")
    assert names == NAMES
    given, expected = (networks.probabilities(model, sides) for model in (loaded, fitted.model))
    for role in sides:
        np.testing.assert_array_equal(given[role], expected[role])
        np.testing.assert_allclose(given[role].sum(axis=1), 1, rtol=1e-5)


def test_the_epoch_that_validation_likes_best_is_kept(sides, tmp_path):
    fitted = fit(sides, tmp_path / "model.ckpt", epochs=12, learning_rate=0.05)
    by_epoch = fitted.curves.set_index("epoch")
    best = by_epoch["validation_accuracy"].idxmax()
    assert fitted.record["best_epoch"] == best
    probabilities = networks.probabilities(fitted.model, sides)["validation"]
    right = probabilities.argmax(axis=1) == sides["validation"].targets
    assert right.mean() == pytest.approx(by_epoch.loc[best, "validation_accuracy"])
    chosen = probabilities[np.arange(60), sides["validation"].targets]
    expected = by_epoch.loc[best, "validation_loss"]
    assert -np.log(chosen).mean() == pytest.approx(expected, rel=1e-4)


def test_curves_have_a_row_per_epoch(sides, tmp_path):
    curves = fit(sides, tmp_path / "model.ckpt", epochs=4).curves
    assert curves["epoch"].tolist() == [1, 2, 3, 4]
    assert curves.notna().all(axis=None)
    assert curves["train_loss"].iloc[-1] < curves["train_loss"].iloc[0]


def test_the_learning_rate_falls_to_its_minimum(sides, tmp_path):
    frozen = {"learning_rate": 1e-3, "minimum_learning_rate": 1e-4, "plateau_patience": 0}
    noise = dict(sides) | {"validation": rows(60, "validation", 9)}
    noise["validation"].targets[:] = np.random.default_rng(0).integers(0, 3, 60)
    curves = fit(noise, tmp_path / "m.ckpt", epochs=40, stop_patience=40, **frozen).curves
    rates = curves["learning_rate"]
    assert rates.iloc[0] == pytest.approx(1e-3)
    assert rates.is_monotonic_decreasing
    assert rates.iloc[-1] == pytest.approx(1e-4)


def test_one_cycle_raises_the_learning_rate_and_lowers_it_to_nothing(sides, tmp_path):
    changes = {"schedule": "one_cycle", "learning_rate": 0.01, "stop_patience": 30}
    rates = fit(sides, tmp_path / "m.ckpt", epochs=30, **changes).curves["learning_rate"]
    assert len(rates) == 30
    assert rates.idxmax() in (8, 9, 10)
    assert rates.max() == pytest.approx(0.01, rel=0.02)
    assert rates.iloc[-1] < 0.0005


def classifier(**changes) -> networks.Classifier:
    torch.manual_seed(0)
    described = description()
    model = checkpoints.build(**described)
    built = networks.Classifier(model, described, settings(**changes), None)
    built.log_dict = lambda *_, **__: None
    return built


def test_label_smoothing_and_mixup_are_as_published(monkeypatch):
    torch.manual_seed(1)
    values, targets = torch.randn(5, 12), torch.tensor([0, 1, 2, 0, 1])
    share, partner = 0.3, torch.tensor([4, 3, 2, 1, 0])
    monkeypatch.setattr(torch.distributions.Beta, "sample", lambda _: torch.tensor(share))
    monkeypatch.setattr(torch, "randperm", lambda *_, **__: partner)
    mixing = classifier(mixup=0.2, label_smoothing=0.1)
    loss = mixing.training_step((values, targets), 0)
    logs = mixing.model(share * values + (1 - share) * values[partner]).log_softmax(dim=1)
    one_hot = torch.nn.functional.one_hot(targets, 3).float()
    wanted = share * one_hot + (1 - share) * one_hot[partner]
    wanted = 0.9 * wanted + 0.1 / 3
    torch.testing.assert_close(loss, -(wanted * logs).sum(dim=1).mean())


def test_mixed_clips_are_as_long_as_the_longer():
    values, lengths = torch.ones(4, 6, 2), torch.tensor([1, 6, 3, 2])
    torch.manual_seed(0)
    (mixed, longer), partner, share = classifier(mixup=1.0)._mixed((values, lengths))
    assert 0 < share < 1
    assert longer.tolist() == torch.maximum(lengths, lengths[partner]).tolist()
    assert mixed.shape == values.shape


def test_training_stops_when_validation_stands_still(sides, tmp_path):
    fitted = fit(sides, tmp_path / "m.ckpt", epochs=200, learning_rate=0.1, stop_patience=3)
    assert fitted.record["epochs"] < 200
    assert fitted.record["epochs"] - fitted.record["best_epoch"] == 3


def test_the_test_side_is_never_looked_at(sides, tmp_path):
    seen = {role: side for role, side in sides.items() if role != "test"}
    first, second = fit(sides, tmp_path / "1.ckpt"), fit(seen, tmp_path / "2.ckpt")
    pd.testing.assert_frame_equal(first.curves, second.curves)


@pytest.mark.parametrize("name", ["logistic_regression", "svm_rbf"])
def test_scrambled_test_clips_change_no_estimator(sides, name):
    scrambled = Rows(sides["test"].keys, -sides["test"].values, 2 - sides["test"].targets)
    own = {"logistic_regression": {"C": 1.0}, "svm_rbf": {"C": 5.0, "gamma": "scale"}}[name]
    answered = []
    for test in (sides["test"], scrambled):
        fitted, _ = fit_estimator(sides | {"test": test}, name, own)
        answered.append(estimators.probabilities(fitted, sides, 3))
    for role in ("train", "validation", "test"):
        np.testing.assert_array_equal(answered[0][role], answered[1][role])


def test_the_record_is_json(sides, tmp_path):
    record = json.loads(json.dumps(fit(sides, tmp_path / "m.ckpt").record))
    assert record["rows"] == 150
    assert record["parameters"] == (12 * 12 + 12) + (12 * 10 + 10) + (10 * 3 + 3)
    assert record["device"] == "cpu"


def test_deep_features_are_those_of_the_network(sides, tmp_path):
    fitted = fit(sides, tmp_path / "m.ckpt", described=description("conv1d", width=4), epochs=2)
    table = deep_table(fitted.model, sides, torch.device("cpu"))
    assert table.columns.tolist() == ["clip", "augmentation", *(f"deep_{i}" for i in range(32))]
    assert len(table) == 150 + 60 + 60
    network = fitted.model
    scaled = (torch.from_numpy(sides["train"].values) - network.mean) / network.scale
    with torch.no_grad():
        expected = network.network.deep(scaled).numpy()
    np.testing.assert_allclose(table.iloc[:150, 2:], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "own", "reference"),
    [
        ("logistic_regression", {"C": 1.0}, LogisticRegression(C=1.0, max_iter=2000)),
        ("svm_rbf", {"C": 5.0, "gamma": "scale"}, SVC(C=5.0, break_ties=True)),
    ],
)
def test_estimators_decide_as_scikit_learn_does(sides, name, own, reference):
    fitted, record = fit_estimator(sides, name, own)
    plain = make_pipeline(StandardScaler(), reference)
    plain.fit(sides["train"].values, sides["train"].targets)
    given = estimators.probabilities(fitted, sides, 3)
    for role, side in sides.items():
        np.testing.assert_array_equal(given[role].argmax(axis=1), plain.predict(side.values))
        np.testing.assert_allclose(given[role].sum(axis=1), 1, rtol=1e-6)
    assert record["parameters"] == registry.load("models", name).parameters(plain[-1]) > 0


def test_few_validation_clips_that_lack_an_emotion_are_enough(sides):
    few = Rows(
        sides["validation"].keys[:5],
        sides["validation"].values[:5],
        np.minimum(sides["validation"].targets[:5], 1),
    )
    given = sides | {"validation": few}
    fitted, _ = fit_estimator(given, "logistic_regression", {"C": 1.0})
    assert fitted.predict_proba(sides["test"].values, 3).shape == (60, 3)


def test_logistic_regression_counts_its_coefficients(sides):
    _, record = fit_estimator(sides, "logistic_regression", {"C": 1.0})
    assert record["parameters"] == 3 * 12 + 3


def test_answers_are_of_clips_as_recorded():
    keys = pd.DataFrame(
        {"clip": ["a", "a", "b"], "augmentation": ["noise", "original", "original"]}
    )
    side = Rows(keys, np.arange(6.0).reshape(3, 2), np.array([1, 1, 0]), np.array([3, 4, 5]))
    recorded = side.as_recorded()
    assert recorded.values.tolist() == [[2, 3], [4, 5]]
    assert recorded.targets.tolist() == [1, 0]
    assert recorded.lengths.tolist() == [4, 5]
    given = {"train": np.array([[0.2, 0.8], [0.7, 0.3]], np.float32)}
    table = answers({"train": recorded}, given, ["happy", "sad"])
    assert table["clip"].tolist() == ["a", "b"]
    assert table["predicted"].tolist() == ["sad", "happy"]
    assert table["p_sad"].tolist() == pytest.approx([0.8, 0.3])


def test_the_temperature_is_scikit_learns(sides):
    train, validation = sides["train"], sides["validation"]
    plain = make_pipeline(StandardScaler(), SVC(C=5.0)).fit(train.values, train.targets)
    ours = calibrate(plain, validation.values, validation.targets)
    theirs = CalibratedClassifierCV(FrozenEstimator(plain), method="temperature")
    theirs.fit(validation.values, validation.targets)
    np.testing.assert_allclose(
        ours.predict_proba(sides["test"].values, 3),
        theirs.predict_proba(sides["test"].values),
        atol=1e-3,
    )


@pytest.mark.parametrize("missing", [0, 2])
def test_an_emotion_that_was_never_trained_on_has_probability_zero(sides, missing):
    train = sides["train"]
    kept = train.targets != missing
    known = Rows(train.keys[kept], train.values[kept], train.targets[kept])
    given = sides | {"train": known}
    fitted, _ = fit_estimator(given, "svm_rbf", {"C": 5.0, "gamma": "scale"})
    answered = estimators.probabilities(fitted, given, 3)["test"]
    assert (answered[:, missing] == 0).all()
    np.testing.assert_allclose(answered.sum(axis=1), 1)
