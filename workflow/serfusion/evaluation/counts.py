"""Confusion matrices: counts of clips by true and predicted emotion."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def confusion(
    truth: ArrayLike, predicted: ArrayLike, emotions: list[str], *groupings: tuple
) -> np.ndarray:
    """Return the confusion matrix of predictions, or one for each group of clips.

    Parameters
    ----------
    truth, predicted : array-like of str, shape (clips,)
        The emotion of each clip, and the emotion that a model predicted for it.
    emotions : list of str
        The classes, in the order of rows and columns.
    *groupings : tuple of (labels, groups)
        Further leading axes. `labels`, of shape (clips,), names the group of each clip, such as its
        actor; `groups` lists all groups in the order of the axis.

    Returns
    -------
    ndarray of shape (..., classes, classes), int64
        Row is the truth, column the prediction.

    Raises
    ------
    ValueError
        If an emotion or a label is not in its list.
    """
    axes = [*groupings, (truth, emotions), (predicted, emotions)]
    indices = tuple(pd.Index(groups).get_indexer(labels) for labels, groups in axes)
    if any((numbers < 0).any() for numbers in indices):
        raise ValueError("a clip has an emotion or a group that is not listed")
    counts = np.zeros([len(groups) for _, groups in axes], np.int64)
    np.add.at(counts, indices, 1)
    return counts


def actor_counts(predictions: pd.DataFrame, emotions: list[str], *groupings: tuple) -> np.ndarray:
    """Return the confusion matrix of each actor's clips, actors in alphabetical order.

    Parameters
    ----------
    predictions : DataFrame
        Columns `actor`, `emotion`, `predicted`.
    emotions : list of str
        The classes.
    *groupings : tuple of (labels, groups)
        As in `confusion`.

    Returns
    -------
    ndarray of shape (..., actors, classes, classes), int64
        Row is the truth, column the prediction.
    """
    by_actor = predictions["actor"], sorted(predictions["actor"].unique())
    truth, predicted = predictions["emotion"], predictions["predicted"]
    return confusion(truth, predicted, emotions, *groupings, by_actor)


def model_counts(predictions: pd.DataFrame, models: list[str], emotions: list[str]) -> np.ndarray:
    """Return the confusion matrix of each model and actor, actors in alphabetical order.

    Parameters
    ----------
    predictions : DataFrame
        Columns `model`, `actor`, `emotion`, `predicted`. Models that are not in `models` are left
        out.
    models : list of str
        In the order of the first axis.
    emotions : list of str
        The classes.

    Returns
    -------
    ndarray of shape (models, actors, classes, classes), int64
        Row is the truth, column the prediction.
    """
    predictions = predictions[predictions["model"].isin(models)]
    return actor_counts(predictions, emotions, (predictions["model"], models))
