"""The summary of an experiment: a row per model."""

import pandas as pd
import pyarrow as pa

from serfusion.evaluation.intervals import INTERVAL_METRICS, over_actors
from serfusion.evaluation.metrics import spread


def collect(parts: list[tuple[str, int, pd.DataFrame]], dataset: pd.DataFrame) -> pd.DataFrame:
    """Return the answers of all models and folds with the truth beside them.

    Parameters
    ----------
    parts : list of (model, fold, answers)
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
    for model, fold, answers in parts:
        table = answers.merge(truth, on="clip", how="left", validate="one_to_one")
        tables.append(table.assign(model=model, fold=fold))
    return pd.concat(tables, ignore_index=True)


def prediction_schema(names: list[str]) -> pa.Schema:
    """Return the Arrow schema of `predictions.parquet` for the classes `names`."""
    texts = {name: pa.string() for name in ("clip", "corpus", "actor", "gender")}
    columns = {**texts, "fold": pa.int16(), "model": pa.string()}
    columns |= {"emotion": pa.string(), "predicted": pa.string()}
    columns |= {f"p_{name}": pa.float32() for name in names}
    return pa.schema(list(columns.items()))


def summarise(
    answers: pd.DataFrame,
    metrics: pd.DataFrame,
    names: list[str],
    *,
    parameters: dict[str, float],
    reported_accuracy: dict[str, float],
    seed: int,
) -> pd.DataFrame:
    """Return a row per model, in the order of `answers`.

    Parameters
    ----------
    answers : DataFrame
        As `collect` returns it.
    metrics : DataFrame
        As `metric_table` returns it.
    names : list of str
        The classes.
    parameters : dict
        Model to its number of parameters, the mean over folds.
    reported_accuracy : dict
        Model to the accuracy that its source reported, in percent, where it did.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        `model`; for each of accuracy, uar and macro_f1 the mean and standard deviation over
        test folds (of the folds themselves, ddof 0, none of a single fold; figures 0 to 1) and the
        pooled figure with its 95 % interval by bootstrap over actors; `parameters`;
        `reported_accuracy` (0 to 1).
    """
    rows = []
    for model, own in answers.groupby("model", sort=False):
        folds = metrics[(metrics["model"] == model) & (metrics["role"] == "test")]
        pooled = over_actors(own[own["role"] == "test"], names, seed)
        row = {"model": model}
        for metric in INTERVAL_METRICS:
            row[f"{metric}_mean"], row[f"{metric}_std"] = spread(folds[metric])
            row |= {key: pooled[key] for key in (metric, f"{metric}_low", f"{metric}_high")}
        row["parameters"] = round(parameters[model])
        reported = reported_accuracy.get(model)
        row["reported_accuracy"] = None if reported is None else reported / 100
        rows.append(row)
    return pd.DataFrame(rows)
