"""Decision tree by Gini impurity (CART)."""

from sklearn.tree import DecisionTreeClassifier

KIND = "estimator"

SETTINGS = {
    "depth": {
        "type": ["integer", "null"],
        "minimum": 1,
        "default": 10,
        "description": "Questions from the root to a leaf at most; null sets no limit.",
    },
    "rows_per_leaf": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Training rows that a leaf has at least.",
    },
}


def build(seed: int, *, depth: int | None, rows_per_leaf: int) -> DecisionTreeClassifier:
    """Return the classifier; `seed` decides between questions that are equally good."""
    return DecisionTreeClassifier(
        max_depth=depth, min_samples_leaf=rows_per_leaf, random_state=seed
    )


def parameters(fitted: DecisionTreeClassifier) -> int:
    """Return how many numbers it keeps: two per question, one per class in each leaf.

    A question is a column and a threshold, a leaf the share of each class. Which question follows
    which is not counted, as the wiring of a network is not.
    """
    leaves = fitted.get_n_leaves()
    return int(2 * (leaves - 1) + leaves * fitted.n_classes_)
