"""Gaussian naive Bayes: a normal distribution per class and column."""

from sklearn.naive_bayes import GaussianNB

KIND = "estimator"

SETTINGS = {
    "smoothing": {
        "type": "number",
        "minimum": 0,
        "default": 1e-9,
        "description": "Share of the largest variance of a column that is added to all variances.",
    },
}


def build(seed: int, *, smoothing: float) -> GaussianNB:
    """Return the classifier; it is deterministic, and `seed` is ignored."""
    return GaussianNB(var_smoothing=smoothing)


def parameter_count(fitted: GaussianNB) -> int:
    """Return how many numbers it holds: mean and variance per class and column, and priors."""
    return fitted.theta_.size + fitted.var_.size + fitted.class_prior_.size
