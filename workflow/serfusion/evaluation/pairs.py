"""Every pair of an experiment's models, compared on the same test clips."""

from itertools import combinations

import numpy as np
import pandas as pd

from serfusion.errors import Refusal
from serfusion.evaluation.counts import drawn_counts, model_counts
from serfusion.evaluation.intervals import limits
from serfusion.evaluation.metrics import scores
from serfusion.evaluation.paired import PAIRED_METRICS, holm, signed_rank_p

FIGURES = [
    name
    for metric in PAIRED_METRICS
    for name in (
        metric,
        f"other_{metric}",
        f"{metric}_difference",
        f"{metric}_difference_low",
        f"{metric}_difference_high",
    )
]
COLUMNS = ["model", "other", "clips", "actors", *FIGURES, "p", "p_holm"]


def pair_table(
    answers: pd.DataFrame, models: list[str], names: list[str], seed: int
) -> pd.DataFrame:
    """Return a row for each pair of models, in the order of `models`.

    The figures of a pair are those of `serfusion.evaluation.paired.compare`, to the last digit: the
    same actors are drawn for each model, once for all pairs.

    Parameters
    ----------
    answers : DataFrame
        Answers to test clips: columns `model`, `fold`, `clip`, `actor`, `emotion`, `predicted`.
    models : list of str
        Which are compared.
    names : list of str
        The classes.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        `model` and `other`; `clips` and `actors` that both answered; for accuracy and UAR (0 to 1)
        the pooled figure of each, `<metric>` and `other_<metric>`, and `<metric>_difference`,
        model minus other, with the limits of its 95 % interval; `p` of Wilcoxon's signed-rank test
        over actors; `p_holm`, corrected by Holm's method over all pairs. Without rows where there
        are fewer than two models.

    Raises
    ------
    Refusal
        If two models answered different clips.
    """
    pairs = list(combinations(range(len(models)), 2))
    if not pairs:
        return pd.DataFrame(columns=COLUMNS)
    clips = _same_clips(answers, models)
    counts = model_counts(answers, models, names)
    one, other = np.transpose(pairs)
    table = pd.DataFrame(
        {
            "model": np.asarray(models)[one],
            "other": np.asarray(models)[other],
            "clips": clips,
            "actors": counts.shape[1],
        }
    )
    pooled = scores(counts.sum(axis=1))
    lows, highs = _difference_limits(counts, one, other, seed)
    for place, metric in enumerate(PAIRED_METRICS):
        table[metric] = pooled[metric][one]
        table[f"other_{metric}"] = pooled[metric][other]
        table[f"{metric}_difference"] = table[metric] - table[f"other_{metric}"]
        table[f"{metric}_difference_low"] = lows[place]
        table[f"{metric}_difference_high"] = highs[place]
    by_actor = scores(counts)["accuracy"]
    table["p"] = [signed_rank_p(differences) for differences in by_actor[one] - by_actor[other]]
    table["p_holm"] = holm(table["p"])
    return table


def _same_clips(answers: pd.DataFrame, models: list[str]) -> int:
    """Return how many clips each model answered, if they are the same ones."""
    asked = {
        model: pd.MultiIndex.from_frame(own[["clip", "fold"]]).sort_values()
        for model, own in answers.groupby("model")
    }
    first, *others = models
    for model in others:
        if not asked[model].equals(asked[first]):
            raise Refusal(
                f"{first} and {model} answered different test clips: delete the experiment's "
                "predictions and run again."
            )
    return len(asked[first])


def _difference_limits(
    counts: np.ndarray, one: np.ndarray, other: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of all pairs' differences, each of shape (metrics, pairs)."""

    def differences(drawn: np.ndarray) -> np.ndarray:
        found = scores(drawn_counts(counts, drawn))
        figures = np.stack([found[metric] for metric in PAIRED_METRICS])
        apart = figures[:, one] - figures[:, other]
        return apart.reshape(-1, *apart.shape[2:])

    shape = (len(PAIRED_METRICS), len(one))
    return tuple(np.reshape(side, shape) for side in limits(differences, counts.shape[1], seed))
