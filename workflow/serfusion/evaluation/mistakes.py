"""The wrong answers that a model was surest of."""

import pandas as pd

from serfusion.fitting.predictions import probability_columns


def wrong_answers(predictions: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return a model's wrong answers to test clips, the most probable first.

    Parameters
    ----------
    predictions : DataFrame
        As `predictions.parquet` has it.
    model : str

    Returns
    -------
    DataFrame
        The columns of `predictions`, and `probability`, that of the answer. Of equals the first by
        name comes first.
    """
    chances = probability_columns(predictions)
    own = predictions[
        (predictions["model"] == model) & (predictions["emotion"] != predictions["predicted"])
    ]
    own = own.assign(probability=own[chances].max(axis=1))
    return own.sort_values(["probability", "clip"], ascending=[False, True], ignore_index=True)
