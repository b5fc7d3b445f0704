"""The classical models: that they learn, what they keep, and how sure they say they are."""

import warnings

import joblib
import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.class_weight import compute_sample_weight
from threadpoolctl import threadpool_limits

from fits import fit_estimator, rows
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
def sides(sides) -> dict[str, Rows]:
    """Emotions that overlap, so that nobody is always right."""
    overlapping = {}
    for seed, (role, easy) in enumerate(sides.items()):
        noise = np.random.default_rng(seed).normal(0, 4, easy.values.shape)
        overlapping[role] = Rows(easy.keys, (easy.values + noise).astype(np.float32), easy.targets)
    return overlapping


def settings(name: str, **changes) -> dict:
    return defaults(name) | FAST.get(name, {}) | changes


def part(side: Rows, kept: np.ndarray) -> Rows:
    return Rows(side.keys.iloc[kept], side.values[kept], side.targets[kept])


def fitted(sides, name, *, seed=17, **changes):
    calibrated, record = fit_estimator(sides, name, settings(name, **changes), seed=seed)
    return calibrated.classifier[-1], record["parameters"]


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_classifier_gives_the_same_answers(sides, tmp_path, name):
    calibrated, _ = fit_estimator(sides, name, settings(name))
    joblib.dump(calibrated, tmp_path / "model.joblib")
    loaded = joblib.load(tmp_path / "model.joblib")
    given, expected = (estimators.probabilities(own, sides, 3) for own in (loaded, calibrated))
    for role in sides:
        np.testing.assert_array_equal(given[role], expected[role])


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_apart_is_learnt_by_heart(name):
    clear = {role: rows(60, role, 1) for role in ("train", "validation")}
    for side in clear.values():
        side.values[:, :3] = 10 * np.eye(3)[side.targets] + np.arange(60)[:, None] / 60
    calibrated, _ = fit_estimator(clear, name, settings(name))
    answered = estimators.probabilities(calibrated, clear, 3)["train"].argmax(axis=1)
    np.testing.assert_array_equal(answered, clear["train"].targets)


def test_the_traditional_models_are_there():
    assert set(NAMES) >= {
        *("logistic_regression", "svm_linear", "svm_rbf", "knn", "decision_tree"),
        *("random_forest", "gradient_boosting", "naive_bayes", "sklearn_mlp"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_estimator_learns_and_its_probabilities_decide_as_it_does(sides, name):
    calibrated, record = fit_estimator(sides, name, settings(name))
    given = estimators.probabilities(calibrated, sides, 3)
    for role, side in sides.items():
        decided = calibrated.classifier.predict(side.values)
        np.testing.assert_array_equal(given[role].argmax(axis=1), decided)
        np.testing.assert_allclose(given[role].sum(axis=1), 1, rtol=1e-6)
        assert (decided == side.targets).mean() > 0.5
        likelihoods = given[role][np.arange(len(decided)), side.targets]
        assert role == "train" or -np.log(likelihoods).mean() < np.log(3)
    assert type(record["parameters"]) is int


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_estimator_whatever_the_test_side(sides, name):
    scrambled = Rows(sides["test"].keys, -sides["test"].values, 2 - sides["test"].targets)
    answered = []
    for test in (sides["test"], scrambled):
        calibrated, _ = fit_estimator(sides | {"test": test}, name, settings(name))
        answered.append(estimators.probabilities(calibrated, sides, 3)["test"])
    np.testing.assert_array_equal(*answered)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "knn"])
def test_clips_are_weighted_as_scikit_learn_balances_them(sides, name):
    train = sides["train"]
    kept = (train.targets > 0) | (np.arange(150) % 5 == 0)
    uneven = sides | {"train": part(train, kept)}
    calibrated, _ = fit_estimator(uneven, name, settings(name), balance="weights")
    scaler, final = calibrated.classifier
    plain = registry.load("models", name).build(17, **settings(name))
    values, targets = scaler.transform(uneven["train"].values), uneven["train"].targets
    with threadpool_limits(1):
        plain.fit(values, targets, compute_sample_weight("balanced", targets))
    scaled = scaler.transform(sides["test"].values)
    np.testing.assert_array_equal(final.predict(scaled), plain.predict(scaled))


def test_neighbours_cannot_be_weighted_by_class(sides):
    with pytest.raises(Refusal, match="NearestNeighbours cannot weight clips: set balance to"):
        fit_estimator(sides, "knn", settings("knn"), balance="weights")
    fit_estimator(sides, "knn", settings("knn"), balance="sampling")


@pytest.mark.parametrize(
    ("name", "own"),
    [("decision_tree", {"depth": None, "rows_per_leaf": 1}), ("knn", {"neighbours": 1})],
)
def test_answers_that_are_all_or_nothing_become_probabilities(sides, name, own):
    """All that such a model tells is its answer: it gets the share of answers that were right."""
    calibrated, _ = fit_estimator(sides, name, settings(name, **own))
    validation = sides["validation"]
    assert set(np.unique(calibrated.classifier.predict_proba(validation.values))) == {0, 1}
    given = calibrated.predict_proba(validation.values, 3)
    right = calibrated.classifier.predict(validation.values) == validation.targets
    assert 0 < right.mean() < 1
    np.testing.assert_allclose(given.max(axis=1), right.mean(), atol=1e-3)


def test_more_neighbours_than_training_rows_are_refused(sides):
    with pytest.raises(Refusal, match="151 neighbours cannot be asked of 150 training rows: set"):
        fit_estimator(sides, "knn", settings("knn", neighbours=151))


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
def test_parameters_by_hand(sides, name, numbers):
    assert fitted(sides, name)[1] == numbers


def test_parameters_of_a_linear_machine_between_two_emotions(sides):
    two = {role: part(side, side.targets < 2) for role, side in sides.items()}
    for name in ("svm_linear", "logistic_regression"):
        assert fitted(two, name)[1] == 12 + 1


def test_parameters_of_a_machine_with_a_kernel(sides):
    final, number = fitted(sides, "svm_rbf")
    vectors = final.n_support_.sum()
    assert number == vectors * 12 + vectors * 2 + 3


@pytest.mark.parametrize(("depth", "numbers"), [(1, 2 + 2 * 3), (2, 3 * 2 + 4 * 3)])
def test_parameters_of_a_tree_are_its_questions_and_its_leaves(sides, depth, numbers):
    assert fitted(sides, "decision_tree", depth=depth)[1] == numbers


def test_parameters_of_a_forest_are_those_of_its_trees(sides):
    assert fitted(sides, "random_forest", depth=1)[1] == 20 * (2 + 2 * 3)
    final, number = fitted(sides, "random_forest")
    leaves = np.array([(tree.tree_.children_left < 0).sum() for tree in final.estimators_])
    nodes = np.array([tree.tree_.node_count for tree in final.estimators_])
    assert number == (2 * (nodes - leaves) + 3 * leaves).sum()


def test_parameters_of_boosted_trees_are_questions_leaves_and_where_they_start(sides):
    assert fitted(sides, "gradient_boosting", leaves=2)[1] == 10 * 3 * (2 + 2) + 3
    two = {role: part(side, side.targets < 2) for role, side in sides.items()}
    assert fitted(two, "gradient_boosting", leaves=2)[1] == 10 * (2 + 2) + 1
