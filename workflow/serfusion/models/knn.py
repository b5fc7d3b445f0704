"""The nearest neighbours among the training rows, by Euclidean distance."""

from sklearn.neighbors import KNeighborsClassifier

KIND = "estimator"

SETTINGS = {
    "neighbours": {
        "type": "integer",
        "minimum": 1,
        "default": 15,
        "description": "How many training rows are asked.",
    },
    "weights": {
        "enum": ["uniform", "distance"],
        "default": "uniform",
        "description": "Whether each counts as much, or inversely as it is far.",
    },
}


def build(seed: int, *, neighbours: int, weights: str) -> KNeighborsClassifier:
    """Return the classifier; it draws nothing, so that `seed` changes nothing."""
    return KNeighborsClassifier(neighbours, weights=weights)


def parameters(fitted: KNeighborsClassifier) -> int:
    """Return how many numbers it keeps: the columns of every training row, and its class."""
    return fitted.n_samples_fit_ * (fitted.n_features_in_ + 1)
