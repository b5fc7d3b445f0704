"""k nearest neighbours among the training rows, by Euclidean distance."""

from sklearn.neighbors import KNeighborsClassifier

from serfusion.errors import Refusal

KIND = "estimator"

SETTINGS = {
    "neighbours": {
        "type": "integer",
        "minimum": 1,
        "default": 15,
        "description": "Number of nearest training rows that vote.",
    },
    "weighting": {
        "enum": ["uniform", "distance"],
        "default": "uniform",
        "description": "Weights of the votes: equal, or inversely proportional to the distance.",
    },
}


class NearestNeighbours(KNeighborsClassifier):
    """scikit-learn's classifier, which without this check would fail only in prediction."""

    def fit(self, values, targets) -> "NearestNeighbours":
        """Store the training rows.

        Raises
        ------
        Refusal
            If there are fewer rows than neighbours.
        """
        if self.n_neighbors > len(values):
            raise Refusal(
                f"knn has {self.n_neighbors} neighbours but only {len(values)} training rows: set "
                "neighbours lower."
            )
        return super().fit(values, targets)


def build(seed: int, *, neighbours: int, weighting: str) -> NearestNeighbours:
    """Return the classifier; it is deterministic, and `seed` is ignored."""
    return NearestNeighbours(neighbours, weights=weighting)


def parameter_count(fitted: NearestNeighbours) -> int:
    """Return how many numbers it holds: the columns and the class of every training row."""
    return fitted.n_samples_fit_ * (fitted.n_features_in_ + 1)
