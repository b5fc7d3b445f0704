"""Accuracy, UAR, precision and F1, computed from confusion matrices."""

import numpy as np
import pandas as pd

from serfusion.evaluation.counts import confusion

METRICS = ("accuracy", "uar", "macro_precision", "macro_f1")


def class_scores(counts: np.ndarray) -> dict[str, np.ndarray]:
    """Return the precision, recall and F1 of each class.

    A class that is never predicted has precision 0, as in scikit-learn with `zero_division=0`.
    Recall and F1 of a class that does not occur in the truth are NaN.

    Parameters
    ----------
    counts : ndarray of shape (..., classes, classes)
        Confusion matrices: row is the truth, column the prediction.

    Returns
    -------
    dict of ndarray of shape (..., classes)
        `precision`, `recall` and `f1`, 0 to 1.
    """
    counts = np.asarray(counts, dtype=np.float64)
    correct = np.diagonal(counts, axis1=-2, axis2=-1)
    occurrences, predictions = counts.sum(axis=-1), counts.sum(axis=-2)
    occurs = occurrences > 0
    return {
        "precision": _ratio(correct, predictions, where=predictions > 0),
        "recall": _ratio(correct, occurrences, where=occurs, otherwise=np.nan),
        "f1": _ratio(2 * correct, occurrences + predictions, where=occurs, otherwise=np.nan),
    }


def scores(counts: np.ndarray) -> dict[str, np.ndarray]:
    """Return the scores of confusion matrices.

    Macro averages are over the classes that occur in the truth, and 0 where there are none.

    Parameters
    ----------
    counts : ndarray of shape (..., classes, classes)
        Row is the truth, column the prediction.

    Returns
    -------
    dict of ndarray of shape (...)
        `accuracy`, `uar` (unweighted average recall), `macro_precision`, `macro_f1`, 0 to 1.
    """
    counts = np.asarray(counts, dtype=np.float64)
    occurrences = counts.sum(axis=-1)
    occurs = occurrences > 0
    correct, clips = np.trace(counts, axis1=-2, axis2=-1), occurrences.sum(axis=-1)
    classes = occurs.sum(axis=-1).astype(np.float64)
    by_class = class_scores(counts)

    def macro(values: np.ndarray) -> np.ndarray:
        return _ratio(np.where(occurs, values, 0).sum(axis=-1), classes, where=classes > 0)

    return {
        "accuracy": _ratio(correct, clips, where=clips > 0),
        "uar": macro(by_class["recall"]),
        "macro_precision": macro(by_class["precision"]),
        "macro_f1": macro(by_class["f1"]),
    }


def spread(values: pd.Series) -> tuple[float, float]:
    """Return the mean and standard deviation over folds (ddof 0; NaN for a single fold)."""
    return values.mean(), values.std(ddof=0) if len(values) > 1 else np.nan


def metric_table(predictions: pd.DataFrame, emotions: list[str]) -> pd.DataFrame:
    """Return the scores of each model, fold and role.

    Parameters
    ----------
    predictions : DataFrame
        Columns `model`, `fold`, `role`, `emotion`, `predicted`.
    emotions : list of str
        The classes.

    Returns
    -------
    DataFrame
        Columns `model`, `fold`, `role`, `n` (clips) and `METRICS`.
    """
    rows = []
    for (model, fold, role), clips in predictions.groupby(["model", "fold", "role"], sort=False):
        counts = confusion(clips["emotion"], clips["predicted"], emotions)
        rows.append({"model": model, "fold": fold, "role": role, "n": len(clips)} | scores(counts))
    return pd.DataFrame(rows)


def _ratio(
    numerator: np.ndarray, denominator: np.ndarray, *, where: np.ndarray, otherwise: float = 0
) -> np.ndarray:
    return np.divide(numerator, denominator, out=np.full_like(numerator, otherwise), where=where)
