"""The search for the settings of a model, on the validation rows of one fold."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pandas as pd

from serfusion.fitting.candidates import apply_candidate, candidate_text, candidates, value_text
from serfusion.fitting.rows import Rows
from serfusion.logs import logger

MIN_PROBABILITY = 1e-12
"""The lowest probability of the true emotion in the loss, which keeps the loss finite."""

Trial = Callable[[dict[str, Rows], dict, dict], np.ndarray]
"""Maps rows, settings and training settings to probabilities, shape (validation rows, classes)."""


def search(
    rows: dict[str, Rows], grid: dict[str, list], settings: dict, training: dict, trial: Trial
) -> pd.DataFrame:
    """Try every candidate of a grid on one fold and choose the best on its validation rows.

    The candidate with the highest validation accuracy is chosen; ties go to the lowest validation
    cross-entropy, and then to the first candidate.

    Each fold makes its own choice from its own validation clips, so that the choice is part of the
    procedure that the test clips evaluate (nested validation; Cawley & Talbot 2010, "On
    over-fitting in model selection"). A single choice for all folds would have seen test clips,
    because the validation actors of one fold are test actors of another.

    Parameters
    ----------
    rows : dict of Rows
        `train` and `validation`; no other role is used.
    grid : dict
        Maps each setting to the values to try.
    settings, training : dict
        The model's settings and training settings, whose values the candidates replace. Layers and
        statistics of encoders that a candidate names are chosen from the rows.
    trial : callable
        Fits the model in the same way as the final fit; see `Trial`.

    Returns
    -------
    DataFrame
        A row per candidate, in the order of `candidates`: the settings as text, then
        `validation_accuracy`, `validation_loss` and `chosen`.
    """
    rows = {role: rows[role] for role in ("train", "validation")}
    targets = rows["validation"].targets
    tried = candidates(grid)
    results = []
    for number, candidate in enumerate(tried, start=1):
        start = perf_counter()
        tried_rows = {role: role_rows.reading(candidate) for role, role_rows in rows.items()}
        probabilities = trial(tried_rows, *apply_candidate(candidate, settings, training))
        accuracy, loss = _accuracy(probabilities, targets), _loss(probabilities, targets)
        results.append((accuracy, loss))
        logger.info(
            "candidate %d of %d, %s: validation accuracy %.1f %%, loss %.3f, %.1f s",
            *(number, len(tried), candidate_text(candidate)),
            *(100 * accuracy, loss, perf_counter() - start),
        )
    best = max(range(len(tried)), key=lambda index: (results[index][0], -results[index][1]))
    table = pd.DataFrame([{key: value_text(candidate[key]) for key in grid} for candidate in tried])
    table[["validation_accuracy", "validation_loss"]] = results
    return table.assign(chosen=table.index == best)


def _accuracy(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float((probabilities.argmax(axis=1) == targets).mean())


def _loss(probabilities: np.ndarray, targets: np.ndarray) -> float:
    true_class = probabilities[np.arange(len(targets)), targets].astype(np.float64)
    return float(-np.log(np.clip(true_class, MIN_PROBABILITY, None)).mean())
