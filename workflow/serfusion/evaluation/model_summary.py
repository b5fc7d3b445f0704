"""The summary of an experiment: a row per model."""

import pandas as pd

from serfusion.evaluation.intervals import INTERVAL_METRICS, pooled_scores
from serfusion.evaluation.metrics import spread


def summary_table(
    predictions: pd.DataFrame,
    metrics: pd.DataFrame,
    emotions: list[str],
    *,
    parameters: dict[str, float],
    reported_accuracy: dict[str, float],
    seed: int,
) -> pd.DataFrame:
    """Return a row per model, in the order of `predictions`.

    Parameters
    ----------
    predictions : DataFrame
        As returned by `serfusion.evaluation.prediction_table.prediction_table`.
    metrics : DataFrame
        As returned by `serfusion.evaluation.metrics.metric_table`.
    emotions : list of str
        The classes.
    parameters : dict
        Model to its number of parameters, the mean over folds.
    reported_accuracy : dict
        Model to the accuracy that its source reports, in percent, for models that have one.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        `model`; for each of accuracy, UAR and macro F1 (0 to 1) the mean and standard deviation
        over test folds (ddof 0; NaN for a single fold), and the score of all test clips together
        with its 95 % interval by bootstrap over actors; `parameters`; `reported_accuracy` (0 to 1).
    """
    rows = []
    for model, model_predictions in predictions.groupby("model", sort=False):
        folds = metrics[(metrics["model"] == model) & (metrics["role"] == "test")]
        test_predictions = model_predictions[model_predictions["role"] == "test"]
        pooled = pooled_scores(test_predictions, emotions, seed)
        row = {"model": model}
        for metric in INTERVAL_METRICS:
            row[f"{metric}_mean"], row[f"{metric}_std"] = spread(folds[metric])
            row |= {key: pooled[key] for key in (metric, f"{metric}_low", f"{metric}_high")}
        row["parameters"] = round(parameters[model])
        reported = reported_accuracy.get(model)
        row["reported_accuracy"] = None if reported is None else reported / 100
        rows.append(row)
    return pd.DataFrame(rows)
