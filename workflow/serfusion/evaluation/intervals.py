"""How far a pooled figure would move with other actors."""

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from serfusion.evaluation.metrics import confusion, scores

INTERVAL_METRICS = ("accuracy", "uar", "macro_f1")
RESAMPLES = 2000
LEVEL = 0.95


def over_actors(answers: pd.DataFrame, names: list[str], seed: int) -> dict[str, float]:
    """Return pooled figures and their 95 % percentile intervals by bootstrap over actors.

    Actors, not clips, are drawn with replacement: clips of one actor are not independent.

    Parameters
    ----------
    answers : DataFrame
        One model's answers to test clips: columns `actor`, `emotion`, `predicted`.
    names : list of str
        The classes.
    seed : int

    Returns
    -------
    dict
        `accuracy`, `accuracy_low`, `accuracy_high`, and the same for `uar` and `macro_f1`; the
        limits are NaN when there is a single actor.
    """
    by_actor = np.stack(
        [
            confusion(clips["emotion"], clips["predicted"], names)
            for _, clips in answers.groupby("actor", sort=True)
        ]
    )
    pooled = scores(by_actor.sum(axis=0))
    actors = np.arange(len(by_actor))
    result = {}
    for metric in INTERVAL_METRICS:
        result[metric] = float(pooled[metric])
        limits = (np.nan, np.nan)
        if len(actors) > 1:
            limits = bootstrap(
                (actors,),
                lambda drawn, axis, metric=metric: scores(by_actor[drawn].sum(axis=-3))[metric],
                n_resamples=RESAMPLES,
                confidence_level=LEVEL,
                method="percentile",
                vectorized=True,
                rng=np.random.default_rng(seed),
            ).confidence_interval
        result[f"{metric}_low"], result[f"{metric}_high"] = (float(limit) for limit in limits)
    return result
