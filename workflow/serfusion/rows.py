"""What a model of one fold sees: rows of numbers, their labels, and nothing of the other sides."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from serfusion.dataset import classes
from serfusion.errors import Refusal
from serfusion.feature_table import KEYS
from serfusion.roles import ORIGINAL, ROLES


@dataclass(frozen=True)
class Rows:
    """Rows of one role.

    Attributes
    ----------
    keys : DataFrame
        Columns `clip` and `augmentation`.
    values : ndarray of shape (rows, columns), float32
    targets : ndarray of shape (rows,), int64
        Indices into the dataset's classes.
    """

    keys: pd.DataFrame
    values: np.ndarray
    targets: np.ndarray


def read_fold(inputs, fold: int) -> tuple[list[str], dict[str, Rows]]:
    """Return the classes and the rows of one fold from the inputs of a job.

    Parameters
    ----------
    inputs : mapping of str to path or list of path
        `dataset`, `folds`, and for each feature set its tables, under `rows_<feature set>`.
    fold : int
    """
    dataset, folds = (pd.read_parquet(inputs[name]) for name in ("dataset", "folds"))
    tables = [list(paths) for name, paths in inputs.items() if name.startswith("rows_")]
    return classes(dataset), fold_rows(dataset, folds, fold, tables)


def fold_rows(
    dataset: pd.DataFrame, folds: pd.DataFrame, fold: int, tables: list[list[str]]
) -> dict[str, Rows]:
    """Return the rows of each role of one fold, sorted by clip and augmentation.

    Training clips come with every augmentation that the tables hold, validation and test clips
    as they were recorded.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    fold : int
    tables : list of list of path
        For each feature set that is put side by side, its tables (corpora × augmentations).

    Raises
    ------
    Refusal
        If a table lacks a clip of the fold, or has a row twice.
    """
    roles = folds.loc[folds["fold"] == fold].set_index("clip")["role"]
    sets = [_read(paths, roles) for paths in tables]
    joined = pd.concat(sets, axis=1, join="inner")
    if any(len(joined) != len(one) for one in sets):
        raise Refusal(f"Fold {fold}: the feature tables that are fused hold different rows.")
    joined = joined.reset_index()
    missing = set(roles.index) - set(joined["clip"])
    if missing:
        raise Refusal(
            f"Fold {fold}: the feature tables lack {min(missing)} and {len(missing)} "
            "clips in all; delete them and run again."
        )
    joined = joined.sort_values(KEYS, ignore_index=True)
    names = classes(dataset)
    emotions = dataset.set_index("clip")["emotion"].map(names.index)
    result = {}
    for role in ROLES:
        rows = joined[joined["clip"].map(roles) == role]
        result[role] = Rows(
            keys=rows[KEYS].reset_index(drop=True),
            values=rows.drop(columns=KEYS).to_numpy(np.float32, copy=True),
            targets=rows["clip"].map(emotions).to_numpy(np.int64, copy=True),
        )
    return result


def _read(paths: list[str], roles: pd.Series) -> pd.DataFrame:
    """Return a feature set's rows of a fold; augmented ones of training clips alone."""
    trained = roles.index[roles == "train"].to_numpy()
    kept = []
    for path in paths:
        table = pq.read_table(path, filters=pc.field("clip").isin(roles.index.to_numpy()))
        frame = table.to_pandas()
        kept.append(frame[(frame["augmentation"] == ORIGINAL) | frame["clip"].isin(trained)])
    rows = pd.concat(kept).set_index(KEYS)
    if not rows.index.is_unique:
        raise Refusal(f"{paths[0]} and its like hold rows twice: delete them and run again.")
    return rows
