"""The wrong predictions that a model was most confident of."""

import pandas as pd

from serfusion.fitting.predictions import probability_columns


def wrong_answers(predictions: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return a model's wrong predictions for test clips, the most confident first.

    Parameters
    ----------
    predictions : DataFrame
        The table of `predictions.parquet`.
    model : str

    Returns
    -------
    DataFrame
        The columns of `predictions`, and `probability`, that of the predicted emotion. Equally
        probable predictions are in alphabetical order of their clips.
    """
    wrong = predictions[
        (predictions["model"] == model) & (predictions["emotion"] != predictions["predicted"])
    ]
    wrong = wrong.assign(probability=wrong[probability_columns(predictions)].max(axis=1))
    return wrong.sort_values(["probability", "clip"], ascending=[False, True], ignore_index=True)
