"""Accuracy on the clips of each emotion, gender, actor, corpus, sentence, intensity and length."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from serfusion.evaluation.counts import times_drawn
from serfusion.evaluation.intervals import limits
from serfusion.natural_order import natural_key

BY = ("emotion", "gender", "actor", "corpus", "sentence", "intensity", "length")
UNKNOWN = "unknown"
"""The group of the clips of which a corpus does not say what others are grouped by."""


def group_table(predictions: pd.DataFrame, dataset: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the accuracy of each model on each group of test clips.

    Parameters
    ----------
    predictions : DataFrame
        As `predictions.parquet` has it: every model's answers to the same test clips.
    dataset : DataFrame
        The dataset's clip table.
    seed : int
        Of the bootstrap; the same seed draws the same actors for every model.

    Returns
    -------
    DataFrame
        `model`; `by`, one of `BY`; `group`, such as `angry`, or of lengths the bounds of a quarter
        of the clips (see `length_quarters`); `clips` and `actors` in it; `accuracy`, 0 to 1, and
        `accuracy_low` and `accuracy_high`, its 95 % percentile interval by bootstrap over the
        group's actors, NaN where there is a single one. Nothing is grouped by what is not known of
        any clip.
    """
    models = list(predictions["model"].unique())
    right = predictions.assign(right=predictions["emotion"] == predictions["predicted"])
    right = right.pivot(index=["fold", "clip"], columns="model", values="right")[models]
    clips = right.index.to_frame(index=False).merge(dataset, on="clip", validate="many_to_one")
    rows = []
    for by, labels in memberships(clips).items():
        keys = [labels.to_numpy(), clips["actor"].to_numpy()]
        grouped = right.groupby(keys, sort=True)
        hits, counts = grouped.sum(), grouped.size()
        for group in sorted(labels.unique(), key=natural_key):
            own = counts.loc[group].to_numpy()
            figures = _accuracies(hits.loc[group].to_numpy(dtype=float), own, seed)
            for model, accuracy, low, high in zip(models, *figures, strict=True):
                rows.append((model, by, group, own.sum(), len(own), accuracy, low, high))
    columns = ["model", "by", "group", "clips", "actors"]
    columns += ["accuracy", "accuracy_low", "accuracy_high"]
    table = pd.DataFrame(rows, columns=columns)
    place = pd.Categorical(table["model"], models)
    return table.iloc[np.argsort(place.codes, kind="stable")].reset_index(drop=True)


def memberships(clips: pd.DataFrame) -> dict[str, pd.Series]:
    """Return, for each of `BY` that is known of any clip, the group of each clip.

    A sentence is named with its corpus, `ravdess/kids`: corpora share words, not recordings.

    Parameters
    ----------
    clips : DataFrame
        Rows of a clip table.
    """
    labels = {by: clips[by] for by in ("emotion", "gender", "actor", "corpus", "intensity")}
    labels["sentence"] = clips["corpus"] + "/" + clips["sentence"]
    labels["length"] = length_quarters(clips["duration_s"])
    return {by: labels[by].fillna(UNKNOWN) for by in BY if labels[by].notna().any()}


def length_quarters(duration_s: pd.Series) -> pd.Series:
    """Return, for each clip, the bounds of the quarter of all lengths that it is in.

    Quarters meet at the quartiles, rounded to 0.01 s; a clip that lies on one is in the shorter
    quarter. Where quartiles are equal there are fewer quarters.

    Parameters
    ----------
    duration_s : Series
        Seconds.

    Returns
    -------
    Series of str
        Such as `2.94 to 3.47 s`.
    """
    lengths = duration_s.to_numpy(dtype=np.float64)
    bounds = np.quantile(lengths, [0, 0.25, 0.5, 0.75, 1]).round(2)
    inner = np.setdiff1d(bounds[1:-1], bounds[[0, -1]])
    edges = [bounds[0], *inner, bounds[-1]]
    names = np.array([f"{low:.2f} to {high:.2f} s" for low, high in pairwise(edges)])
    return pd.Series(names[np.searchsorted(inner, lengths)], index=duration_s.index)


def _accuracies(hits: np.ndarray, clips: np.ndarray, seed: int) -> Iterator[np.ndarray]:
    """Return accuracies and their limits, each of shape (models,), of one group.

    Parameters
    ----------
    hits : ndarray of shape (actors, models)
        Clips that were answered rightly.
    clips : ndarray of shape (actors,)
        Clips that were answered.
    """

    def figures(drawn: np.ndarray) -> np.ndarray:
        times = times_drawn(drawn)
        return np.tensordot(hits, times, axes=(0, -1)) / (times @ clips)

    return figures(np.arange(len(clips))), *limits(figures, len(clips), seed)
