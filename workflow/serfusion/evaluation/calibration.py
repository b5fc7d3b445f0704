"""How well a model's probabilities agree with its accuracy."""

import numpy as np
import pandas as pd

from serfusion.evaluation.intervals import bootstrap_limits
from serfusion.fitting.predictions import probability_columns

BINS = 10


def calibration_table(predictions: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the reliability of each model's highest probability, and its calibration error.

    Guo et al. (2017), "On calibration of modern neural networks": clips are sorted by their
    confidence, the probability of the predicted emotion, into `BINS` bins of equal width, open
    below and closed above. The expected calibration error (ECE) is the mean over clips of the
    absolute difference between the accuracy and the mean confidence of their bin. Because random
    differences count too, the ECE is never quite 0, and it is slightly higher in resamples: if it
    is small, the interval may lie above it.

    Parameters
    ----------
    predictions : DataFrame
        The table of `predictions.parquet`.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        `model`; `low` and `high`, the bounds of the bin; `clips`, their number; `confidence`, their
        mean confidence, and `accuracy` (both NaN in an empty bin). The last row of each model, from
        0 to 1, covers all its clips; only that row has `ece` with `ece_low` and `ece_high`, its
        95 % percentile interval by bootstrap over actors (NaN if there is a single actor). All are
        0 to 1.
    """
    clips = pd.DataFrame(
        {
            "model": predictions["model"],
            "actor": predictions["actor"],
            "confidence": predictions[probability_columns(predictions)]
            .max(axis=1)
            .astype(np.float64),
            "correct": (predictions["emotion"] == predictions["predicted"]).astype(np.float64),
        }
    )
    tables = [
        _reliability(model_clips, seed).assign(model=model)
        for model, model_clips in clips.groupby("model", sort=False)
    ]
    columns = ["model", "low", "high", "clips", "confidence", "accuracy"]
    return pd.concat(tables, ignore_index=True)[[*columns, "ece", "ece_low", "ece_high"]]


def bin_numbers(confidence: np.ndarray) -> np.ndarray:
    """Return the number of the bin, from 0, that each probability is in."""
    return np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence)


def _reliability(clips: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return one model's rows: a row per bin, then one for all clips."""
    bins = bin_numbers(clips["confidence"].to_numpy())
    gaps = (clips["correct"] - clips["confidence"]).groupby([clips["actor"], bins]).sum()
    gaps = gaps.unstack(fill_value=0).to_numpy()
    clip_counts = clips.groupby("actor").size().to_numpy()

    def calibration_error(weights: np.ndarray) -> np.ndarray:
        return np.abs(weights @ gaps).sum(axis=-1) / (weights @ clip_counts)

    low, high = bootstrap_limits(calibration_error, len(clip_counts), seed)
    all_clips = {
        "low": 0.0,
        "high": 1.0,
        "clips": len(clips),
        "confidence": clips["confidence"].mean(),
        "correct": clips["correct"].mean(),
        "ece": float(calibration_error(np.ones(len(clip_counts)))),
        "ece_low": float(low),
        "ece_high": float(high),
    }
    by_bin = clips.groupby(bins)[["confidence", "correct"]].mean().reindex(range(BINS))
    by_bin["low"] = np.arange(BINS) / BINS
    by_bin["high"] = np.arange(1, BINS + 1) / BINS
    by_bin["clips"] = np.bincount(bins, minlength=BINS)
    rows = pd.DataFrame([*by_bin.to_dict("records"), all_clips])
    return rows.rename(columns={"correct": "accuracy"})
