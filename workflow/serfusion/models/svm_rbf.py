"""A support-vector machine with a radial basis function kernel."""

from sklearn.svm import SVC

KIND = "estimator"

SETTINGS = {
    "C": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 5.0,
        "description": "Inverse strength of the regularisation.",
    },
    "gamma": {
        "anyOf": [{"enum": ["scale", "auto"]}, {"type": "number", "exclusiveMinimum": 0}],
        "default": "scale",
        "description": "Kernel coefficient: a number, or `scale` or `auto` as in scikit-learn.",
    },
}


def build(seed: int, *, C: float, gamma: float | str) -> SVC:
    """Return the classifier; it is deterministic, and `seed` is ignored."""
    return SVC(C=C, gamma=gamma, decision_function_shape="ovr", break_ties=True)


def parameter_count(fitted: SVC) -> int:
    """Return how many numbers it holds: support vectors, dual coefficients and intercepts.

    A support vector has a dual coefficient for each class but one; each pair of classes has an
    intercept.
    """
    return fitted.support_vectors_.size + fitted.dual_coef_.size + fitted.intercept_.size
