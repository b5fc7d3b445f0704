"""Emotions shuffled among clips, so that a model has nothing to learn."""

import numpy as np
import pandas as pd
import pyarrow as pa

from serfusion.seeds import seed_for

SCHEMA = pa.schema([("clip", pa.string()), ("emotion", pa.string())])
PERMUTED_ROLES = ("train", "validation")


def permute_labels(
    dataset: pd.DataFrame, folds: pd.DataFrame, fold: int, model: str, seed: int
) -> pd.DataFrame:
    """Return the emotions of a dataset's clips, shuffled among training and validation clips.

    Emotions are shuffled within each role, so that each role keeps its distribution of emotions. A
    model that is trained on them performs at chance level (Ojala & Garriga 2010, "Permutation tests
    for studying classifier performance"). This gives a floor for the whole procedure, including
    hyperparameter search and early stopping.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    fold : int
    model : str
        The model's name; each model gets a different permutation.
    seed : int
        The study's seed.

    Returns
    -------
    DataFrame
        `clip` and `emotion`, sorted by clip; test clips keep their emotions.
    """
    clip_roles = folds[folds["fold"] == fold].set_index("clip")["role"]
    labels = dataset[["clip", "emotion"]].sort_values("clip", ignore_index=True)
    roles = labels["clip"].map(clip_roles)
    for role in PERMUTED_ROLES:
        random = np.random.default_rng(seed_for(seed, "labels", model, fold, role))
        rows = roles == role
        labels.loc[rows, "emotion"] = random.permutation(labels.loc[rows, "emotion"].to_numpy())
    return labels
