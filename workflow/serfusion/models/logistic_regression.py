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
    """Return the classifier; it draws nothing, so that `seed` changes nothing."""
    return LogisticRegression(C=C, max_iter=2000)


def parameters(fitted: LogisticRegression) -> int:
    """Return how many numbers it keeps: a weight per class and column, an intercept per class."""
    return fitted.coef_.size + fitted.intercept_.size
