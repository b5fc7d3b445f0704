"""A random forest: decision trees, each on rows and columns drawn at random."""

from sklearn.ensemble import RandomForestClassifier

from serfusion.models import decision_tree

KIND = "estimator"

SETTINGS = {
    "trees": {
        "type": "integer",
        "minimum": 1,
        "default": 200,
        "description": "Number of trees whose probabilities are averaged.",
    },
    "depth": {
        "type": ["integer", "null"],
        "minimum": 1,
        "default": None,
        "description": "Maximum depth of a tree, in splits; null for no limit.",
    },
    "rows_per_leaf": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Minimum number of training rows in a leaf.",
    },
}


def build(
    seed: int, *, trees: int, depth: int | None, rows_per_leaf: int
) -> RandomForestClassifier:
    """Return the classifier; `seed` draws the rows of each tree and the columns of each split."""
    return RandomForestClassifier(
        trees, max_depth=depth, min_samples_leaf=rows_per_leaf, random_state=seed
    )


def parameter_count(fitted: RandomForestClassifier) -> int:
    """Return how many numbers its trees hold, as `decision_tree` counts them."""
    return sum(decision_tree.parameter_count(tree) for tree in fitted.estimators_)
