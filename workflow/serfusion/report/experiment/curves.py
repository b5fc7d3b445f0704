"""How the loss and the accuracy of networks went in training."""

import altair as alt
import pandas as pd

from serfusion.report.experiment.results import Results

EPOCHS = {"tickMinStep": 1, "format": "d", "labelExpr": "datum.value % 1 ? '' : datum.label"}
TITLES = {"loss": "Cross-entropy", "accuracy": "Accuracy, %"}


def section(results: Results) -> dict:
    """Return what `curves.html` is filled with: the `figures`, none if no network was trained."""
    return {
        "figures": [
            (f"{model}, {metric}", training_curves(curves, model, metric).to_dict())
            for model, curves in results.curves.items()
            for metric in TITLES
        ]
    }


def training_curves(curves: pd.DataFrame, model: str, metric: str) -> alt.LayerChart:
    """Return a network's `loss` or `accuracy` by epoch, a line per fold and role.

    The epochs with the highest validation accuracy, which were kept, have a dot.

    Parameters
    ----------
    curves : DataFrame
        `fold` and the columns of `curves.csv`.
    model : str
    metric : str
    """
    columns = {f"{role}_{metric}": role for role in ("train", "validation")}
    data = curves.rename(columns=columns).melt(
        ["fold", "epoch"], list(columns.values()), var_name="role", value_name="value"
    )
    data["value"] = (data["value"] * (100 if metric == "accuracy" else 1)).round(4)
    best = curves.loc[curves.groupby("fold")["validation_accuracy"].idxmax(), ["fold", "epoch"]]
    kept = best.merge(data[data["role"] == "validation"])
    title = TITLES[metric]
    axes = {
        "x": alt.X("epoch:Q", title="Epoch", axis=alt.Axis(**EPOCHS)),
        "y": alt.Y("value:Q", title=title, scale=alt.Scale(zero=False)),
        "color": alt.Color("role:N", title=None, sort=None),
        "tooltip": [
            alt.Tooltip("fold:O", title="Fold"),
            alt.Tooltip("epoch", title="Epoch"),
            alt.Tooltip("role", title="On"),
            alt.Tooltip("value", title=title, format=".2f"),
        ],
    }
    lines = alt.Chart(data).mark_line(strokeWidth=1.5, opacity=0.75).encode(detail="fold:N", **axes)
    points = alt.Chart(kept).mark_point(filled=True, size=60, opacity=1).encode(**axes)
    return alt.layer(lines, points).properties(
        width="container", height=220, description=f"Training {metric} of {model} by epoch."
    )
