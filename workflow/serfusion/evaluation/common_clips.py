"""Makes the predictions of two models comparable: the same clips, and the same choice of emotions.

The two may come from different experiments, and so from different datasets.
"""

import numpy as np
import pandas as pd

from serfusion.errors import Refusal
from serfusion.fitting import predictions as columns


def on_common_clips(first: pd.DataFrame, second: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of the clips that both tables have, sorted by clip.

    Parameters
    ----------
    first, second : DataFrame
        Columns `clip`, `actor`, `emotion`, and any others; a row per clip.

    Raises
    ------
    Refusal
        If there is no such clip, or the tables disagree on the actor or emotion of one.
    """
    first, second = (
        table[table["clip"].isin(other["clip"])].sort_values("clip", ignore_index=True)
        for table, other in ((first, second), (second, first))
    )
    if first.empty:
        raise Refusal("the two have no test clip in common; compare models of the same corpora.")
    for column in ("actor", "emotion"):
        differs = first[column] != second[column]
        if differs.any():
            row = differs.idxmax()
            raise Refusal(
                f"the {column} of {first.loc[row, 'clip']} is {first.loc[row, column]} on one side "
                f"and {second.loc[row, column]} on the other; use datasets that agree on it."
            )
    return first, second


def among_common_emotions(
    first: pd.DataFrame, second: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the clips of emotions that both models know, predicted among those emotions only.

    Parameters
    ----------
    first, second : DataFrame
        Columns `emotion`, `predicted`, and `p_<emotion>` for each emotion that the model knows.
    """
    emotions = sorted(set(columns.emotions(first)) & set(columns.emotions(second)))
    return _among(first, emotions), _among(second, emotions)


def _among(predictions: pd.DataFrame, emotions: list[str]) -> pd.DataFrame:
    """Replace the predictions of other emotions by the most probable one of `emotions`."""
    kept = predictions[predictions["emotion"].isin(emotions)].copy()
    others = ~kept["predicted"].isin(emotions)
    if others.any():
        probabilities = kept.loc[others, [f"p_{emotion}" for emotion in emotions]].to_numpy()
        kept.loc[others, "predicted"] = np.asarray(emotions)[probabilities.argmax(axis=1)]
    return kept
