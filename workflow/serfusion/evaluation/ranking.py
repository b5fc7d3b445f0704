"""The ranking of models that decides which one a page presents as the best."""

import pandas as pd


def ranked_by_validation(metrics: pd.DataFrame, models: list[str]) -> pd.Series:
    """Return the validation accuracy of models, the mean over folds, the highest first.

    The best model is not chosen by test accuracy, because its test results would then be
    optimistic. Models of equal accuracy keep the order of `models`.

    Parameters
    ----------
    metrics : DataFrame
        The table of `metrics.csv`.
    models : list of str
        The models to rank.
    """
    validation = metrics[metrics["role"] == "validation"]
    means = validation.groupby("model")["accuracy"].mean()
    return means.loc[models].sort_values(ascending=False, kind="stable")
