"""Adapted models, each beside the same model without adaptation on the clips that both answer."""

import pandas as pd

from serfusion.evaluation.comparison import against, scores_of
from serfusion.evaluation.differences import PAIRED_METRICS, holm

SETTINGS = ("to", "by_clips", "statistics", "shrink", "emotion")
COLUMNS = [
    *("model", "baseline", *SETTINGS, "clips", "actors"),
    *(f"{metric}{end}" for metric in PAIRED_METRICS for end in ("", "_low", "_high")),
    *("accuracy_mean", "accuracy_std"),
    *(
        column
        for metric in PAIRED_METRICS
        for column in (
            f"baseline_{metric}",
            f"{metric}_difference",
            f"{metric}_difference_low",
            f"{metric}_difference_high",
        )
    ),
    *("p", "p_holm"),
]


def adapted_table(predictions: pd.DataFrame, adapted: list[dict], seed: int) -> pd.DataFrame:
    """Return a row per adapted model of an experiment, in their order.

    Parameters
    ----------
    predictions : DataFrame
        The table of `predictions.parquet`. Adapted models lack the clips that they were adapted by.
    adapted : list of dict
        `model`; `baseline`, the same model without adaptation, or None if the experiment has none;
        and `SETTINGS`, where `by_clips` is the number of clips, or `all`.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        These; `clips`, those that are scored, and `actors`, their numbers; pooled accuracy and UAR
        (0 to 1) with their 95 % intervals by bootstrap over actors; `accuracy_mean` and
        `accuracy_std` over folds (ddof 0, NaN for a single fold). Then, empty without a baseline,
        the columns of `serfusion.evaluation.comparison.against` and `p_holm`, corrected for the
        number of adapted models. No rows if there are none.
    """
    rows = []
    for model in adapted:
        answers = predictions[predictions["model"] == model["model"]]
        row = model | scores_of(answers, seed)
        if model["baseline"] is not None:
            baseline = predictions[predictions["model"] == model["baseline"]]
            row |= against(answers, baseline, seed)
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    tested = table["p"].notna()
    if tested.any():
        table.loc[tested, "p_holm"] = holm(table.loc[tested, "p"].astype(float))
    return table
