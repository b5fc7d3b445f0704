"""The one fitting loop for scikit-learn's estimators."""

from importlib.metadata import version
from time import perf_counter

import numpy as np
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import has_fit_parameter
from threadpoolctl import threadpool_limits

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.fitting.balance import balanced_sample
from serfusion.fitting.rows import Rows
from serfusion.fitting.temperature import Calibrated, calibrate
from serfusion.logs import logger


def fit(
    rows: dict[str, Rows], estimator: str, settings: dict, training: dict, *, seed: int
) -> tuple[Calibrated, dict]:
    """Fit an estimator on standardised training rows, and its probabilities on validation rows.

    The probabilities are the softmax of the estimator's own scores at a temperature that suits
    the validation clips best, which leaves its decisions as they are.

    Parameters
    ----------
    rows : dict of Rows
        `train` and `validation`; nothing else is looked at.
    estimator : str
        A module of `serfusion.models`.
    settings : dict
        Its hyper-parameters.
    training : dict
        `balance`: what is done about emotions that are rarer than others.
    seed : int

    Returns
    -------
    fitted : Calibrated
    record : dict
        `parameters`, `train_seconds`, `rows`, `device`, `versions`.

    Raises
    ------
    Refusal
        If rows are to be weighted and the estimator cannot.
    """
    train, validation = rows["train"], rows["validation"]
    module = registry.load("models", estimator)
    pipeline = make_pipeline(StandardScaler(), module.build(seed, **settings))
    began = perf_counter()
    with threadpool_limits(1):
        _fit(pipeline, train, training["balance"], seed)
        fitted = calibrate(pipeline, validation.values, validation.targets)
    seconds = perf_counter() - began
    logger.info("%s: fitted on %d rows in %.1f s", estimator, len(train.targets), seconds)
    record = {
        "parameters": int(module.parameters(pipeline[-1])),
        "train_seconds": round(seconds, 2),
        "rows": len(train.targets),
        "device": "cpu",
        "versions": {"scikit-learn": version("scikit-learn")},
    }
    return fitted, record


def _fit(pipeline: Pipeline, train: Rows, balance: str, seed: int) -> None:
    values, targets, weights = train.values, train.targets, {}
    if balance == "sampling":
        drawn = balanced_sample(targets, seed)
        values, targets = values[drawn], targets[drawn]
    if balance == "weights":
        name, final = pipeline.steps[-1]
        if not has_fit_parameter(final, "sample_weight"):
            raise Refusal(f"{type(final).__name__} cannot weight clips: set balance to sampling.")
        weights[f"{name}__sample_weight"] = compute_sample_weight("balanced", targets)
    pipeline.fit(values, targets, **weights)


def probabilities(fitted: Calibrated, rows: dict[str, Rows], classes: int) -> dict[str, np.ndarray]:
    """Return the probabilities, shape (rows, classes), for the rows of each role."""
    with threadpool_limits(1):
        return {role: fitted.predict_proba(side.values, classes) for role, side in rows.items()}


def trial(
    rows: dict[str, Rows],
    names: list[str],
    estimator: str,
    settings: dict,
    training: dict,
    seed: int,
    initial_weights: None = None,
) -> np.ndarray:
    """Return what `fit` with these settings answers: `serfusion.fitting.search.Trial` for estimators."""
    fitted, _ = fit(rows, estimator, settings, training, seed=seed)
    validation = {"validation": rows["validation"]}
    return probabilities(fitted, validation, len(names))["validation"]
