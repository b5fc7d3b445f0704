"""The figures of the summary: cost, and the effect of leakage."""

import altair as alt
import pandas as pd

from serfusion.report.page.figures import PERCENT, interval_and_point
from serfusion.report.summary.protocols import PROTOCOLS

SHORTEST_S = 0.01
"""Shorter training times are drawn as this, because a logarithmic axis has no zero."""

COSTS = {"seconds": "Training, s, all folds", "parameters": "Parameters"}
SHAPES = ["circle", "diamond", "cross"]


def cost(rows: pd.DataFrame, by: str) -> alt.Chart:
    """Return the pooled test accuracy of every model of every experiment against its cost.

    Parameters
    ----------
    rows : DataFrame
        As `serfusion.report.summary.models.model_table` returns it.
    by : str
        `seconds` or `parameters`, both with those of the extractor that a model reads.
    """
    columns = ["dataset", "experiment", "model", "protocol", "device", "seconds", "parameters"]
    data = rows[columns].assign(
        seconds=rows["seconds"].clip(lower=SHORTEST_S),
        percent=(100 * rows["accuracy"]).round(1),
    )
    return (
        alt.Chart(data)
        .mark_point(filled=True, size=70, opacity=0.75)
        .encode(
            x=alt.X(f"{by}:Q", title=COSTS[by], scale=alt.Scale(type="log")),
            y=alt.Y("percent:Q", title="Accuracy on test, %", scale=alt.Scale(zero=False)),
            color=alt.Color("dataset:N", title=None, sort=None),
            shape=alt.Shape(
                "protocol:N",
                title=None,
                legend=alt.Legend(orient="bottom", columns=1, symbolFillColor="gray"),
                scale=alt.Scale(domain=list(PROTOCOLS), range=SHAPES),
            ),
            tooltip=[
                alt.Tooltip("model", title="Model"),
                alt.Tooltip("experiment", title="Experiment"),
                alt.Tooltip("percent", title="Accuracy, %"),
                alt.Tooltip("parameters", title="Parameters", format=","),
                alt.Tooltip("seconds", title="Training, s", format=",.1f"),
                alt.Tooltip("device", title="On"),
            ],
        )
        .properties(
            width="container",
            height=340,
            description=f"Accuracy of every model against: {COSTS[by]}.",
        )
    )


def inflation(table: pd.DataFrame) -> alt.LayerChart:
    """Return the test accuracy of each model under each protocol with its interval, and validation.

    Parameters
    ----------
    table : DataFrame
        Rows of one setting, as `serfusion.report.summary.inflation.side_by_side` returns them.
    """
    percents = ["accuracy", "accuracy_low", "accuracy_high", "validation"]
    data = table[["model", "protocol", "experiment"]].astype(str)
    data = data.join(table[percents].mul(100).round(1))
    tooltip = [
        alt.Tooltip("model", title="Model"),
        alt.Tooltip("protocol", title="Protocol"),
        alt.Tooltip("experiment", title="Experiment"),
        alt.Tooltip("accuracy", title="Test, %"),
        alt.Tooltip("accuracy_low", title="95 % from"),
        alt.Tooltip("accuracy_high", title="95 % to"),
        alt.Tooltip("validation", title="Validation, %"),
    ]
    base = alt.Chart(data).encode(
        y=alt.Y("model:N", sort=None, title=None),
        yOffset=alt.YOffset("protocol:N", sort=list(PROTOCOLS)),
        color=alt.Color("protocol:N", title=None, scale=alt.Scale(domain=list(PROTOCOLS))),
        tooltip=tooltip,
    )
    interval, point = interval_and_point(base, "accuracy", title="Accuracy, %", scale=PERCENT)
    cross = base.mark_point(filled=True, size=70, opacity=0.8, shape="cross").encode(
        x="validation:Q"
    )
    return alt.layer(interval, point, cross).properties(
        width="container",
        height=20 * len(table) + 20,
        description="Accuracy of each model under each protocol.",
    )
