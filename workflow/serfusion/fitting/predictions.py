"""A model's answers: one row per clip, with the probability of each emotion."""

import numpy as np
import pandas as pd
import pyarrow as pa

from serfusion.fitting.rows import Rows


def fold_schema(names: list[str]) -> pa.Schema:
    """Return the Arrow schema of one fold's answers for the classes `names`."""
    keys = [("clip", pa.string()), ("role", pa.string()), ("predicted", pa.string())]
    return pa.schema(keys + [(f"p_{name}", pa.float32()) for name in names])


def probability_columns(predictions: pd.DataFrame) -> list[str]:
    """Return the columns of a table of answers that hold the emotions' probabilities."""
    return [f"p_{name}" for name in emotions(predictions)]


def emotions(predictions: pd.DataFrame) -> list[str]:
    """Return the emotions whose probabilities a table of answers holds."""
    columns = predictions.columns
    return [name.removeprefix("p_") for name in columns if name.startswith("p_")]


def answers(
    rows: dict[str, Rows], probabilities: dict[str, np.ndarray], names: list[str]
) -> pd.DataFrame:
    """Return the answers of one fold's model.

    Parameters
    ----------
    rows : dict of Rows
        By role, of clips as they were recorded.
    probabilities : dict of ndarray of shape (rows, classes)
        By role, in the order of `rows`.
    names : list of str
        The classes.

    Returns
    -------
    DataFrame with columns `clip`, `role`, `predicted`, `p_<emotion>` …
    """
    parts = []
    for role, side in rows.items():
        given = probabilities[role]
        part = pd.DataFrame(given, columns=[f"p_{name}" for name in names])
        part.insert(0, "clip", side.keys["clip"].to_numpy())
        part.insert(1, "role", role)
        part.insert(2, "predicted", np.asarray(names)[given.argmax(axis=1)])
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
