"""Paired differences between models on the same test clips: size, interval and significance."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import wilcoxon
from statsmodels.stats.multitest import multipletests

from serfusion.evaluation.intervals import bootstrap_limits, weighted_counts
from serfusion.evaluation.metrics import scores

PAIRED_METRICS = ("accuracy", "uar")
DIFFERENCE_COLUMNS = [
    *(
        column
        for metric in PAIRED_METRICS
        for column in (
            metric,
            f"other_{metric}",
            f"{metric}_difference",
            f"{metric}_difference_low",
            f"{metric}_difference_high",
        )
    ),
    "p",
]


def paired_differences(
    counts: np.ndarray, first: np.ndarray, second: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """Return how far the first model of each pair is ahead of the second.

    Parameters
    ----------
    counts : ndarray of shape (models, actors, classes, classes)
        Confusion matrices of models on the same clips: row is the truth, column the prediction.
    first, second : ndarray of int, shape (pairs,)
        Indices of the models of each pair.
    seed : int
        Seed of the bootstrap. The same actors are drawn for every model, so that both models'
        predictions for an actor's clips stay together.

    Returns
    -------
    dict of ndarray of shape (pairs,)
        By the names in `DIFFERENCE_COLUMNS`: for accuracy and UAR (0 to 1) the pooled score of the
        first model, `<metric>`, and of the second, `other_<metric>`; `<metric>_difference`, first
        minus second, and the limits of its 95 % percentile interval by bootstrap over actors (NaN
        if there is a single actor); and `p`, of the signed-rank test of the actors' accuracies (see
        `signed_rank_p`).
    """

    def statistic(weights: np.ndarray) -> np.ndarray:
        resampled = scores(weighted_counts(counts, weights))
        values = np.stack([resampled[metric] for metric in PAIRED_METRICS])
        return values[:, first] - values[:, second]

    pooled = scores(counts.sum(axis=1))
    limits = bootstrap_limits(statistic, counts.shape[1], seed)
    columns = {}
    for metric, low, high in zip(PAIRED_METRICS, *limits, strict=True):
        first_scores, second_scores = pooled[metric][first], pooled[metric][second]
        columns |= {
            metric: first_scores,
            f"other_{metric}": second_scores,
            f"{metric}_difference": first_scores - second_scores,
            f"{metric}_difference_low": low,
            f"{metric}_difference_high": high,
        }
    accuracies = scores(counts)["accuracy"]
    by_actor = accuracies[first] - accuracies[second]
    return columns | {"p": np.array([signed_rank_p(differences) for differences in by_actor])}


def signed_rank_p(differences: np.ndarray) -> float:
    """Return the two-sided p-value of Wilcoxon's signed-rank test of paired differences.

    Differences of zero are left out, as in Wilcoxon (1945); if all are zero, p is 1. The test is
    exact for up to 50 differences without ties or up to 13 with ties, and uses the normal
    approximation otherwise.

    Parameters
    ----------
    differences : ndarray of shape (n,)
        For example, of the accuracies of two models, one difference per actor.
    """
    # Equal fractions of clips may differ in their last digits, which would hide ties.
    differences = np.round(differences, 12)
    differences = differences[differences != 0]
    return float(wilcoxon(differences).pvalue) if len(differences) else 1.0


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Return p-values corrected for their number by Holm's step-down method (Holm 1979).

    Rejecting every hypothesis whose corrected value is below a level keeps the probability of
    rejecting any true hypothesis below that level.

    Parameters
    ----------
    p_values : sequence of float
        Of all comparisons that are made.

    Returns
    -------
    ndarray of shape (n,)
        In the order of `p_values`.
    """
    return multipletests(np.asarray(p_values, dtype=np.float64), method="holm")[1]
