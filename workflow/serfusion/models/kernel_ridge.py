"""Kernel ridge regression on one-hot emotions, with a linear kernel for each block of columns.

A block is a statistic of the layers of an encoder, or a whole feature set. Its kernel is that of
its standardised columns, divided by their number, and the kernels are averaged, so that blocks
weigh alike however many columns they have. This is ridge regression on all columns, each divided by
the square root of what it was divided by in the kernel: it is solved in the primal, whose matrix
has the size of the columns, or in the dual, whose matrix has the size of the rows.
"""

from collections.abc import Iterator

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.blas import dsyrk
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import StandardScaler

KIND = "estimator"
BLOCKS = True

SETTINGS = {
    "alpha": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 1.0,
        "description": "Strength of the L2 penalty. The mean of the diagonal of the kernel is 1.",
    },
}

CHUNK = 1024
"""Rows, or columns, that are in memory in double precision at a time."""


class KernelRidgeClassifier(ClassifierMixin, BaseEstimator):
    """Kernel ridge regression on a target of 1 for the emotion of a row and -1 for the others.

    The intercept is not penalised. scikit-learn's `KernelRidge` on the averaged kernels would have
    the same coefficients in the dual, and its `Ridge` on scaled columns in the primal; here the
    rows stay in the precision that they come in, and only a chunk of them is converted at a time.

    Parameters
    ----------
    alpha : float, default 1.0
    blocks : tuple of int or None, default None
        How many columns each block has, in order; None for a single block of all columns.

    Attributes
    ----------
    classes_ : ndarray
    coef_ : ndarray of shape (columns, classes)
        Of the columns as they are, neither standardised nor scaled.
    intercept_ : ndarray of shape (classes,)
    """

    def __init__(self, alpha: float = 1.0, blocks: tuple[int, ...] | None = None) -> None:
        self.alpha = alpha
        self.blocks = blocks

    def fit(
        self, values: np.ndarray, targets: np.ndarray, sample_weight: np.ndarray | None = None
    ) -> "KernelRidgeClassifier":
        """Fit to rows of shape (n, columns), in half, single or double precision.

        Mean and scale of the columns are weighted too.
        """
        self.classes_ = np.unique(targets)
        weights = np.ones(len(values)) if sample_weight is None else sample_weight.astype(float)
        scaled = _ScaledRows(values, weights, self.blocks or (values.shape[1],))
        signs = 2.0 * (targets[:, None] == self.classes_) - 1
        mean_target = np.average(signs, axis=0, weights=weights)
        signs = np.sqrt(weights)[:, None] * (signs - mean_target)
        fit = dual if len(values) < values.shape[1] else primal
        self.coef_ = fit(scaled, signs, self.alpha) * scaled.factors[:, None]
        self.intercept_ = mean_target - scaled.mean @ self.coef_
        return self

    def decision_function(self, values: np.ndarray) -> np.ndarray:
        """Return the value that is predicted for each class, shape (rows, classes)."""
        parts = [values[rows] @ self.coef_ for rows in _chunks(len(values))]
        return np.concatenate(parts) + self.intercept_

    def predict(self, values: np.ndarray) -> np.ndarray:
        """Return the class with the highest value for each row."""
        return self.classes_[self.decision_function(values).argmax(axis=1)]


class _ScaledRows:
    """Rows whose products are those of the averaged kernels, made chunk by chunk.

    Attributes
    ----------
    mean, factors : ndarray of shape (columns,), float64
        What is taken from each column, and what it is then multiplied by.
    """

    def __init__(self, values: np.ndarray, weights: np.ndarray, blocks: tuple[int, ...]) -> None:
        scaler = StandardScaler()
        with np.errstate(invalid="ignore"):  # the variance of a constant column may end below 0
            for rows in _chunks(len(values)):
                scaler.partial_fit(values[rows].astype(np.float64), sample_weight=weights[rows])
        self.values = values
        self.root_weights = np.sqrt(weights)[:, None]
        self.mean = scaler.mean_
        self.factors = 1 / (scaler.scale_ * np.sqrt(len(blocks) * np.repeat(blocks, blocks)))

    def part(self, rows: slice, columns: slice) -> np.ndarray:
        """Return some of the rows and columns, scaled, float64."""
        scaled = self.values[rows, columns].astype(np.float64)
        scaled -= self.mean[columns]
        scaled *= self.factors[columns]
        scaled *= self.root_weights[rows]
        return scaled


def primal(rows: _ScaledRows, targets: np.ndarray, alpha: float) -> np.ndarray:
    """Return the coefficients of the scaled columns, from the products of columns."""
    count, columns = rows.values.shape
    products, right_side = _zeros(columns), np.zeros((columns, targets.shape[1]))
    for chunk in _chunks(count):
        part = rows.part(chunk, slice(None))
        _add_products(products, part.T)
        right_side += part.T @ targets[chunk]
    return _solved(products, right_side, alpha)


def dual(rows: _ScaledRows, targets: np.ndarray, alpha: float) -> np.ndarray:
    """Return the coefficients of the scaled columns, from the kernel of the rows."""
    count, columns = rows.values.shape
    kernel = _zeros(count)
    for chunk in _chunks(columns):
        _add_products(kernel, rows.part(slice(None), chunk))
    weights = _solved(kernel, targets, alpha)
    parts = [rows.part(slice(None), chunk).T @ weights for chunk in _chunks(columns)]
    return np.concatenate(parts)


def _zeros(size: int) -> np.ndarray:
    """Return a square matrix of which BLAS can change one triangle in place."""
    return np.zeros((size, size), order="F")


def _add_products(matrix: np.ndarray, part: np.ndarray) -> None:
    """Add `part @ part.T` to the lower triangle of `matrix`, without another matrix of its size."""
    if part.flags.f_contiguous:
        dsyrk(1.0, part, beta=1.0, c=matrix, lower=True, overwrite_c=True)
    else:
        dsyrk(1.0, part.T, beta=1.0, c=matrix, trans=True, lower=True, overwrite_c=True)


def _solved(matrix: np.ndarray, right_side: np.ndarray, alpha: float) -> np.ndarray:
    """Return x where (matrix + alpha) x = right_side.

    Only the lower triangle of `matrix` is read, and it is overwritten.
    """
    matrix[np.diag_indices_from(matrix)] += alpha
    factor = cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
    return cho_solve(factor, right_side)


def _chunks(count: int) -> Iterator[slice]:
    return (slice(start, start + CHUNK) for start in range(0, count, CHUNK))


def build(seed: int, blocks: tuple[int, ...], *, alpha: float) -> KernelRidgeClassifier:
    """Return the classifier for these blocks; it is deterministic, and `seed` is ignored."""
    return KernelRidgeClassifier(alpha, blocks)


def parameter_count(fitted: KernelRidgeClassifier) -> int:
    """Return how many numbers it holds: a coefficient per class and column, and intercepts."""
    return fitted.coef_.size + fitted.intercept_.size
