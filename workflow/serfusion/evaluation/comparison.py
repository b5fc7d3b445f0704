"""The table of a comparison: a row for its baseline, and one for each arm beside it."""

import numpy as np
import pandas as pd

from serfusion.errors import Refusal
from serfusion.evaluation.intervals import over_actors
from serfusion.evaluation.metrics import spread
from serfusion.evaluation.paired import PAIRED_METRICS, compare, holm, shared
from serfusion.fitting.predictions import emotions


def comparison_table(
    arms: list[dict], predictions: dict[str, pd.DataFrame], seed: int
) -> pd.DataFrame:
    """Return a row per arm, the baseline first.

    Every figure of an arm is of the test clips that it shares with the baseline. Where the two know
    different emotions these are clips of the emotions that both know, and either side's answer is
    its most probable one of those.

    Parameters
    ----------
    arms : list of dict
        `question`, `label`, `experiment` and `model`; the first is the baseline.
    predictions : dict of DataFrame
        Experiment to its `predictions.parquet`.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        `question`, `label`, `experiment`, `model`; `clips`, `actors` and `emotions`, their numbers;
        accuracy and UAR (0 to 1), pooled, with their 95 % intervals by bootstrap over actors;
        `accuracy_mean` and `accuracy_std` over folds (ddof 0, none of a single fold); then, empty
        for the baseline, its accuracy and UAR on the same clips, the differences to it with their
        intervals, `p` of Wilcoxon's signed-rank test over actors, and `p_holm`, corrected for the
        number of arms. See `serfusion.evaluation.paired`.

    Raises
    ------
    Refusal
        If an arm has no test clip in common with the baseline, or not with the same emotion.
    """
    baseline, *others = arms
    answers = _answers(predictions, baseline)
    rows = [baseline | _figures(answers, seed)]
    for arm in others:
        try:
            own, against = shared(*on_shared_emotions(_answers(predictions, arm), answers))
        except Refusal as refusal:
            words = f"{arm['label']} ({arm['experiment']}) against {baseline['label']}"
            raise Refusal(f"{words} ({baseline['experiment']}): {refusal}") from None
        paired = compare(own, against, seed)
        row = arm | _figures(own, seed)
        for metric in PAIRED_METRICS:
            row[f"baseline_{metric}"] = paired[f"other_{metric}"]
            for figure in ("difference", "difference_low", "difference_high"):
                row[f"{metric}_{figure}"] = paired[f"{metric}_{figure}"]
        rows.append(row | {"p": paired["p"]})
    table = pd.DataFrame(rows)
    table["p_holm"] = [np.nan, *holm(table["p"].iloc[1:])]
    return table


def on_shared_emotions(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the answers to clips of emotions that both know, as choices among those alone.

    Parameters
    ----------
    one, other : DataFrame
        Columns `emotion`, `predicted` and a `p_<emotion>` for each emotion that is known.
    """
    names = sorted(set(emotions(one)) & set(emotions(other)))
    return _among(one, names), _among(other, names)


def _among(answers: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    own = answers[answers["emotion"].isin(names)].copy()
    astray = ~own["predicted"].isin(names)
    if astray.any():
        given = own.loc[astray, [f"p_{name}" for name in names]].to_numpy()
        own.loc[astray, "predicted"] = np.asarray(names)[given.argmax(axis=1)]
    return own


def _answers(predictions: dict[str, pd.DataFrame], arm: dict) -> pd.DataFrame:
    table = predictions[arm["experiment"]]
    return table[table["model"] == arm["model"]]


def _figures(answers: pd.DataFrame, seed: int) -> dict[str, float]:
    names = sorted(set(answers["emotion"]) | set(answers["predicted"]))
    pooled = over_actors(answers, names, seed)
    row = {
        "clips": len(answers),
        "actors": answers["actor"].nunique(),
        "emotions": answers["emotion"].nunique(),
    }
    for metric in PAIRED_METRICS:
        row |= {key: pooled[key] for key in (metric, f"{metric}_low", f"{metric}_high")}
    right = answers["emotion"] == answers["predicted"]
    row["accuracy_mean"], row["accuracy_std"] = spread(right.groupby(answers["fold"]).mean())
    return row
