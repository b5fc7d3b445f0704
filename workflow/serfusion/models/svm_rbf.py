"""Support-vector machine with a radial basis function as its kernel."""

from sklearn.svm import SVC

KIND = "estimator"

SETTINGS = {
    "C": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 5.0,
        "description": "Inverse strength of the penalty.",
    },
    "gamma": {
        "anyOf": [{"enum": ["scale", "auto"]}, {"type": "number", "exclusiveMinimum": 0}],
        "default": "scale",
        "description": "Width of the kernel: a number, or scikit-learn's scale or auto.",
    },
}


def build(seed: int, *, C: float, gamma: float | str) -> SVC:
    """Return the classifier; it draws nothing, so that `seed` changes nothing."""
    return SVC(C=C, gamma=gamma, decision_function_shape="ovr", break_ties=True)


def parameters(fitted: SVC) -> int:
    """Return how many numbers it keeps: support vectors, their weights, and the intercepts.

    A support vector has one weight less than there are classes; each pair of classes has an
    intercept.
    """
    return fitted.support_vectors_.size + fitted.dual_coef_.size + fitted.intercept_.size
