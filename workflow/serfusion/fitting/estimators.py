"""The one fitting loop for scikit-learn's estimators."""

from dataclasses import replace
from importlib.metadata import version
from time import perf_counter

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import has_fit_parameter
from threadpoolctl import threadpool_limits

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.fitting.balance import balanced_sample
from serfusion.fitting.rows import Rows
from serfusion.fitting.temperature import TemperatureScaled, fit_temperature
from serfusion.logs import logger


def fit(
    rows: dict[str, Rows], estimator: str, settings: dict, training: dict, *, seed: int
) -> tuple[TemperatureScaled, dict]:
    """Fit an estimator on training rows, and its temperature on validation rows.

    The rows are standardised, unless the estimator does that itself.

    Its probabilities are the softmax of its decision scores, divided by the temperature under
    which the validation targets are most likely. The temperature does not change its decisions.

    Parameters
    ----------
    rows : dict of Rows
        `train` and `validation`; no other role is used.
    estimator : str
        A module of `serfusion.models`.
    settings : dict
        The hyperparameters of the estimator.
    training : dict
        `balance`: `none`, or how rare emotions are balanced, `weights` or `sampling`.
    seed : int

    Returns
    -------
    fitted : TemperatureScaled
    record : dict
        `parameters`, `train_seconds`, `rows`, `device`, `versions`.

    Raises
    ------
    Refusal
        If `balance` is `weights` and the estimator cannot weight rows.
    """
    train, validation = rows["train"], rows["validation"]
    module = registry.load("models", estimator)
    if getattr(module, "BLOCKS", False):
        blocks = tuple(block.columns for block in train.blocks) or (train.size,)
        pipeline, values = make_pipeline(module.build(seed, blocks, **settings)), train.values
    else:
        pipeline = make_pipeline(StandardScaler(), module.build(seed, **settings))
        values = train.vectors
    start = perf_counter()
    with threadpool_limits(1):
        _fit(pipeline, values, train.targets, training["balance"], seed)
        fitted = fit_temperature(pipeline, validation.vectors, validation.targets)
    seconds = perf_counter() - start
    logger.info("%s: fitted on %d rows in %.1f s", estimator, len(train.targets), seconds)
    record = {
        "parameters": int(module.parameter_count(pipeline[-1])),
        "train_seconds": round(seconds, 2),
        "rows": len(train.targets),
        "device": "cpu",
        "versions": {"scikit-learn": version("scikit-learn")},
    }
    return fitted, record


def _fit(
    pipeline: Pipeline, values: np.ndarray, targets: np.ndarray, balance: str, seed: int
) -> None:
    fit_parameters = {}
    if balance == "sampling":
        sample = balanced_sample(targets, seed)
        values, targets = values[sample], targets[sample]
    if balance == "weights":
        name, final = pipeline.steps[-1]
        if not has_fit_parameter(final, "sample_weight"):
            raise Refusal(f"{type(final).__name__} cannot weight clips: set balance to sampling.")
        fit_parameters[f"{name}__sample_weight"] = compute_sample_weight("balanced", targets)
    pipeline.fit(values, targets, **fit_parameters)


def refit(
    fitted: TemperatureScaled,
    record: dict,
    rows: dict[str, Rows],
    estimator: str,
    settings: dict,
    training: dict,
    *,
    seed: int,
) -> tuple[TemperatureScaled, dict]:
    """Fit an estimator once more, on training and validation rows, and keep its temperature.

    Parameters
    ----------
    fitted : TemperatureScaled
    record : dict
        What `fit` returned for the same rows, without having seen the validation rows.
    rows, estimator, settings, training, seed
        As of `fit`.

    Returns
    -------
    refitted : TemperatureScaled
    record : dict
        As that of `fit`; the seconds are of both fits.
    """
    train, validation = rows["train"], rows["validation"]
    together = replace(
        train,
        keys=pd.concat([train.keys, validation.keys], ignore_index=True),
        values=np.concatenate([train.values, validation.values]),
        targets=np.concatenate([train.targets, validation.targets]),
    )
    seen = {"train": together, "validation": validation}
    refitted, again = fit(seen, estimator, settings, training, seed=seed)
    seconds = round(record["train_seconds"] + again["train_seconds"], 2)
    scaled = replace(refitted, temperature=fitted.temperature)
    return scaled, again | {"train_seconds": seconds}


def probabilities(
    fitted: TemperatureScaled, rows: dict[str, Rows], class_count: int
) -> dict[str, np.ndarray]:
    """Return the predicted probabilities for the rows of each role, shape (rows, class_count)."""
    with threadpool_limits(1):
        return {
            role: fitted.predict_proba(role_rows.vectors, class_count)
            for role, role_rows in rows.items()
        }


def trial(
    rows: dict[str, Rows],
    classes: list[str],
    estimator: str,
    settings: dict,
    training: dict,
    seed: int,
    initial_weights: None = None,
) -> np.ndarray:
    """Fit an estimator and return its probabilities for the validation rows.

    See `serfusion.fitting.search.Trial`. `initial_weights` only matches the signature for networks
    and is ignored.

    Returns
    -------
    ndarray of shape (validation rows, classes), float64
    """
    fitted, _ = fit(rows, estimator, settings, training, seed=seed)
    validation = {"validation": rows["validation"]}
    return probabilities(fitted, validation, len(classes))["validation"]
