"""A decision tree that splits by Gini impurity (CART)."""

from sklearn.tree import DecisionTreeClassifier

KIND = "estimator"

SETTINGS = {
    "depth": {
        "type": ["integer", "null"],
        "minimum": 1,
        "default": 10,
        "description": "Maximum depth of a tree, in splits; null for no limit.",
    },
    "rows_per_leaf": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Minimum number of training rows in a leaf.",
    },
}


def build(seed: int, *, depth: int | None, rows_per_leaf: int) -> DecisionTreeClassifier:
    """Return the classifier; `seed` decides between equally good splits."""
    return DecisionTreeClassifier(
        max_depth=depth, min_samples_leaf=rows_per_leaf, random_state=seed
    )


def parameter_count(fitted: DecisionTreeClassifier) -> int:
    """Return how many numbers the tree holds: two per split, and one per class in each leaf.

    A split has a column and a threshold, a leaf the share of each class. The structure of the tree
    is not counted, just as the architecture of a network is not.
    """
    leaves = fitted.get_n_leaves()
    return int(2 * (leaves - 1) + leaves * fitted.n_classes_)
