"""Gradient-boosted trees on binned columns, a tree per class and round."""

from sklearn.ensemble import HistGradientBoostingClassifier

KIND = "estimator"

SETTINGS = {
    "rounds": {
        "type": "integer",
        "minimum": 1,
        "default": 100,
        "description": "How many trees each class gets.",
    },
    "learning_rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 0.1,
        "description": "What the answer of each tree is multiplied by.",
    },
    "leaves": {
        "type": "integer",
        "minimum": 2,
        "default": 15,
        "description": "Leaves of a tree at most.",
    },
    "rows_per_leaf": {
        "type": "integer",
        "minimum": 1,
        "default": 20,
        "description": "Training rows that a leaf has at least.",
    },
    "columns": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1,
        "default": 0.2,
        "description": "Share of the columns, drawn anew, that each question is chosen from.",
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

    It does not stop early: scikit-learn would judge that by training rows drawn at random, which
    are other versions of clips that are trained on.
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


def parameters(fitted: HistGradientBoostingClassifier) -> int:
    """Return how many numbers it keeps: two per question, one per leaf, and where it starts from.

    A question is a column and a threshold, a leaf what is added to the score of the tree's class;
    scores start from one number per class (from a single one where there are two classes). Which
    question follows which is not counted, as the wiring of a network is not.
    """
    trees = [tree for one_round in fitted._predictors for tree in one_round]
    leaves = sum(tree.get_n_leaf_nodes() for tree in trees)
    return int(2 * (leaves - len(trees)) + leaves + fitted._baseline_prediction.size)
