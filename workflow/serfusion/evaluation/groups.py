"""Accuracy by emotion, gender, actor, corpus, sentence, intensity and length of the clips."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
from natsort import natsorted

from serfusion.evaluation.intervals import bootstrap_limits

BY = ("emotion", "gender", "actor", "corpus", "sentence", "intensity", "length")
UNKNOWN = "unknown"
"""The group of clips whose corpus does not state the property that clips are grouped by."""


def group_table(predictions: pd.DataFrame, dataset: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the accuracy of each model on each group of test clips.

    Parameters
    ----------
    predictions : DataFrame
        The table of `predictions.parquet`. Models that were adapted have no predictions for the
        clips that they were adapted by, and their figures are of the other clips.
    dataset : DataFrame
        The dataset's clip table.
    seed : int
        Seed of the bootstrap; the same actors are drawn for every model.

    Returns
    -------
    DataFrame
        `model`; `by`, one of `BY`; `group`, such as `angry`, or for lengths the bounds of a quarter
        of the clips (see `length_quarters`); `clips` and `actors`, their numbers; `accuracy`, 0 to
        1, and `accuracy_low` and `accuracy_high`, its 95 % percentile interval by bootstrap over
        the group's actors (NaN if there is a single actor). Groups are in natural order. A property
        that is not known of any clip is left out.
    """
    models = list(predictions["model"].unique())
    correct = predictions.assign(correct=predictions["emotion"] == predictions["predicted"])
    correct = correct.pivot(index=["fold", "clip"], columns="model", values="correct")[models]
    clips = correct.index.to_frame(index=False).merge(dataset, on="clip", validate="many_to_one")
    same_clips: dict[bytes, list[str]] = {}
    for model in models:
        same_clips.setdefault(correct[model].notna().to_numpy().tobytes(), []).append(model)
    rows = []
    for by, labels in group_labels(clips).items():
        for names in same_clips.values():
            answered = correct[names[0]].notna().to_numpy()
            answers = correct.loc[answered, names].astype(bool)
            rows += _rows(by, labels[answered], clips.loc[answered, "actor"], answers, seed)
    columns = ["model", "by", "group", "clips", "actors"]
    columns += ["accuracy", "accuracy_low", "accuracy_high"]
    table = pd.DataFrame(rows, columns=columns)
    model_order = pd.Categorical(table["model"], models).codes
    return table.iloc[np.argsort(model_order, kind="stable")].reset_index(drop=True)


def _rows(
    by: str, labels: pd.Series, actors: pd.Series, correct: pd.DataFrame, seed: int
) -> Iterator[tuple]:
    """Yield the rows of models that answered the same clips, for one property.

    Parameters
    ----------
    by : str
    labels, actors : Series of str
        The group and the actor of each clip.
    correct : DataFrame of bool
        A row per clip, a column per model.
    seed : int
    """
    by_actor = correct.groupby([labels.to_numpy(), actors.to_numpy()], sort=True)
    correct_counts, clip_counts = by_actor.sum(), by_actor.size()
    for group in natsorted(labels.unique()):
        group_clips = clip_counts.loc[group].to_numpy()
        group_correct = correct_counts.loc[group].to_numpy(dtype=float)
        figures = _accuracies(group_correct, group_clips, seed)
        for model, accuracy, low, high in zip(correct.columns, *figures, strict=True):
            sizes = group_clips.sum(), len(group_clips)
            yield (model, by, group, *sizes, accuracy, low, high)


def group_labels(clips: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the group of each clip, for each property in `BY` that is known of any clip.

    A sentence is named with its corpus, such as `ravdess/kids`, because corpora may use the same
    words for different sentences.

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
    """Return the bounds of the quarter of all lengths that each clip is in.

    The bounds are the quartiles, rounded to 0.01 s. A clip whose length equals a bound is in the
    shorter quarter. If quartiles are equal, there are fewer than four quarters.

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
    quartiles = np.quantile(lengths, [0, 0.25, 0.5, 0.75, 1]).round(2)
    inner = np.setdiff1d(quartiles[1:-1], quartiles[[0, -1]])
    bounds = [quartiles[0], *inner, quartiles[-1]]
    names = np.array([f"{low:.2f} to {high:.2f} s" for low, high in pairwise(bounds)])
    return pd.Series(names[np.searchsorted(inner, lengths)], index=duration_s.index)


def _accuracies(correct: np.ndarray, clips: np.ndarray, seed: int) -> Iterator[np.ndarray]:
    """Return the accuracies of one group and their limits, each of shape (models,).

    Parameters
    ----------
    correct : ndarray of shape (actors, models)
        Number of clips that were recognised.
    clips : ndarray of shape (actors,)
        Number of clips.
    """

    def accuracy(weights: np.ndarray) -> np.ndarray:
        return np.tensordot(correct, weights, axes=(0, -1)) / (weights @ clips)

    return accuracy(np.ones(len(clips))), *bootstrap_limits(accuracy, len(clips), seed)
