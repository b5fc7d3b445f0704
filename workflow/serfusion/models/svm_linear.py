"""Linear support-vector machine, one emotion against the others, by LIBLINEAR."""

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

    Its time grows with the rows, where that of `SVC(kernel="linear")` grows with their square. Of
    `seed` it draws only where there are fewer rows than columns.
    """
    return LinearSVC(C=C, random_state=seed)


def parameters(fitted: LinearSVC) -> int:
    """Return how many numbers it keeps: a weight per class and column, an intercept per class."""
    return int(np.size(fitted.coef_) + np.size(fitted.intercept_))
