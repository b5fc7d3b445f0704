"""Naive Bayes: a normal distribution per class and column."""

from sklearn.naive_bayes import GaussianNB

KIND = "estimator"

SETTINGS = {
    "smoothing": {
        "type": "number",
        "minimum": 0,
        "default": 1e-9,
        "description": "Share of the largest variance that is added to every variance.",
    },
}


def build(seed: int, *, smoothing: float) -> GaussianNB:
    """Return the classifier; it draws nothing, so that `seed` changes nothing."""
    return GaussianNB(var_smoothing=smoothing)


def parameters(fitted: GaussianNB) -> int:
    """Return how many numbers it keeps: mean and variance per class and column, and the priors."""
    return fitted.theta_.size + fitted.var_.size + fitted.class_prior_.size
