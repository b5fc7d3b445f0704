"""Which model a page speaks of where it speaks of one."""

import pandas as pd


def best_by_validation(metrics: pd.DataFrame) -> str:
    """Return the model with the highest validation accuracy, the mean over folds.

    Not the highest on test: what is then said of its test clips would be of the luckiest. Of equals
    the one that comes first.

    Parameters
    ----------
    metrics : DataFrame
        As `metrics.csv` has it.
    """
    validation = metrics[metrics["role"] == "validation"]
    return validation.groupby("model", sort=False)["accuracy"].mean().idxmax()
