"""Multinomial logistic regression."""

from sklearn.linear_model import LogisticRegression

KIND = "estimator"

SETTINGS = {
    "C": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 1.0,
        "description": "Inverse strength of the L2 penalty.",
    },
}


def build(seed: int, *, C: float) -> LogisticRegression:
    """Return the classifier; it is deterministic, and `seed` is ignored."""
    return LogisticRegression(C=C, max_iter=2000)


def parameter_count(fitted: LogisticRegression) -> int:
    """Return how many numbers it holds: a coefficient per class and column, and intercepts."""
    return fitted.coef_.size + fitted.intercept_.size
