"""The predictions of a model: one row per clip, with a probability for each emotion."""

import numpy as np
import pandas as pd
import pyarrow as pa

from serfusion.fitting.rows import Rows


def fold_schema(classes: list[str]) -> pa.Schema:
    """Return the Arrow schema of the predictions of one fold's model."""
    keys = [("clip", pa.string()), ("role", pa.string()), ("predicted", pa.string())]
    return pa.schema(keys + [(f"p_{name}", pa.float32()) for name in classes])


def probability_columns(predictions: pd.DataFrame) -> list[str]:
    """Return the columns of a table of predictions that hold probabilities."""
    return [f"p_{name}" for name in emotions(predictions)]


def emotions(predictions: pd.DataFrame) -> list[str]:
    """Return the emotions that a table of predictions has probabilities for."""
    columns = predictions.columns
    return [name.removeprefix("p_") for name in columns if name.startswith("p_")]


def prediction_table(
    rows: dict[str, Rows], probabilities: dict[str, np.ndarray], classes: list[str]
) -> pd.DataFrame:
    """Return the predictions of one fold's model as a table.

    Parameters
    ----------
    rows : dict of Rows
        The rows of each role, without augmented ones.
    probabilities : dict of ndarray of shape (rows, classes)
        The probabilities of each role, in the order of `rows`.
    classes : list of str

    Returns
    -------
    DataFrame with columns `clip`, `role`, `predicted`, `p_<emotion>` …
    """
    parts = []
    for role, role_rows in rows.items():
        part = pd.DataFrame(probabilities[role], columns=[f"p_{name}" for name in classes])
        part.insert(0, "clip", role_rows.keys["clip"].to_numpy())
        part.insert(1, "role", role)
        part.insert(2, "predicted", np.asarray(classes)[probabilities[role].argmax(axis=1)])
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
