"""Balancing emotions that have fewer training rows than others."""

import numpy as np
from sklearn.utils.class_weight import compute_class_weight


def class_weights(targets: np.ndarray, class_count: int) -> np.ndarray:
    """Return a weight for each class, inversely proportional to its row count.

    scikit-learn's "balanced" heuristic, under which the mean weight of a row is 1.

    Parameters
    ----------
    targets : ndarray of shape (rows,), int64
        Class indices.
    class_count : int

    Returns
    -------
    ndarray of shape (class_count,), float64
        A class without rows has weight 1.
    """
    present = np.unique(targets)
    weights = np.ones(class_count)
    weights[present] = compute_class_weight("balanced", classes=present, y=targets)
    return weights


def balanced_sample(targets: np.ndarray, seed: int) -> np.ndarray:
    """Return row indices in which every class is as frequent as the most frequent one.

    Every row occurs at least once. Rows of the rarer classes are repeated, drawn with replacement.

    Parameters
    ----------
    targets : ndarray of shape (rows,), int64
        Class indices.
    seed : int

    Returns
    -------
    ndarray of shape (classes × rows of the most frequent class,), int64
        In order of class.
    """
    random = np.random.default_rng(seed)
    rows_by_class = [np.flatnonzero(targets == label) for label in np.unique(targets)]
    largest = max(len(rows) for rows in rows_by_class)
    return np.concatenate(
        [[*rows, *random.choice(rows, largest - len(rows))] for rows in rows_by_class]
    )
