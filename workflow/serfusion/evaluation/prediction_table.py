"""The predictions of all models and folds of an experiment in one table."""

import pandas as pd
import pyarrow as pa


def prediction_table(
    parts: list[tuple[str, int, pd.DataFrame]], dataset: pd.DataFrame
) -> pd.DataFrame:
    """Return the predictions of all models and folds, together with the truth.

    Parameters
    ----------
    parts : list of (model, fold, predictions)
        The predictions of one fold as `serfusion.fitting.predictions` writes them.
    dataset : DataFrame
        The dataset's clip table.

    Returns
    -------
    DataFrame
        `clip`, `corpus`, `actor`, `gender`, `fold`, `model`, `role`, `emotion`, `predicted`,
        `p_<emotion>` …
    """
    truth = dataset[["clip", "corpus", "actor", "gender", "emotion"]]
    tables = []
    for model, fold, predictions in parts:
        table = predictions.merge(truth, on="clip", how="left", validate="one_to_one")
        tables.append(table.assign(model=model, fold=fold))
    return pd.concat(tables, ignore_index=True)


def prediction_schema(emotions: list[str]) -> pa.Schema:
    """Return the Arrow schema of `predictions.parquet` for the classes `emotions`."""
    columns = {name: pa.string() for name in ("clip", "corpus", "actor", "gender")}
    columns |= {"fold": pa.int16(), "model": pa.string()}
    columns |= {"emotion": pa.string(), "predicted": pa.string()}
    columns |= {f"p_{emotion}": pa.float32() for emotion in emotions}
    return pa.schema(list(columns.items()))
