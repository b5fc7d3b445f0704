"""The estimators: that they learn, how many numbers they keep, and their probabilities."""

import warnings

import joblib
import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.class_weight import compute_sample_weight
from threadpoolctl import threadpool_limits

from fits import fit_estimator, random_rows
from networks import defaults
from serfusion import registry
from serfusion.errors import Refusal
from serfusion.fitting import estimators
from serfusion.fitting.rows import Rows
from serfusion.study.resolution import available_models

NAMES = available_models("estimator")
FAST = {
    "random_forest": {"trees": 20},
    "gradient_boosting": {"rounds": 10},
    "sklearn_mlp": {"hidden": [5], "learning_rate": 0.01, "batch_size": 50},
}


@pytest.fixture(autouse=True)
def few_epochs():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


@pytest.fixture(scope="module")
def rows_by_role(rows_by_role) -> dict[str, Rows]:
    """Rows of emotions that overlap, so that no model is always right."""
    overlapping = {}
    for seed, (role, easy) in enumerate(rows_by_role.items()):
        noise = np.random.default_rng(seed).normal(0, 4, easy.values.shape)
        overlapping[role] = Rows(easy.keys, (easy.values + noise).astype(np.float32), easy.targets)
    return overlapping


def settings(name: str, **changes) -> dict:
    return defaults(name) | FAST.get(name, {}) | changes


def part(rows: Rows, kept: np.ndarray) -> Rows:
    return Rows(rows.keys.iloc[kept], rows.values[kept], rows.targets[kept])


def classifier_and_count(rows_by_role, name, *, seed=17, **changes):
    fitted, record = fit_estimator(rows_by_role, name, settings(name, **changes), seed=seed)
    return fitted.classifier[-1], record["parameters"]


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_classifier_gives_the_same_answers(rows_by_role, tmp_path, name):
    fitted, _ = fit_estimator(rows_by_role, name, settings(name))
    joblib.dump(fitted, tmp_path / "model.joblib")
    loaded = joblib.load(tmp_path / "model.joblib")
    predicted, expected = (
        estimators.probabilities(model, rows_by_role, 3) for model in (loaded, fitted)
    )
    for role in rows_by_role:
        np.testing.assert_array_equal(predicted[role], expected[role])


@pytest.mark.parametrize("name", NAMES)
def test_separable_emotions_are_learned_perfectly(name):
    separable = {role: random_rows(60, role, 1) for role in ("train", "validation")}
    for role_rows in separable.values():
        role_rows.values[:, :3] = 10 * np.eye(3)[role_rows.targets] + np.arange(60)[:, None] / 60
    fitted, _ = fit_estimator(separable, name, settings(name))
    predicted = estimators.probabilities(fitted, separable, 3)["train"].argmax(axis=1)
    np.testing.assert_array_equal(predicted, separable["train"].targets)


def test_the_traditional_models_are_there():
    assert set(NAMES) >= {
        *("logistic_regression", "svm_linear", "svm_rbf", "knn", "decision_tree"),
        *("random_forest", "gradient_boosting", "naive_bayes", "sklearn_mlp"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_estimator_learns_and_its_probabilities_decide_as_it_does(rows_by_role, name):
    fitted, record = fit_estimator(rows_by_role, name, settings(name))
    probabilities = estimators.probabilities(fitted, rows_by_role, 3)
    for role, rows in rows_by_role.items():
        decisions = fitted.classifier.predict(rows.values)
        np.testing.assert_array_equal(probabilities[role].argmax(axis=1), decisions)
        np.testing.assert_allclose(probabilities[role].sum(axis=1), 1, rtol=1e-6)
        assert (decisions == rows.targets).mean() > 0.5
        true_class = probabilities[role][np.arange(len(decisions)), rows.targets]
        assert role == "train" or -np.log(true_class).mean() < np.log(3)
    assert type(record["parameters"]) is int


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_estimator_whatever_the_test_rows(rows_by_role, name):
    scrambled = Rows(
        rows_by_role["test"].keys, -rows_by_role["test"].values, 2 - rows_by_role["test"].targets
    )
    predicted = []
    for test in (rows_by_role["test"], scrambled):
        fitted, _ = fit_estimator(rows_by_role | {"test": test}, name, settings(name))
        predicted.append(estimators.probabilities(fitted, rows_by_role, 3)["test"])
    np.testing.assert_array_equal(*predicted)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("knn", "kernel_ridge")])
def test_clips_are_weighted_as_scikit_learn_balances_them(rows_by_role, name):
    train = rows_by_role["train"]
    kept = (train.targets > 0) | (np.arange(150) % 5 == 0)
    uneven = rows_by_role | {"train": part(train, kept)}
    fitted, _ = fit_estimator(uneven, name, settings(name), balance="weights")
    scaler, final = fitted.classifier
    plain = registry.load("models", name).build(17, **settings(name))
    values, targets = scaler.transform(uneven["train"].values), uneven["train"].targets
    with threadpool_limits(1):
        plain.fit(values, targets, compute_sample_weight("balanced", targets))
    scaled = scaler.transform(rows_by_role["test"].values)
    np.testing.assert_array_equal(final.predict(scaled), plain.predict(scaled))


