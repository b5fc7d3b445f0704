"""Balancing rare emotions, by class weights or by sampling."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.class_weight import compute_sample_weight

from fits import description, settings
from serfusion.errors import Refusal
from serfusion.fitting import checkpoints, estimators, networks
from serfusion.fitting.balance import balanced_sample, class_weights
from serfusion.fitting.classifier import Classifier
from serfusion.fitting.rows import Rows

TARGETS = np.repeat([0, 1, 2], [200, 30, 20])


def random_rows(targets: np.ndarray, seed: int) -> Rows:
    random = np.random.default_rng(seed)
    values = random.normal(0, 1, (len(targets), 12)) + 0.5 * targets[:, None]
    keys = pd.DataFrame({"clip": np.arange(len(targets)).astype(str), "augmentation": "original"})
    return Rows(keys, values.astype(np.float32), targets)


@pytest.fixture(scope="module")
def rows_by_role() -> dict[str, Rows]:
    even = np.repeat([0, 1, 2], 40)
    return {
        "train": random_rows(TARGETS, 1),
        "validation": random_rows(even, 2),
        "test": random_rows(even, 3),
    }


def test_weights_are_scikit_learns_and_a_class_without_rows_weighs_one():
    weights = class_weights(TARGETS, 4)
    np.testing.assert_allclose(weights[TARGETS], compute_sample_weight("balanced", TARGETS))
    assert weights[3] == 1


def test_a_balanced_sample_has_every_row_and_as_many_of_each_class():
    sample = balanced_sample(TARGETS, 17)
    assert np.bincount(TARGETS[sample]).tolist() == [200, 200, 200]
    assert set(sample) == set(range(250))
    np.testing.assert_array_equal(sample, balanced_sample(TARGETS, 17))
    assert not np.array_equal(sample, balanced_sample(TARGETS, 18))


@pytest.mark.parametrize(
    ("name", "hyperparameters", "reference"),
    [
        ("logistic_regression", {"C": 1.0}, LogisticRegression(C=1.0, max_iter=2000)),
        ("svm_rbf", {"C": 5.0, "gamma": "scale"}, SVC(C=5.0, break_ties=True)),
    ],
)
def test_weighted_estimators_decide_as_scikit_learns_balanced_ones(
    rows_by_role, name, hyperparameters, reference
):
    fitted, _ = estimators.fit(rows_by_role, name, hyperparameters, {"balance": "weights"}, seed=1)
    plain = make_pipeline(StandardScaler(), reference.set_params(class_weight="balanced"))
    plain.fit(rows_by_role["train"].values, rows_by_role["train"].targets)
    probabilities = estimators.probabilities(fitted, rows_by_role, 3)["test"]
    expected = plain.predict(rows_by_role["test"].values)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), expected)


def test_an_estimator_that_cannot_weight_is_refused(rows_by_role):
    pipeline = make_pipeline(StandardScaler(), KNeighborsClassifier())
    with pytest.raises(Refusal, match="KNeighborsClassifier cannot weight clips"):
        rows = rows_by_role["train"]
        estimators._fit(pipeline, rows.values, rows.targets, "weights", 1)


@pytest.mark.parametrize("balance", ["weights", "sampling"])
def test_rare_emotions_are_found_more_often(rows_by_role, tmp_path, balance):
    rare_shares = {}
    for method in ("none", balance):
        fitted, _ = estimators.fit(
            rows_by_role, "logistic_regression", {"C": 1.0}, {"balance": method}, seed=1
        )
        network = networks.fit(
            rows_by_role,
            description(),
            settings(balance=method, epochs=12),
            seed=1,
            checkpoint=tmp_path / f"{method}.ckpt",
        )
        predicted = [
            estimators.probabilities(fitted, rows_by_role, 3)["test"],
            networks.probabilities(network.model, rows_by_role)["test"],
        ]
        rare_shares[method] = np.array(
            [(probabilities.argmax(axis=1) > 0).mean() for probabilities in predicted]
        )
    assert (rare_shares[balance] > rare_shares["none"] + 0.1).all()


def test_the_loss_is_weighted_by_class(rows_by_role):
    weights = class_weights(TARGETS, 3)
    model = checkpoints.build("mlp", 12, ["a", "b", "c"], {"hidden": []})
    plain = {"mixup": 0, "label_smoothing": 0}
    classifier = Classifier(model, {}, plain, weights.tolist())
    classifier.log_dict = lambda *_, **__: None
    rows, targets = torch.from_numpy(rows_by_role["train"].values), torch.from_numpy(TARGETS)
    loss = classifier.training_step((rows, targets), 0)
    losses = -model(rows).log_softmax(dim=1)[torch.arange(250), targets]
    row_weights = torch.from_numpy(weights)[targets]
    expected = (row_weights * losses).sum().item() / row_weights.sum().item()
    assert loss.item() == pytest.approx(expected, rel=1e-5)
