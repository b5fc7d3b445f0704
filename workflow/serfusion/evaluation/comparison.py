"""The table of a comparison: a row for its baseline, and one for each other arm."""

import numpy as np
import pandas as pd

from serfusion.errors import Refusal
from serfusion.evaluation.common_clips import among_common_emotions, on_common_clips
from serfusion.evaluation.counts import actor_counts
from serfusion.evaluation.differences import PAIRED_METRICS, holm, paired_differences
from serfusion.evaluation.intervals import pooled_scores
from serfusion.evaluation.metrics import spread


def comparison_table(
    arms: list[dict], predictions: dict[str, pd.DataFrame], seed: int
) -> pd.DataFrame:
    """Return a row per arm, the baseline first.

    The figures of an arm are for the test clips that it shares with the baseline. If the two models
    know different emotions, only clips of the emotions that both know count, and the most probable
    of these emotions is each model's prediction.

    Parameters
    ----------
    arms : list of dict
        `question`, `label`, `experiment` and `model`; the first is the baseline.
    predictions : dict of DataFrame
        Experiment to its `predictions.parquet`.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        `question`, `label`, `experiment`, `model`; `clips`, `actors` and `emotions`, their numbers;
        pooled accuracy and UAR (0 to 1) with their 95 % intervals by bootstrap over actors;
        `accuracy_mean` and `accuracy_std` over folds (ddof 0, NaN for a single fold). Then, empty
        for the baseline: the baseline's accuracy and UAR on the same clips, the differences from
        them with their intervals, `p` of Wilcoxon's signed-rank test over actors, and `p_holm`,
        corrected for the number of arms. See `serfusion.evaluation.differences`.

    Raises
    ------
    Refusal
        If an arm and the baseline have no test clip in common, or disagree on the emotion of one.
    """
    baseline, *others = arms
    baseline_predictions = _of_arm(predictions, baseline)
    rows = [baseline | scores_of(baseline_predictions, seed)]
    for arm in others:
        try:
            pair = among_common_emotions(_of_arm(predictions, arm), baseline_predictions)
            arm_side, baseline_side = on_common_clips(*pair)
        except Refusal as refusal:
            sides = f"{arm['label']} ({arm['experiment']}) against {baseline['label']}"
            raise Refusal(f"{sides} ({baseline['experiment']}): {refusal}") from None
        rows.append(arm | scores_of(arm_side, seed) | against(arm_side, baseline_side, seed))
    table = pd.DataFrame(rows)
    table["p_holm"] = [np.nan, *holm(table["p"].iloc[1:])]
    return table


def compare(first: pd.DataFrame, second: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return how far one model is ahead of another on the test clips that both have.

    Parameters
    ----------
    first, second : DataFrame
        A model's predictions for test clips: columns `clip`, `actor`, `emotion`, `predicted`.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    dict
        `clips` and `actors`, the numbers that both have, and the row of
        `serfusion.evaluation.differences.paired_differences`, first minus second.

    Raises
    ------
    Refusal
        If no clip is shared, or the tables disagree on the actor or emotion of one.
    """
    sides = on_common_clips(first, second)
    labels = [side[column] for side in sides for column in ("emotion", "predicted")]
    emotions = sorted(set(pd.concat(labels)))
    counts = np.stack([actor_counts(side, emotions) for side in sides])
    differences = paired_differences(counts, np.array([0]), np.array([1]), seed)
    row = {"clips": len(sides[0]), "actors": counts.shape[1]}
    return row | {name: float(values[0]) for name, values in differences.items()}


def against(arm: pd.DataFrame, baseline: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return how far an arm is ahead of a baseline on common clips, as `comparison_table` has it.

    Parameters
    ----------
    arm, baseline, seed
        As of `compare`.

    Returns
    -------
    dict
        `baseline_accuracy`, `accuracy_difference` with its limits, the same for UAR, and `p`.
    """
    differences = compare(arm, baseline, seed)
    row = {}
    for metric in PAIRED_METRICS:
        row[f"baseline_{metric}"] = differences[f"other_{metric}"]
        for column in ("difference", "difference_low", "difference_high"):
            row[f"{metric}_{column}"] = differences[f"{metric}_{column}"]
    return row | {"p": differences["p"]}


def scores_of(predictions: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return the numbers of clips, actors and emotions of a model's predictions, and its scores."""
    emotions = sorted(set(predictions["emotion"]) | set(predictions["predicted"]))
    pooled = pooled_scores(predictions, emotions, seed)
    row = {
        "clips": len(predictions),
        "actors": predictions["actor"].nunique(),
        "emotions": predictions["emotion"].nunique(),
    }
    for metric in PAIRED_METRICS:
        row |= {key: pooled[key] for key in (metric, f"{metric}_low", f"{metric}_high")}
    correct = predictions["emotion"] == predictions["predicted"]
    by_fold = correct.groupby(predictions["fold"]).mean()
    row["accuracy_mean"], row["accuracy_std"] = spread(by_fold)
    return row


def _of_arm(predictions: dict[str, pd.DataFrame], arm: dict) -> pd.DataFrame:
    table = predictions[arm["experiment"]]
    return table[table["model"] == arm["model"]]
