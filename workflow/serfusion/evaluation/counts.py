"""Confusion matrices of many models at once: of each actor, and of actors drawn together."""

import numpy as np
import pandas as pd


def model_counts(answers: pd.DataFrame, models: list[str], names: list[str]) -> np.ndarray:
    """Return the confusion matrix of each model's answers to each actor's clips, actors by name.

    A model's matrices are those of `serfusion.evaluation.intervals.actor_counts`.

    Parameters
    ----------
    answers : DataFrame
        Columns `model`, `actor`, `emotion`, `predicted`; other models than `models` are left out.
    models : list of str
    names : list of str
        The classes.

    Returns
    -------
    ndarray of shape (models, actors, classes, classes)
        Row is the truth, column the answer.
    """
    answers = answers[answers["model"].isin(models)]
    axes = [
        (answers["model"], models),
        (answers["actor"], sorted(answers["actor"].unique())),
        (answers["emotion"], names),
        (answers["predicted"], names),
    ]
    places = tuple(pd.Categorical(values, known).codes for values, known in axes)
    counts = np.zeros([len(known) for _, known in axes], np.int64)
    np.add.at(counts, places, 1)
    return counts


def drawn_counts(counts: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return the summed confusion matrices of drawn actors.

    The same as `counts[..., drawn, :, :].sum(axis=-3)`, as one product of matrices instead of a
    copy of every drawn actor's.

    Parameters
    ----------
    counts : ndarray of shape (models, actors, classes, classes)
    drawn : ndarray of shape (..., actors)
        Places of actors.

    Returns
    -------
    ndarray of shape (models, ..., classes, classes), float64
    """
    models, actors, classes, _ = counts.shape
    draws = drawn.reshape(-1, actors)
    summed = times_drawn(draws) @ counts.reshape(models, actors, -1).astype(np.float64)
    return summed.reshape(models, *drawn.shape[:-1], classes, classes)


def times_drawn(drawn: np.ndarray) -> np.ndarray:
    """Return how often each of n was drawn, shape (..., n), by n places drawn, shape (..., n)."""
    n = drawn.shape[-1]
    rows = drawn.reshape(-1, n)
    places = rows + n * np.arange(len(rows))[:, None]
    return np.bincount(places.ravel(), minlength=rows.size).reshape(drawn.shape).astype(float)
