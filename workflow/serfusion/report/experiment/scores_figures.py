"""The figure of every model's accuracy."""

import altair as alt
import pandas as pd

from serfusion.report.page.figures import BLUE, DASHES, PERCENT, interval_and_point


def model_scores(summary: pd.DataFrame, lines: dict[str, float]) -> alt.LayerChart:
    """Return each model's pooled accuracy with its interval, best first, and reference lines.

    Parameters
    ----------
    summary : DataFrame
        As `summary.csv` has it; figures 0 to 1.
    lines : dict
        What a vertical line stands for, to its accuracy (0 to 1).
    """
    columns = ["accuracy", "accuracy_low", "accuracy_high"]
    data = summary[["model"]].join(summary[columns].mul(100).round(1))
    data = data.sort_values("accuracy", ascending=False, kind="stable")
    tooltip = [
        alt.Tooltip("model", title="Model"),
        alt.Tooltip("accuracy", title="Accuracy, %"),
        alt.Tooltip("accuracy_low", title="95 % from"),
        alt.Tooltip("accuracy_high", title="95 % to"),
    ]
    base = alt.Chart(data).encode(y=alt.Y("model:N", sort=None, title=None), tooltip=tooltip)
    axis = {"title": "Accuracy on test, %", "scale": PERCENT}
    positions = pd.DataFrame({"line": list(lines), "accuracy": [100 * x for x in lines.values()]})
    rules = (
        alt.Chart(positions)
        .mark_rule(strokeWidth=1.5)
        .encode(
            x="accuracy:Q",
            strokeDash=alt.StrokeDash(
                "line:N", sort=None, title=None, scale=alt.Scale(range=DASHES)
            ),
            tooltip=[
                alt.Tooltip("line", title="Line"),
                alt.Tooltip("accuracy", format=".1f"),
            ],
        )
    )
    return alt.layer(rules, *interval_and_point(base, "accuracy", colour=BLUE, **axis)).properties(
        width="container",
        height=26 * len(summary),
        description="Accuracy of each model on test clips.",
    )
