"""Emotions that are rarer than others in training."""

import numpy as np
from sklearn.utils.class_weight import compute_class_weight


def class_weights(targets: np.ndarray, classes: int) -> np.ndarray:
    """Return the weight of each class, shape (classes,): inversely as its rows are many.

    scikit-learn's "balanced" heuristic, in which the mean weight of a row is 1. A class without
    rows has weight 1.
    """
    present = np.unique(targets)
    weights = np.ones(classes)
    weights[present] = compute_class_weight("balanced", classes=present, y=targets)
    return weights


def balanced_sample(targets: np.ndarray, seed: int) -> np.ndarray:
    """Return indices of rows, as many of each class as of the commonest; those are all there.

    Of a rarer class each row occurs, and some, drawn with replacement, again.
    """
    random = np.random.default_rng(seed)
    rows = [np.flatnonzero(targets == number) for number in np.unique(targets)]
    most = max(len(own) for own in rows)
    return np.concatenate([[*own, *random.choice(own, most - len(own))] for own in rows])