def test_neighbours_cannot_be_weighted_by_class(rows_by_role):
    with pytest.raises(Refusal, match="NearestNeighbours cannot weight clips: set balance to"):
        fit_estimator(rows_by_role, "knn", settings("knn"), balance="weights")
    fit_estimator(rows_by_role, "knn", settings("knn"), balance="sampling")


@pytest.mark.parametrize(
    ("name", "changes"),
    [("decision_tree", {"depth": None, "rows_per_leaf": 1}), ("knn", {"neighbours": 1})],
)
def test_probabilities_of_zero_and_one_are_softened(rows_by_role, name, changes):
    """The best temperature turns the 1 of every decision into the validation accuracy."""
    fitted, _ = fit_estimator(rows_by_role, name, settings(name, **changes))
    validation = rows_by_role["validation"]
    assert set(np.unique(fitted.classifier.predict_proba(validation.values))) == {0, 1}
    probabilities = fitted.predict_proba(validation.values, 3)
    correct = fitted.classifier.predict(validation.values) == validation.targets
    assert 0 < correct.mean() < 1
    np.testing.assert_allclose(probabilities.max(axis=1), correct.mean(), atol=1e-3)


def test_more_neighbours_than_training_rows_are_refused(rows_by_role):
    with pytest.raises(
        Refusal, match="knn has 151 neighbours but only 150 training rows: set neighbours"
    ):
        fit_estimator(rows_by_role, "knn", settings("knn", neighbours=151))


def test_no_estimator_holds_clips_back_to_stop_by():
    for name in ("gradient_boosting", "sklearn_mlp"):
        built = registry.load("models", name).build(1, **defaults(name))
        assert built.early_stopping is False


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("logistic_regression", 3 * 12 + 3),
        ("svm_linear", 3 * 12 + 3),
        ("knn", 150 * 12 + 150),
        ("naive_bayes", 3 * 12 + 3 * 12 + 3),
        ("sklearn_mlp", (12 * 5 + 5) + (5 * 3 + 3)),
    ],
)
def test_parameters_by_hand(rows_by_role, name, numbers):
    assert classifier_and_count(rows_by_role, name)[1] == numbers


def test_parameters_of_a_linear_machine_between_two_emotions(rows_by_role):
    two = {role: part(rows, rows.targets < 2) for role, rows in rows_by_role.items()}
    for name in ("svm_linear", "logistic_regression"):
        assert classifier_and_count(two, name)[1] == 12 + 1


def test_parameters_of_a_machine_with_a_kernel(rows_by_role):
    final, number = classifier_and_count(rows_by_role, "svm_rbf")
    vectors = final.n_support_.sum()
    assert number == vectors * 12 + vectors * 2 + 3


@pytest.mark.parametrize(("depth", "numbers"), [(1, 2 + 2 * 3), (2, 3 * 2 + 4 * 3)])
def test_parameters_of_a_tree_are_its_questions_and_its_leaves(rows_by_role, depth, numbers):
    assert classifier_and_count(rows_by_role, "decision_tree", depth=depth)[1] == numbers


def test_parameters_of_a_forest_are_those_of_its_trees(rows_by_role):
    assert classifier_and_count(rows_by_role, "random_forest", depth=1)[1] == 20 * (2 + 2 * 3)
    final, number = classifier_and_count(rows_by_role, "random_forest")
    leaves = np.array([(tree.tree_.children_left < 0).sum() for tree in final.estimators_])
    nodes = np.array([tree.tree_.node_count for tree in final.estimators_])
    assert number == (2 * (nodes - leaves) + 3 * leaves).sum()


def test_parameters_of_boosted_trees_are_questions_leaves_and_where_they_start(rows_by_role):
    assert (
        classifier_and_count(rows_by_role, "gradient_boosting", leaves=2)[1] == 10 * 3 * (2 + 2) + 3
    )
    two = {role: part(rows, rows.targets < 2) for role, rows in rows_by_role.items()}
    assert classifier_and_count(two, "gradient_boosting", leaves=2)[1] == 10 * (2 + 2) + 1


@pytest.mark.parametrize("name", ["kernel_ridge", "logistic_regression", "random_forest"])
def test_a_refit_is_a_fit_to_both_with_the_temperature_of_the_first(rows_by_role, name):
    training = {"balance": "weights"}
    first, record = fit_estimator(rows_by_role, name, settings(name), balance="weights")
    again, total = estimators.refit(
        first, record, rows_by_role, name, settings(name), training, seed=17
    )
    train, validation = rows_by_role["train"], rows_by_role["validation"]
    both = Rows(
        train.keys,
        np.concatenate([train.values, validation.values]),
        np.concatenate([train.targets, validation.targets]),
    )
    alone, _ = fit_estimator(
        rows_by_role | {"train": both}, name, settings(name), balance="weights"
    )
    assert again.temperature == first.temperature
    test = rows_by_role["test"].values
    np.testing.assert_array_equal(again.classifier.predict(test), alone.classifier.predict(test))
    assert total["rows"] == 210
    assert total["train_seconds"] >= record["train_seconds"]
