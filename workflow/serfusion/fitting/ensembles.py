"""Ensembles: the mean of the probabilities of several models of one fold, calibrated."""

from importlib.metadata import version
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.special import softmax

from serfusion.errors import Refusal
from serfusion.fitting.predictions import emotions, probability_columns
from serfusion.fitting.temperature import best_temperature

MIN_PROBABILITY = 1e-12
"""The lowest mean of probabilities, so that its logarithm is finite."""


def average(
    members: list[pd.DataFrame], records: list[dict], true_emotions: pd.Series
) -> tuple[pd.DataFrame, float, dict]:
    """Return the answers of an ensemble in one fold, its temperature, and the record of its fit.

    Its probabilities are the means of those of its members, sharpened or flattened by the
    temperature under which the validation emotions are most likely, which changes no decision.

    Parameters
    ----------
    members : list of DataFrame
        The answers of each, as `answers.parquet` has them.
    records : list of dict
        The content of their `fit.json`.
    true_emotions : Series of str
        By clip.

    Returns
    -------
    answers : DataFrame
        As those of its members.
    temperature : float
    record : dict
        `parameters`, those of all members together; `train_seconds`, its own; `rows`, those of
        the clips that its temperature was fitted on; `device`, `versions`.

    Raises
    ------
    Refusal
        If the members have answers to different clips.
    """
    start = perf_counter()
    answers = members[0].copy()
    keys = answers[["clip", "role"]]
    if any(not table[["clip", "role"]].equals(keys) for table in members):
        raise Refusal(
            "The members of an ensemble have answers to different clips: delete their "
            "answers.parquet and run again."
        )
    classes, columns = np.array(emotions(answers)), probability_columns(answers)
    means = np.mean([table[columns].to_numpy(np.float64) for table in members], axis=0)
    scores = np.log(np.clip(means, MIN_PROBABILITY, None))
    validation = (answers["role"] == "validation").to_numpy()
    targets = np.searchsorted(classes, answers["clip"].map(true_emotions)[validation])
    temperature = best_temperature(scores[validation], targets)
    answers[columns] = softmax(scores / temperature, axis=1)
    answers["predicted"] = classes[means.argmax(axis=1)]
    record = {
        "parameters": sum(record["parameters"] for record in records),
        "train_seconds": round(perf_counter() - start, 2),
        "rows": int(validation.sum()),
        "device": "cpu",
        "versions": {"scipy": version("scipy")},
    }
    return answers, temperature, record
