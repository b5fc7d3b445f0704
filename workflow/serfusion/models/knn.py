"""The nearest neighbours among the training rows, by Euclidean distance."""

from sklearn.neighbors import KNeighborsClassifier

from serfusion.errors import Refusal

KIND = "estimator"

SETTINGS = {
    "neighbours": {
        "type": "integer",
        "minimum": 1,
        "default": 15,
        "description": "How many training rows are asked.",
    },
    "weighting": {
        "enum": ["uniform", "distance"],
        "default": "uniform",
        "description": "Whether each counts as much, or inversely as it is far.",
    },
}


class NearestNeighbours(KNeighborsClassifier):
    """scikit-learn's classifier, which else would fail only when it is asked."""

    def fit(self, values, targets) -> "NearestNeighbours":
        """Keep the training rows; a `Refusal` if they are fewer than the neighbours to ask."""
        if self.n_neighbors > len(values):
            raise Refusal(
                f"{self.n_neighbors} neighbours cannot be asked of {len(values)} training rows: "
                "set neighbours lower."
            )
        return super().fit(values, targets)


def build(seed: int, *, neighbours: int, weighting: str) -> NearestNeighbours:
    """Return the classifier; it draws nothing, so that `seed` changes nothing."""
    return NearestNeighbours(neighbours, weights=weighting)


def parameters(fitted: NearestNeighbours) -> int:
    """Return how many numbers it keeps: the columns of every training row, and its class."""
    return fitted.n_samples_fit_ * (fitted.n_features_in_ + 1)
