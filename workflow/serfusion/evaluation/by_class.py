"""How well each model recognises each emotion, and how sure that is."""

import warnings
from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import DegenerateDataWarning

from serfusion.evaluation.counts import drawn_counts, model_counts
from serfusion.evaluation.intervals import limits

CLASS_METRICS = ("precision", "recall", "f1")


def class_scores(counts: np.ndarray) -> dict[str, np.ndarray]:
    """Return precision, recall and F1 of each class of confusion matrices.

    A class that is never answered has precision 0, as scikit-learn has it with `zero_division=0`.
    Recall and F1 of a class that does not occur in the truth are unknown: NaN.

    Parameters
    ----------
    counts : ndarray of shape (..., classes, classes)
        Row is the truth, column the answer.

    Returns
    -------
    dict of ndarray of shape (..., classes)
        By the names in `CLASS_METRICS`; figures 0 to 1.
    """
    counts = np.asarray(counts, dtype=np.float64)
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    truths, answers = counts.sum(axis=-1), counts.sum(axis=-2)

    def ratio(above: np.ndarray, below: np.ndarray, undefined: float, where: np.ndarray):
        return np.divide(above, below, out=np.full_like(above, undefined), where=where)

    return {
        "precision": ratio(hits, answers, 0, answers > 0),
        "recall": ratio(hits, truths, np.nan, truths > 0),
        "f1": ratio(2 * hits, truths + answers, np.nan, truths > 0),
    }


def class_table(answers: pd.DataFrame, names: list[str], seed: int) -> pd.DataFrame:
    """Return a row per model and emotion, models in the order of `answers`.

    Parameters
    ----------
    answers : DataFrame
        Answers of all models to the same test clips, all folds pooled: columns `model`, `actor`,
        `emotion`, `predicted`.
    names : list of str
        The classes.
    seed : int
        Of the bootstrap; the same actors are drawn for every model.

    Returns
    -------
    DataFrame
        `model`, `emotion`; `clips` of the emotion and `answers` that named it; `precision`,
        `recall` and `f1` (0 to 1), each with the limits `_low` and `_high` of its 95 % percentile
        interval by bootstrap over actors. The limits are NaN where there is a single actor; those
        of recall and F1 also where so few actors have the emotion that some draw is without it.
    """
    models = list(answers["model"].unique())
    counts = model_counts(answers, models, names)
    pooled = counts.sum(axis=1)
    table = pd.DataFrame(product(models, names), columns=["model", "emotion"])
    table["clips"] = pooled.sum(axis=2).ravel()
    table["answers"] = pooled.sum(axis=1).ravel()
    found = class_scores(pooled)
    lows, highs = _limits(counts, seed)
    for place, metric in enumerate(CLASS_METRICS):
        table[metric] = found[metric].ravel()
        table[f"{metric}_low"], table[f"{metric}_high"] = lows[place], highs[place]
    return table


def _limits(counts: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of shape (metrics, models × classes)."""

    def figures(drawn: np.ndarray) -> np.ndarray:
        found = class_scores(drawn_counts(counts, drawn))
        stacked = np.stack([np.moveaxis(found[metric], -1, 1) for metric in CLASS_METRICS])
        return stacked.reshape(-1, *drawn.shape[:-1])

    with warnings.catch_warnings():
        # It speaks of BCa intervals whenever a draw is without a figure.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        sides = limits(figures, counts.shape[1], seed)
    return tuple(np.reshape(side, (len(CLASS_METRICS), -1)) for side in sides)
