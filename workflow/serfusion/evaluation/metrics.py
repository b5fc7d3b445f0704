"""The figures of merit, from counts of answers."""

import numpy as np
import pandas as pd

METRICS = ("accuracy", "uar", "macro_precision", "macro_f1")


def confusion(truth: np.ndarray, predicted: np.ndarray, names: list[str]) -> np.ndarray:
    """Return counts of shape (classes, classes): row is the truth, column the answer."""
    table = pd.crosstab(
        pd.Categorical(truth, names), pd.Categorical(predicted, names), dropna=False
    )
    return table.to_numpy()


def scores(counts: np.ndarray) -> dict[str, np.ndarray]:
    """Return the figures of merit of confusion matrices.

    Macro averages are over the classes that occur in the truth; a class that is never answered
    has precision 0, as scikit-learn has it with `zero_division=0`.

    Parameters
    ----------
    counts : ndarray of shape (..., classes, classes)
        Row is the truth, column the answer.

    Returns
    -------
    dict of ndarray of shape (...)
        `accuracy`, `uar` (unweighted average recall), `macro_precision`, `macro_f1`: 0 to 1.
    """
    counts = np.asarray(counts, dtype=np.float64)
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    truths, answers = counts.sum(axis=-1), counts.sum(axis=-2)
    occurs = truths > 0

    def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
        return np.divide(above, below, out=np.zeros_like(above), where=below > 0)

    def macro(values: np.ndarray) -> np.ndarray:
        return ratio((values * occurs).sum(axis=-1), occurs.sum(axis=-1).astype(np.float64))

    return {
        "accuracy": ratio(hits.sum(axis=-1), truths.sum(axis=-1)),
        "uar": macro(ratio(hits, truths)),
        "macro_precision": macro(ratio(hits, answers)),
        "macro_f1": macro(ratio(2 * hits, truths + answers)),
    }


def spread(values: pd.Series) -> tuple[float, float]:
    """Return mean and standard deviation (ddof 0) over folds; that of a single fold is NaN."""
    return values.mean(), values.std(ddof=0) if len(values) > 1 else np.nan


def metric_table(answers: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the scores of each model, fold and role.

    Parameters
    ----------
    answers : DataFrame
        Columns `model`, `fold`, `role`, `emotion`, `predicted`.
    names : list of str
        The classes.

    Returns
    -------
    DataFrame with columns `model`, `fold`, `role`, `n` and `METRICS`
    """
    rows = []
    for (model, fold, role), group in answers.groupby(["model", "fold", "role"], sort=False):
        counts = confusion(group["emotion"], group["predicted"], names)
        rows.append({"model": model, "fold": fold, "role": role, "n": len(group)} | scores(counts))
    return pd.DataFrame(rows)
