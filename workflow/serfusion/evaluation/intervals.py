"""How far a pooled figure would move with other actors."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from serfusion.evaluation.counts import drawn_counts
from serfusion.evaluation.metrics import confusion, scores

INTERVAL_METRICS = ("accuracy", "uar", "macro_f1")
RESAMPLES = 2000
LEVEL = 0.95


def over_actors(answers: pd.DataFrame, names: list[str], seed: int) -> dict[str, float]:
    """Return pooled figures and their 95 % percentile intervals by bootstrap over actors.

    Actors, not clips, are drawn with replacement: clips of one actor are not independent.

    Parameters
    ----------
    answers : DataFrame
        One model's answers to test clips: columns `actor`, `emotion`, `predicted`.
    names : list of str
        The classes.
    seed : int

    Returns
    -------
    dict
        `accuracy`, `accuracy_low`, `accuracy_high`, and the same for `uar` and `macro_f1`; the
        limits are NaN when there is a single actor.
    """
    counts = actor_counts(answers, names)
    pooled = scores(counts.sum(axis=0))

    def figures(drawn: np.ndarray) -> np.ndarray:
        found = scores(drawn_counts(counts[None], drawn)[0])
        return np.stack([found[metric] for metric in INTERVAL_METRICS])

    result = {}
    lows, highs = limits(figures, len(counts), seed)
    for metric, low, high in zip(INTERVAL_METRICS, lows, highs, strict=True):
        result[metric] = float(pooled[metric])
        result[f"{metric}_low"], result[f"{metric}_high"] = float(low), float(high)
    return result


def actor_counts(answers: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Return the confusion matrix of each actor's clips, actors by name.

    Parameters
    ----------
    answers : DataFrame
        Columns `actor`, `emotion`, `predicted`.
    names : list of str
        The classes.

    Returns
    -------
    ndarray of shape (actors, classes, classes)
        Row is the truth, column the answer.
    """
    return np.stack(
        [
            confusion(clips["emotion"], clips["predicted"], names)
            for _, clips in answers.groupby("actor", sort=True)
        ]
    )


def limits(
    figures: Callable[[np.ndarray], np.ndarray], actors: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % percentile limits of figures of actors drawn with replacement.

    Parameters
    ----------
    figures : callable
        From drawn actors, as places of shape (..., actors), to figures of shape (k, ...).
    actors : int
        How many there are; the same number is drawn.
    seed : int
        The same seed draws the same actors.

    Returns
    -------
    low, high : ndarray of shape (k,)
        NaN when there is a single actor.
    """
    everyone = np.arange(actors)
    if actors == 1:
        unknown = np.full(len(figures(everyone)), np.nan)
        return unknown, unknown
    return bootstrap(
        (everyone,),
        lambda drawn, axis: figures(drawn),
        n_resamples=RESAMPLES,
        confidence_level=LEVEL,
        method="percentile",
        vectorized=True,
        rng=np.random.default_rng(seed),
    ).confidence_interval
