"""The search for a model's hyper-parameters, on the validation rows of one fold."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pandas as pd

from serfusion.fitting.candidates import applied, candidates, word, words
from serfusion.fitting.rows import Rows
from serfusion.logs import logger

LEAST_PROBABILITY = 1e-12
"""What the probability of the true emotion counts at least, so that the loss stays finite."""

Trial = Callable[[dict[str, Rows], dict, dict], np.ndarray]
"""From rows, settings and training settings to probabilities (validation rows, classes)."""


def search(
    rows: dict[str, Rows], grid: dict[str, list], settings: dict, training: dict, trial: Trial
) -> pd.DataFrame:
    """Try every candidate of a grid on one fold and choose the one that validation likes best.

    Each fold chooses for itself, by its own validation clips: what is chosen is part of how the
    fold's model comes about, and is tested with it (nested validation; Cawley & Talbot 2010, "On
    over-fitting in model selection"). One choice for all folds would have seen test clips, because
    the validation actors of one fold are test actors of another.

    The highest validation accuracy is chosen; among equals the lowest cross-entropy on validation
    clips, and then the first.

    Parameters
    ----------
    rows : dict of Rows
        `train` and `validation`; nothing else is looked at.
    grid : dict
        Setting to the values to try.
    settings, training : dict
        What the model is given beside them.
    trial : callable
        Fits the model as it will be fitted; see `Trial`.

    Returns
    -------
    DataFrame
        A row per candidate, in the order of `candidates`: each setting in words, then
        `validation_accuracy`, `validation_loss` and `chosen`.
    """
    rows = {role: rows[role] for role in ("train", "validation")}
    targets = rows["validation"].targets
    tried = candidates(grid)
    scores = []
    for number, candidate in enumerate(tried, start=1):
        began = perf_counter()
        given = trial(rows, *applied(candidate, settings, training))
        scores.append((_accuracy(given, targets), _loss(given, targets)))
        logger.info(
            "candidate %d of %d, %s: validation accuracy %.1f %%, loss %.3f, %.1f s",
            *(number, len(tried), words(candidate)),
            *(100 * scores[-1][0], scores[-1][1], perf_counter() - began),
        )
    best = max(range(len(tried)), key=lambda at: (scores[at][0], -scores[at][1]))
    table = pd.DataFrame([{key: word(one[key]) for key in grid} for one in tried])
    table[["validation_accuracy", "validation_loss"]] = scores
    return table.assign(chosen=table.index == best)


def _accuracy(given: np.ndarray, targets: np.ndarray) -> float:
    return float((given.argmax(axis=1) == targets).mean())


def _loss(given: np.ndarray, targets: np.ndarray) -> float:
    likelihoods = given[np.arange(len(targets)), targets].astype(np.float64)
    return float(-np.log(np.clip(likelihoods, LEAST_PROBABILITY, None)).mean())
