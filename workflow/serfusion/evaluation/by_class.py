"""How well each model recognises each emotion, with confidence intervals."""

import warnings
from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import DegenerateDataWarning

from serfusion.evaluation.counts import model_counts
from serfusion.evaluation.intervals import bootstrap_limits, weighted_counts
from serfusion.evaluation.metrics import class_scores

CLASS_METRICS = ("precision", "recall", "f1")


def class_table(predictions: pd.DataFrame, emotions: list[str], seed: int) -> pd.DataFrame:
    """Return a row per model and emotion, models in the order of `predictions`.

    Parameters
    ----------
    predictions : DataFrame
        Predictions of all models for the same test clips, all folds together: columns `model`,
        `actor`, `emotion`, `predicted`.
    emotions : list of str
        The classes.
    seed : int
        Seed of the bootstrap; the same actors are drawn for every model.

    Returns
    -------
    DataFrame
        `model`, `emotion`; `clips`, the number of clips of the emotion, and `answers`, the number
        of clips for which it was predicted; `precision`, `recall` and `f1` (0 to 1), each with the
        limits `_low` and `_high` of its 95 % percentile interval by bootstrap over actors. The
        limits are NaN if there is a single actor. Those of recall and F1 are also NaN if the
        emotion has so few actors that it is missing from some resample.
    """
    models = list(predictions["model"].unique())
    counts = model_counts(predictions, models, emotions)
    pooled = counts.sum(axis=1)
    table = pd.DataFrame(product(models, emotions), columns=["model", "emotion"])
    table["clips"] = pooled.sum(axis=2).ravel()
    table["answers"] = pooled.sum(axis=1).ravel()
    by_class = class_scores(pooled)
    limits = _limits(counts, seed)
    for metric, low, high in zip(CLASS_METRICS, *limits, strict=True):
        table[metric] = by_class[metric].ravel()
        table[f"{metric}_low"], table[f"{metric}_high"] = low.ravel(), high.ravel()
    return table


def _limits(counts: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits, each of shape (metrics, models, classes)."""

    def statistic(weights: np.ndarray) -> np.ndarray:
        resampled = class_scores(weighted_counts(counts, weights))
        values = np.stack([resampled[metric] for metric in CLASS_METRICS])
        return np.moveaxis(values, -1, 2)

    with warnings.catch_warnings():
        # SciPy warns about BCa intervals, which these are not, if a resample has a NaN.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        return bootstrap_limits(statistic, counts.shape[1], seed)
