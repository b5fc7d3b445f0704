"""Emotions that are rarer than others: by weight, or drawn as often."""

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
from serfusion.fitting.rows import Rows

TARGETS = np.repeat([0, 1, 2], [200, 30, 20])


def side(targets: np.ndarray, seed: int) -> Rows:
    random = np.random.default_rng(seed)
    values = random.normal(0, 1, (len(targets), 12)) + 0.5 * targets[:, None]
    keys = pd.DataFrame({"clip": np.arange(len(targets)).astype(str), "augmentation": "original"})
    return Rows(keys, values.astype(np.float32), targets)


@pytest.fixture(scope="module")
def sides() -> dict[str, Rows]:
    even = np.repeat([0, 1, 2], 40)
    return {"train": side(TARGETS, 1), "validation": side(even, 2), "test": side(even, 3)}


def test_weights_are_scikit_learns_and_a_class_without_rows_weighs_one():
    weights = class_weights(TARGETS, 4)
    np.testing.assert_allclose(weights[TARGETS], compute_sample_weight("balanced", TARGETS))
    assert weights[3] == 1


def test_a_balanced_sample_has_every_row_and_as_many_of_each_class():
    drawn = balanced_sample(TARGETS, 17)
    assert np.bincount(TARGETS[drawn]).tolist() == [200, 200, 200]
    assert set(drawn) == set(range(250))
    np.testing.assert_array_equal(drawn, balanced_sample(TARGETS, 17))
    assert not np.array_equal(drawn, balanced_sample(TARGETS, 18))


@pytest.mark.parametrize(
    ("name", "own", "reference"),
    [
        ("logistic_regression", {"C": 1.0}, LogisticRegression(C=1.0, max_iter=2000)),
        ("svm_rbf", {"C": 5.0, "gamma": "scale"}, SVC(C=5.0, break_ties=True)),
    ],
)
def test_weighted_estimators_decide_as_scikit_learns_balanced_ones(sides, name, own, reference):
    fitted, _ = estimators.fit(sides, name, own, {"balance": "weights"}, seed=1)
    plain = make_pipeline(StandardScaler(), reference.set_params(class_weight="balanced"))
    plain.fit(sides["train"].values, sides["train"].targets)
    given = estimators.probabilities(fitted, sides, 3)["test"]
    np.testing.assert_array_equal(given.argmax(axis=1), plain.predict(sides["test"].values))


def test_an_estimator_that_cannot_weight_is_refused(sides):
    pipeline = make_pipeline(StandardScaler(), KNeighborsClassifier())
    with pytest.raises(Refusal, match="KNeighborsClassifier cannot weight clips"):
        estimators._fit(pipeline, sides["train"], "weights", 1)


@pytest.mark.parametrize("balance", ["weights", "sampling"])
def test_rare_emotions_are_found_more_often(sides, tmp_path, balance):
    found = {}
    for way in ("none", balance):
        fitted, _ = estimators.fit(
            sides, "logistic_regression", {"C": 1.0}, {"balance": way}, seed=1
        )
        network = networks.fit(
            sides,
            description(),
            settings(balance=way, epochs=12),
            seed=1,
            checkpoint=tmp_path / f"{way}.ckpt",
        )
        answers = [
            estimators.probabilities(fitted, sides, 3)["test"],
            networks.probabilities(network.model, sides)["test"],
        ]
        found[way] = np.array([(given.argmax(axis=1) > 0).mean() for given in answers])
    assert (found[balance] > found["none"] + 0.1).all()


def test_the_loss_is_of_each_emotion_by_its_weight(sides):
    weights = class_weights(TARGETS, 3)
    model = checkpoints.build("mlp", 12, ["a", "b", "c"], {"hidden": []})
    plain = {"mixup": 0, "label_smoothing": 0}
    classifier = networks.Classifier(model, {}, plain, weights.tolist())
    classifier.log_dict = lambda *_, **__: None
    rows, targets = torch.from_numpy(sides["train"].values), torch.from_numpy(TARGETS)
    loss = classifier.training_step((rows, targets), 0)
    each = -model(rows).log_softmax(dim=1)[torch.arange(250), targets]
    own = torch.from_numpy(weights)[targets]
    assert loss.item() == pytest.approx((own * each).sum().item() / own.sum().item(), rel=1e-5)
