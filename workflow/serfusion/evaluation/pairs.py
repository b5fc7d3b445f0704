"""Every pair of an experiment's models, compared on the same test clips."""

from itertools import combinations

import numpy as np
import pandas as pd

from serfusion.errors import Refusal
from serfusion.evaluation.counts import model_counts
from serfusion.evaluation.differences import DIFFERENCE_COLUMNS, holm, paired_differences

COLUMNS = ["model", "other", "clips", "actors", *DIFFERENCE_COLUMNS, "p_holm"]


def pair_table(
    predictions: pd.DataFrame, models: list[str], emotions: list[str], seed: int
) -> pd.DataFrame:
    """Return a row for each pair of models, in the order of `models`.

    Parameters
    ----------
    predictions : DataFrame
        Predictions for test clips: columns `model`, `fold`, `clip`, `actor`, `emotion`,
        `predicted`.
    models : list of str
        The models to compare.
    emotions : list of str
        The classes.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        `model` and `other`; `clips` and `actors`, their numbers; the columns of
        `serfusion.evaluation.differences.paired_differences`, model minus other; and `p_holm`, `p`
        corrected by Holm's method for the number of pairs. No rows if there are fewer than two
        models.

    Raises
    ------
    Refusal
        If two models have predictions for different clips.
    """
    pairs = list(combinations(range(len(models)), 2))
    if not pairs:
        return pd.DataFrame(columns=COLUMNS)
    clips = _same_clips(predictions, models)
    counts = model_counts(predictions, models, emotions)
    first, second = np.transpose(pairs)
    table = pd.DataFrame(
        {
            "model": np.asarray(models)[first],
            "other": np.asarray(models)[second],
            "clips": clips,
            "actors": counts.shape[1],
        }
        | paired_differences(counts, first, second, seed)
    )
    table["p_holm"] = holm(table["p"])
    return table


def _same_clips(predictions: pd.DataFrame, models: list[str]) -> int:
    """Return the number of clips that each model has predictions for, if they are the same."""
    clips = {
        model: pd.MultiIndex.from_frame(rows[["clip", "fold"]]).sort_values()
        for model, rows in predictions.groupby("model")
    }
    first, *others = models
    for model in others:
        if not clips[model].equals(clips[first]):
            raise Refusal(
                f"{first} and {model} have predictions for different test clips: delete the "
                "experiment's predictions and run again."
            )
    return len(clips[first])
