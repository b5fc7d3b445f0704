"""Random forest: many decision trees, each on rows and columns drawn at random."""

from sklearn.ensemble import RandomForestClassifier

from serfusion.models import decision_tree

KIND = "estimator"

SETTINGS = {
    "trees": {
        "type": "integer",
        "minimum": 1,
        "default": 200,
        "description": "How many trees are averaged.",
    },
    "depth": {
        "type": ["integer", "null"],
        "minimum": 1,
        "default": None,
        "description": "Questions from the root to a leaf at most; null sets no limit.",
    },
    "rows_per_leaf": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Training rows that a leaf has at least.",
    },
}


def build(
    seed: int, *, trees: int, depth: int | None, rows_per_leaf: int
) -> RandomForestClassifier:
    """Return the classifier; `seed` draws the rows of each tree and the columns it may ask for."""
    return RandomForestClassifier(
        trees, max_depth=depth, min_samples_leaf=rows_per_leaf, random_state=seed
    )


def parameters(fitted: RandomForestClassifier) -> int:
    """Return how many numbers it keeps: those of its trees, as `decision_tree` counts them."""
    return sum(decision_tree.parameters(tree) for tree in fitted.estimators_)
