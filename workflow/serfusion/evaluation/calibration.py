"""How far a model's probabilities can be taken at their word."""

import numpy as np
import pandas as pd

from serfusion.evaluation.counts import times_drawn
from serfusion.evaluation.intervals import limits
from serfusion.fitting.predictions import probability_columns

BINS = 10


def calibration_table(predictions: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the reliability of each model's top probability, and its calibration error.

    Guo et al. (2017), "On calibration of modern neural networks": clips are put by the probability
    of their answer into `BINS` bins of equal width, open below and closed above; the expected
    calibration error (ECE) is the mean over clips of the gap between their bin's accuracy and its
    mean probability. It counts chance gaps too, and so is never quite 0, and drawn anew a little
    higher: its interval may lie above it where it is small.

    Parameters
    ----------
    predictions : DataFrame
        As `predictions.parquet` has it.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        `model`; `low` and `high`, the bounds of the probabilities that a row is of; `clips` with
        such; `confidence`, their mean, and `accuracy`, the share of them that was right (NaN in an
        empty bin). Each model's last row, from 0 to 1, is of all its clips, and alone has `ece`
        with `ece_low` and `ece_high`, its 95 % percentile interval by bootstrap over actors (NaN
        where there is a single one). All 0 to 1.
    """
    chances = probability_columns(predictions)
    answers = pd.DataFrame(
        {
            "model": predictions["model"],
            "actor": predictions["actor"],
            "confidence": predictions[chances].max(axis=1).astype(np.float64),
            "right": (predictions["emotion"] == predictions["predicted"]).astype(np.float64),
        }
    )
    tables = [
        _reliability(own, seed).assign(model=model)
        for model, own in answers.groupby("model", sort=False)
    ]
    columns = ["model", "low", "high", "clips", "confidence", "accuracy"]
    return pd.concat(tables, ignore_index=True)[[*columns, "ece", "ece_low", "ece_high"]]


def bin_of(confidence: np.ndarray) -> np.ndarray:
    """Return the number, from 0, of the bin that each probability is in."""
    return np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence)


def _reliability(answers: pd.DataFrame, seed: int) -> pd.DataFrame:
    bins = bin_of(answers["confidence"].to_numpy())
    gaps = (answers["right"] - answers["confidence"]).groupby([answers["actor"], bins]).sum()
    by_actor = gaps.unstack(fill_value=0).to_numpy()
    clips = answers.groupby("actor").size().to_numpy()

    def error(drawn: np.ndarray) -> np.ndarray:
        times = times_drawn(drawn)
        return (np.abs(times @ by_actor).sum(axis=-1) / (times @ clips))[None]

    means = answers.groupby(bins)[["confidence", "right"]].mean().reindex(range(BINS))
    low, high = limits(error, len(clips), seed)
    whole = {
        "low": 0.0,
        "high": 1.0,
        "clips": len(answers),
        "confidence": answers["confidence"].mean(),
        "right": answers["right"].mean(),
        "ece": error(np.arange(len(clips))).item(),
        "ece_low": low.item(),
        "ece_high": high.item(),
    }
    means["low"] = np.arange(BINS) / BINS
    means["high"] = np.arange(1, BINS + 1) / BINS
    means["clips"] = np.bincount(bins, minlength=BINS)
    rows = pd.DataFrame([*means.to_dict("records"), whole])
    return rows.rename(columns={"right": "accuracy"})
