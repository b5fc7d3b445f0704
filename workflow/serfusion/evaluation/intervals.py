"""Confidence intervals by bootstrap over actors.

Actors, not clips, are drawn with replacement, because the clips of one actor are not independent.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from serfusion.evaluation.counts import actor_counts
from serfusion.evaluation.metrics import scores

INTERVAL_METRICS = ("accuracy", "uar", "macro_f1")
RESAMPLES = 2000
LEVEL = 0.95


def pooled_scores(predictions: pd.DataFrame, emotions: list[str], seed: int) -> dict[str, float]:
    """Return the scores of all clips together, with their 95 % percentile intervals.

    Parameters
    ----------
    predictions : DataFrame
        One model's predictions for test clips: columns `actor`, `emotion`, `predicted`.
    emotions : list of str
        The classes.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    dict
        `accuracy`, `accuracy_low`, `accuracy_high`, and the same for `uar` and `macro_f1`, 0 to 1.
        The limits are NaN if there is a single actor.
    """
    counts = actor_counts(predictions, emotions)
    pooled = scores(counts.sum(axis=0))

    def statistic(weights: np.ndarray) -> np.ndarray:
        resampled = scores(weighted_counts(counts, weights))
        return np.stack([resampled[metric] for metric in INTERVAL_METRICS])

    row = {}
    lows, highs = bootstrap_limits(statistic, len(counts), seed)
    for metric, low, high in zip(INTERVAL_METRICS, lows, highs, strict=True):
        row[metric] = float(pooled[metric])
        row[f"{metric}_low"], row[f"{metric}_high"] = float(low), float(high)
    return row


def bootstrap_limits(
    statistic: Callable[[np.ndarray], np.ndarray], actors: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of the 95 % percentile interval of a statistic.

    Parameters
    ----------
    statistic : callable
        Maps weights of shape (..., actors), which say how often each actor was drawn, to values of
        shape (*values, ...).
    actors : int
        Number of actors, and of draws in each resample.
    seed : int
        The same seed draws the same actors.

    Returns
    -------
    low, high : ndarray of shape (*values)
        NaN if there is a single actor.
    """
    if actors == 1:
        unknown = np.full_like(statistic(np.ones(actors)), np.nan)
        return unknown, unknown
    return bootstrap(
        (np.arange(actors),),
        lambda drawn, axis: statistic(bootstrap_weights(drawn)),
        n_resamples=RESAMPLES,
        confidence_level=LEVEL,
        method="percentile",
        vectorized=True,
        rng=np.random.default_rng(seed),
    ).confidence_interval


def bootstrap_weights(drawn: np.ndarray) -> np.ndarray:
    """Return how often each of n actors was drawn in each resample.

    Parameters
    ----------
    drawn : ndarray of int, shape (..., n)
        The indices that were drawn, 0 to n - 1.

    Returns
    -------
    ndarray of shape (..., n), float64
    """
    n = drawn.shape[-1]
    resamples = drawn.reshape(-1, n)
    cells = resamples + n * np.arange(len(resamples))[:, None]
    counts = np.bincount(cells.ravel(), minlength=resamples.size)
    return counts.reshape(drawn.shape).astype(np.float64)


def weighted_counts(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return confusion matrices summed over actors, each as often as it was drawn.

    Parameters
    ----------
    counts : ndarray of shape (*models, actors, classes, classes)
        With or without an axis of models.
    weights : ndarray of shape (*resamples, actors)
        See `bootstrap_weights`.

    Returns
    -------
    ndarray of shape (*models, *resamples, classes, classes), float64
    """
    *models, actors, classes, _ = counts.shape
    by_actor = counts.reshape(*models, actors, -1).astype(np.float64)
    # A product of matrices, exact because all numbers are integers, copies no actor's counts.
    summed = weights.reshape(-1, actors) @ by_actor
    return summed.reshape(*models, *weights.shape[:-1], classes, classes)
