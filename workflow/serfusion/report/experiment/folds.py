"""Accuracy fold by fold."""

import altair as alt
import pandas as pd

from serfusion.report.experiment.results import Results
from serfusion.report.page.figures import PERCENT


def section(results: Results) -> dict:
    """Return what `folds.html` is filled with: the `accuracies` on test clips, and the `figure`.

    `accuracies` is a DataFrame with a row per compared model and a column per fold.
    """
    metrics = results.metrics[results.metrics["model"].isin(results.compared)]
    tested = metrics[metrics["role"] == "test"]
    accuracies = tested.pivot(index="model", columns="fold", values="accuracy")
    return {
        "accuracies": accuracies.loc[results.compared],
        "figure": fold_scores(metrics).to_dict(),
    }


def fold_scores(metrics: pd.DataFrame) -> alt.Chart:
    """Return the accuracy of each model in each fold, on validation and on test.

    Parameters
    ----------
    metrics : DataFrame
        As `metrics.csv` has it.
    """
    data = metrics[metrics["role"] != "train"].assign(
        percent=lambda table: (100 * table["accuracy"]).round(1)
    )
    tested = data[data["role"] == "test"].groupby("model", sort=False)["accuracy"].mean()
    best_first = tested.sort_values(ascending=False, kind="stable").index.tolist()
    roles = ["test", "validation"]
    return (
        alt.Chart(data[["model", "fold", "role", "n", "percent"]])
        .mark_point(filled=True, size=50, opacity=0.75)
        .encode(
            x=alt.X("percent:Q", title="Accuracy, %", scale=PERCENT),
            y=alt.Y("model:N", sort=best_first, title=None),
            yOffset=alt.YOffset("role:N", sort=None),
            color=alt.Color("role:N", title=None, scale=alt.Scale(domain=roles)),
            shape=alt.Shape(
                "role:N", title=None, scale=alt.Scale(domain=roles, range=["circle", "cross"])
            ),
            tooltip=[
                alt.Tooltip("model", title="Model"),
                alt.Tooltip("fold", title="Fold"),
                alt.Tooltip("role", title="On"),
                alt.Tooltip("n", title="Clips"),
                alt.Tooltip("percent", title="Accuracy, %"),
            ],
        )
        .properties(
            width="container",
            height=30 * data["model"].nunique(),
            description="Accuracy of each model in each fold, on validation and test clips.",
        )
    )
