"""What every page says of a trained model: its validation accuracy and the cost of its training."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from serfusion.evaluation.metrics import spread
from serfusion.study.entries import Model


@dataclass(frozen=True)
class Cost:
    """The cost of a model's training, and of the extractor whose deep features it reads.

    Attributes
    ----------
    seconds : float
        Training time, all folds together.
    devices : list of str
        What it was trained on, such as `cpu` or `cuda:0`.
    extractor_parameters : int
        Mean over folds; 0 without an extractor.
    extractor_seconds : float
        Training time of the extractor, all folds together; 0 without an extractor.
    """

    seconds: float
    devices: list[str]
    extractor_parameters: int
    extractor_seconds: float


def costs(models: Iterable[Model], records: pd.DataFrame) -> dict[str, Cost]:
    """Return the cost of each model, by name.

    Parameters
    ----------
    models : iterable of Model
    records : DataFrame
        A row per trained model and fold, with the content of its `fit.json`: those of the models'
        extractors among them.
    """
    by_model = records.groupby("model")
    seconds = by_model["train_seconds"].sum()
    devices = by_model["device"].unique()
    parameters = by_model["parameters"].mean()
    return {
        model.name: Cost(
            seconds=seconds[model.name],
            devices=sorted(devices[model.name]),
            extractor_parameters=round(parameters[model.extractor.name]) if model.extractor else 0,
            extractor_seconds=seconds[model.extractor.name] if model.extractor else 0.0,
        )
        for model in models
    }


def validation_accuracies(metrics: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return each model's validation accuracy: its mean and standard deviation over folds.

    Parameters
    ----------
    metrics : DataFrame
        As `metrics.csv` has it.

    Returns
    -------
    dict
        Model to mean and standard deviation (0 to 1); the latter is NaN for a single fold.
    """
    validation = metrics[metrics["role"] == "validation"]
    return {model: spread(values) for model, values in validation.groupby("model")["accuracy"]}
