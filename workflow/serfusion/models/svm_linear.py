"""A linear support-vector machine, one class against the rest (LIBLINEAR)."""

import numpy as np
from sklearn.svm import LinearSVC

KIND = "estimator"

SETTINGS = {
    "C": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 0.01,
        "description": "Inverse strength of the L2 penalty.",
    },
}


def build(seed: int, *, C: float) -> LinearSVC:
    """Return the classifier, with the squared hinge loss.

    Its training time grows linearly with the number of rows, that of `SVC(kernel="linear")`
    quadratically. `seed` has an effect only if there are fewer rows than columns.
    """
    return LinearSVC(C=C, random_state=seed)


def parameter_count(fitted: LinearSVC) -> int:
    """Return how many numbers it holds: a coefficient per class and column, and intercepts."""
    return int(np.size(fitted.coef_) + np.size(fitted.intercept_))
