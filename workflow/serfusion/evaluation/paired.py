"""Whether one model is better than another on the same test clips."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import wilcoxon

from serfusion.errors import Refusal
from serfusion.evaluation.counts import drawn_counts
from serfusion.evaluation.intervals import actor_counts, limits
from serfusion.evaluation.metrics import scores

PAIRED_METRICS = ("accuracy", "uar")


def shared(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the answers to the clips that both tables have, by clip.

    Parameters
    ----------
    one, other : DataFrame
        Columns `clip`, `actor`, `emotion`, and others that are kept; a row per clip.

    Raises
    ------
    Refusal
        If there is no such clip, or one has another actor or emotion on the other side.
    """
    one, other = (
        own[own["clip"].isin(against["clip"])].sort_values("clip", ignore_index=True)
        for own, against in ((one, other), (other, one))
    )
    if one.empty:
        raise Refusal("the two have no test clip in common; compare models of the same corpora.")
    for column in ("actor", "emotion"):
        differ = one[column] != other[column]
        if differ.any():
            place = differ.idxmax()
            raise Refusal(
                f"the {column} of {one.loc[place, 'clip']} is {one.loc[place, column]} on one side "
                f"and {other.loc[place, column]} on the other; use datasets that agree on it."
            )
    return one, other


def compare(one: pd.DataFrame, other: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return how far one model is ahead of another on the test clips that both answered.

    Parameters
    ----------
    one, other : DataFrame
        A model's answers to test clips: columns `clip`, `actor`, `emotion`, `predicted`.
    seed : int
        Of the bootstrap; the same seed draws the same actors for every pair of models.

    Returns
    -------
    dict
        `clips` and `actors` that both answered; for accuracy and UAR (0 to 1) the pooled figure
        of each, `<metric>` and `other_<metric>`, and `<metric>_difference`, one minus other, with
        the limits `<metric>_difference_low` and `_high` of its 95 % percentile interval: actors
        are drawn with replacement, and both models' answers to an actor's clips stay together
        (NaN when there is a single actor); and `p`, see `signed_rank_p`.

    Raises
    ------
    Refusal
        If no clip is shared, or one has another actor or emotion on the other side.
    """
    one, other = shared(one, other)
    labels = [side[column] for side in (one, other) for column in ("emotion", "predicted")]
    names = sorted(set(pd.concat(labels)))
    counts = np.stack([actor_counts(side, names) for side in (one, other)])

    def differences(drawn: np.ndarray) -> np.ndarray:
        ours, others = map(scores, drawn_counts(counts, drawn))
        return np.stack([ours[metric] - others[metric] for metric in PAIRED_METRICS])

    result = {"clips": len(one), "actors": counts.shape[1]}
    pooled = scores(counts.sum(axis=1))
    by_metric = zip(PAIRED_METRICS, *limits(differences, counts.shape[1], seed), strict=True)
    for metric, low, high in by_metric:
        ours, others = (float(figure) for figure in pooled[metric])
        result |= {metric: ours, f"other_{metric}": others, f"{metric}_difference": ours - others}
        result |= {
            f"{metric}_difference_low": float(low),
            f"{metric}_difference_high": float(high),
        }
    ours, others = scores(counts)["accuracy"]
    return result | {"p": signed_rank_p(ours - others)}


def signed_rank_p(differences: np.ndarray) -> float:
    """Return the two-sided p of Wilcoxon's signed-rank test of paired differences.

    Differences of zero are left out, as Wilcoxon had it; where all are zero p is 1. It is exact for
    at most 50 differences without ties or 13 with, else by the normal approximation.

    Parameters
    ----------
    differences : ndarray of shape (n,)
        Such as those of two models' accuracies, one per actor.
    """
    # Shares of clips that are equal as fractions may differ in their last digits: no ties then.
    differences = np.round(differences, 12)
    differences = differences[differences != 0]
    return float(wilcoxon(differences).pvalue) if len(differences) else 1.0


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Return p-values corrected for their number, by Holm's step-down method.

    Parameters
    ----------
    p_values : sequence of float
        Of all comparisons that are made.

    Returns
    -------
    ndarray of shape (n,)
        In the order given; what is below a level is so with that chance at most that any of the
        hypotheses is rejected wrongly (Holm 1979).
    """
    p_values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p_values, kind="stable")
    stepped = np.arange(len(p_values), 0, -1) * p_values[order]
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(1, np.maximum.accumulate(stepped))
    return corrected
