"""Gradient-boosted decision trees on binned columns, one tree per class and round."""

from sklearn.ensemble import HistGradientBoostingClassifier

KIND = "estimator"

SETTINGS = {
    "rounds": {
        "type": "integer",
        "minimum": 1,
        "default": 100,
        "description": "Boosting rounds: the number of trees per class.",
    },
    "learning_rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 0.1,
        "description": "Learning rate: the factor by which each tree's output is multiplied.",
    },
    "leaves": {
        "type": "integer",
        "minimum": 2,
        "default": 15,
        "description": "Maximum number of leaves of a tree.",
    },
    "rows_per_leaf": {
        "type": "integer",
        "minimum": 1,
        "default": 20,
        "description": "Minimum number of training rows in a leaf.",
    },
    "columns": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1,
        "default": 0.2,
        "description": "Share of the columns, drawn at random, that each split is chosen from.",
    },
}


def build(
    seed: int,
    *,
    rounds: int,
    learning_rate: float,
    leaves: int,
    rows_per_leaf: int,
    columns: float,
) -> HistGradientBoostingClassifier:
    """Return the classifier; `seed` draws the columns.

    Early stopping is off: scikit-learn would hold out random training rows for it, and those are
    augmented copies of clips in the remaining rows.
    """
    return HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=learning_rate,
        max_leaf_nodes=leaves,
        min_samples_leaf=rows_per_leaf,
        max_features=columns,
        early_stopping=False,
        random_state=seed,
    )


def parameter_count(fitted: HistGradientBoostingClassifier) -> int:
    """Return how many numbers the trees hold: two per split, one per leaf, and the baseline.

    A split has a column and a threshold, a leaf the term that it adds to the decision score of the
    tree's class. The baseline is the initial score of each class (a single one for two classes).
    The structure of the trees is not counted, just as the architecture of a network is not.
    """
    trees = [tree for trees_by_class in fitted._predictors for tree in trees_by_class]
    leaves = sum(tree.get_n_leaf_nodes() for tree in trees)
    return int(2 * (leaves - len(trees)) + leaves + fitted._baseline_prediction.size)
