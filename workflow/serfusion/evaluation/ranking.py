"""Which model a page speaks of where it speaks of one."""

import pandas as pd


def ranked_by_validation(metrics: pd.DataFrame, models: list[str]) -> pd.Series:
    """Return the validation accuracy of models, the mean over folds, the highest first.

    Who is first is the best: not by test accuracy, for what is then said of test clips would be of
    the luckiest. Equals stand in the order of `models`.

    Parameters
    ----------
    metrics : DataFrame
        As `metrics.csv` has it.
    models : list of str
        Those to choose from.
    """
    validation = metrics[metrics["role"] == "validation"]
    means = validation.groupby("model")["accuracy"].mean()
    return means.loc[models].sort_values(ascending=False, kind="stable")
