"""Emotions shuffled among clips, so that training has nothing to learn from."""

import numpy as np
import pandas as pd
import pyarrow as pa

from serfusion.seeds import seed_for

SCHEMA = pa.schema([("clip", pa.string()), ("emotion", pa.string())])
PERMUTED = ("train", "validation")


def permuted(
    dataset: pd.DataFrame, folds: pd.DataFrame, fold: int, model: str, seed: int
) -> pd.DataFrame:
    """Return the emotions of a dataset's clips, those of training and validation clips shuffled.

    Each role's emotions are shuffled among its own clips, so that they stay as common as they are.
    What a model recognises that was trained so, it recognises by chance (Ojala & Garriga 2010,
    "Permutation tests for studying classifier performance"): a floor for the whole of the study,
    search and early stopping included.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    fold : int
    model : str
        Another model is given another order.
    seed : int
        The study's.

    Returns
    -------
    DataFrame
        `clip` and `emotion`, by clip; test clips keep theirs.
    """
    roles = folds[folds["fold"] == fold].set_index("clip")["role"]
    labels = dataset[["clip", "emotion"]].sort_values("clip", ignore_index=True)
    own = labels["clip"].map(roles)
    for role in PERMUTED:
        random = np.random.default_rng(seed_for(seed, "labels", model, fold, role))
        here = own == role
        labels.loc[here, "emotion"] = random.permutation(labels.loc[here, "emotion"].to_numpy())
    return labels
