"""Kernel ridge regression by blocks, against scikit-learn's on kernels that are averaged here."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import Ridge, RidgeClassifier
from sklearn.preprocessing import StandardScaler

from serfusion.models import kernel_ridge
from serfusion.models.kernel_ridge import KernelRidgeClassifier, dual, primal

CLASSES = 3
SHAPES = {"more rows than columns": (60, (4, 9, 2)), "more columns than rows": (25, (30, 8, 21))}


def made_up(rows: int, blocks: tuple[int, ...], seed: int = 0, dtype=np.float64):
    """Return rows whose columns have means and scales of their own, one of them constant."""
    random = np.random.default_rng(seed)
    columns = sum(blocks)
    targets = np.arange(rows) % CLASSES
    values = random.normal(size=(rows, columns)) + random.normal(size=(CLASSES, columns))[targets]
    values = values * random.uniform(0.1, 9, columns) + random.normal(0, 20, columns)
    values[:, 1] = 7
    return values.astype(dtype), targets


def averaged_kernel(train, values, blocks) -> np.ndarray:
    """Return the mean of the blocks' kernels between `values` and `train`."""
    stops = np.cumsum(blocks)
    kernels = []
    for start, stop in zip(stops - blocks, stops, strict=True):
        scaler = StandardScaler().fit(train[:, start:stop])
        left, right = (
            scaler.transform(values[:, start:stop]),
            scaler.transform(train[:, start:stop]),
        )
        kernels.append(left @ right.T / (stop - start))
    return np.mean(kernels, axis=0)


def signs(targets) -> np.ndarray:
    return 2 * np.eye(CLASSES)[targets] - 1


@pytest.fixture(params=SHAPES.values(), ids=SHAPES)
def shape(request):
    return request.param


@pytest.mark.parametrize("alpha", [0.01, 1, 100])
def test_it_is_scikit_learns_on_averaged_kernels(shape, alpha):
    rows, blocks = shape
    values, targets = made_up(rows, blocks)
    others, _ = made_up(17, blocks, seed=1)
    fitted = KernelRidgeClassifier(alpha, blocks).fit(values, targets)
    mean = signs(targets).mean(axis=0)
    reference = KernelRidge(alpha=alpha, kernel="precomputed")
    reference.fit(averaged_kernel(values, values, blocks), signs(targets) - mean)
    for each in (values, others):
        expected = reference.predict(averaged_kernel(values, each, blocks)) + mean
        np.testing.assert_allclose(fitted.decision_function(each), expected, atol=1e-6)


def test_a_single_block_is_scikit_learns_ridge_classifier_on_scaled_columns(shape):
    rows, blocks = shape
    values, targets = made_up(rows, blocks)
    scaled = StandardScaler().fit_transform(values) / np.sqrt(values.shape[1])
    ours = KernelRidgeClassifier(0.3).fit(values, targets)
    reference = RidgeClassifier(0.3).fit(scaled, targets)
    np.testing.assert_allclose(
        ours.decision_function(values), reference.decision_function(scaled), atol=1e-6
    )


def test_weights_are_those_of_scikit_learns_ridge(shape):
    rows, blocks = shape
    values, targets = made_up(rows, blocks)
    weights = np.random.default_rng(2).uniform(0.2, 3, rows)
    ours = KernelRidgeClassifier(0.3).fit(values, targets, weights)
    scaler = StandardScaler().fit(values, sample_weight=weights)
    scaled = scaler.transform(values) / np.sqrt(values.shape[1])
    reference = Ridge(0.3).fit(scaled, signs(targets), weights)
    assert np.isfinite(ours.coef_).all()
    np.testing.assert_allclose(ours.decision_function(values), reference.predict(scaled), atol=1e-6)


def test_a_weight_of_two_is_a_row_that_is_there_twice(shape):
    rows, blocks = shape
    values, targets = made_up(rows, blocks)
    twice = np.arange(rows) % 4 == 0
    weighted = KernelRidgeClassifier(0.5, blocks).fit(values, targets, 1 + twice)
    repeated = np.concatenate([np.arange(rows), np.flatnonzero(twice)])
    doubled = KernelRidgeClassifier(0.5, blocks).fit(values[repeated], targets[repeated])
    np.testing.assert_allclose(
        weighted.decision_function(values), doubled.decision_function(values), atol=1e-6
    )


@given(rows=st.integers(3, 40), columns=st.integers(1, 40), alpha=st.floats(1e-3, 1e3))
def test_dual_and_primal_agree(rows, columns, alpha):
    random = np.random.default_rng(rows * 100 + columns)
    values, targets = random.normal(size=(rows, columns)), random.normal(size=(rows, 2))
    scaled = kernel_ridge._ScaledRows(values, np.ones(rows), (columns,))
    np.testing.assert_allclose(
        primal(scaled, targets, alpha), dual(scaled, targets, alpha), atol=1e-6
    )


def test_blocks_weigh_alike_however_many_columns_they_have(shape):
    rows, blocks = shape
    values, targets = made_up(rows, blocks)
    first = values[:, : blocks[0]]
    repeated = np.hstack([np.tile(first, 5), values[:, blocks[0] :]])
    ours = KernelRidgeClassifier(1.0, blocks).fit(values, targets)
    more = KernelRidgeClassifier(1.0, (5 * blocks[0], *blocks[1:])).fit(repeated, targets)
    np.testing.assert_allclose(
        ours.decision_function(values), more.decision_function(repeated), atol=1e-6
    )


def test_chunks_change_nothing(shape, monkeypatch):
    rows, blocks = shape
    values, targets = made_up(rows, blocks)
    whole = KernelRidgeClassifier(1.0, blocks).fit(values, targets)
    monkeypatch.setattr(kernel_ridge, "CHUNK", 7)
    parts = KernelRidgeClassifier(1.0, blocks).fit(values, targets)
    np.testing.assert_allclose(parts.coef_, whole.coef_, atol=1e-9)
    np.testing.assert_allclose(
        parts.decision_function(values), whole.decision_function(values), atol=1e-9
    )


def test_half_precision_is_as_good_as_what_it_holds(shape):
    rows, blocks = shape
    values, targets = made_up(rows, blocks, dtype=np.float16)
    half = KernelRidgeClassifier(1.0, blocks).fit(values, targets)
    double = KernelRidgeClassifier(1.0, blocks).fit(values.astype(np.float64), targets)
    np.testing.assert_array_equal(half.coef_, double.coef_)
    np.testing.assert_array_equal(half.predict(values), double.predict(values))


def test_it_is_the_same_every_time(shape):
    rows, blocks = shape
    values, targets = made_up(rows, blocks)
    first, second = (KernelRidgeClassifier(1.0, blocks).fit(values, targets) for _ in range(2))
    np.testing.assert_array_equal(first.coef_, second.coef_)
    np.testing.assert_array_equal(first.intercept_, second.intercept_)


def test_it_holds_a_number_per_column_and_class(shape):
    rows, blocks = shape
    fitted = KernelRidgeClassifier(1.0, blocks).fit(*made_up(rows, blocks))
    assert kernel_ridge.parameter_count(fitted) == CLASSES * (sum(blocks) + 1)
