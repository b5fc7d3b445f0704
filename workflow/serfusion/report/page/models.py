"""What every page says of a trained model: its validation accuracy and the cost of its training."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from serfusion.evaluation.metrics import spread
from serfusion.study.entries import Model


@dataclass(frozen=True)
class Cost:
    """The cost of a model's training, and of the extractors whose deep features it reads.

    Attributes
    ----------
    seconds : float
        Training time, all folds together; of an ensemble with that of its members.
    devices : list of str
        What it was trained on, such as `cpu` or `cuda:0`.
    extractor_parameters : int
        Mean over folds, of all extractors together; 0 without one.
    extractor_seconds : float
        Training time of the extractors, all folds together; 0 without one.
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
        extractors and members among them.
    """
    by_model = records.groupby("model")
    seconds = by_model["train_seconds"].sum()
    devices = by_model["device"].unique()
    parameters = by_model["parameters"].mean()
    cost_of = {}
    for model in models:
        own = [model.name, *(member.name for member in model.members)]
        extractors = [extractor.name for extractor in model.extractors]
        cost_of[model.name] = Cost(
            seconds=sum(seconds[name] for name in own),
            devices=sorted({device for name in own for device in devices[name]}),
            extractor_parameters=round(sum(parameters[name] for name in extractors)),
            extractor_seconds=sum(seconds[name] for name in extractors),
        )
    return cost_of


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
