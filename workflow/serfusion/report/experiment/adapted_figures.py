"""The figure of accuracy against the number of clips that a model is adapted by."""

import altair as alt
import pandas as pd

from serfusion.report.page.figures import BLUE, GREY, INTERVAL, ORANGE
from serfusion.study.adaptation import ALL

ANY, SAME_CLIPS = "adapted, clips of any emotion", "not adapted, the same clips"


def one_emotion(emotion: str) -> str:
    """Return what the figure calls models that are adapted by clips of one emotion alone."""
    return f"warning: {emotion} clips alone"


def by_clips(family: pd.DataFrame, unadapted: pd.Series) -> alt.LayerChart:
    """Return the accuracy of models against the number of clips that they are adapted by.

    Parameters
    ----------
    family : DataFrame
        Rows of `adapted.csv` of models that differ in their clips alone.
    unadapted : Series
        The row of `summary.csv` of the model that is not adapted, which stands at 0.
    """
    names = family["emotion"].map(one_emotion, na_action="ignore").fillna(ANY)
    adapted = family.assign(kind=names, at=family["by_clips"].astype(str))
    start = pd.DataFrame([unadapted]).assign(at="0")
    columns = ["model", "at", "kind", "clips", "accuracy", "accuracy_low", "accuracy_high"]
    points = pd.concat(
        [start.assign(kind=kind) for kind in names.unique()] + [adapted], ignore_index=True
    )
    same = adapted.assign(kind=SAME_CLIPS, model=adapted["baseline"])
    same = same.assign(accuracy=adapted["baseline_accuracy"], accuracy_low=None, accuracy_high=None)
    percents = ["accuracy", "accuracy_low", "accuracy_high"]
    data, ticks = (table.reindex(columns=columns) for table in (points, same))
    for table in (data, ticks):
        table[percents] = table[percents].astype(float).mul(100).round(1)
    counts = sorted(set(data["at"]), key=lambda at: float("inf") if at == ALL else int(at))
    kinds = [*sorted(names.unique()), SAME_CLIPS]
    colours = [BLUE if kind == ANY else GREY if kind == SAME_CLIPS else ORANGE for kind in kinds]
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=kinds, range=colours),
        legend=alt.Legend(orient="top", columns=1, labelLimit=300),
    )
    x = alt.X(
        "at:N",
        sort=counts,
        title="Clips of each that it is adapted by",
        axis=alt.Axis(labelAngle=0),
    )
    y = alt.Y("accuracy:Q", title="Accuracy on test, %", scale=alt.Scale(zero=False))
    tooltip = [
        alt.Tooltip("model", title="Model"),
        alt.Tooltip("kind", title="Adapted by"),
        alt.Tooltip("at", title="Clips"),
        alt.Tooltip("clips", title="Scored clips"),
        alt.Tooltip("accuracy", title="Accuracy, %"),
        alt.Tooltip("accuracy_low", title="95 % from"),
        alt.Tooltip("accuracy_high", title="95 % to"),
    ]
    offset = alt.XOffset("kind:N", sort=kinds[:-1])
    base = alt.Chart(data).encode(x=x, xOffset=offset, color=colour, tooltip=tooltip)
    intervals = base.mark_rule(**INTERVAL).encode(
        y=alt.Y("accuracy_low:Q", title="Accuracy on test, %", scale=alt.Scale(zero=False)),
        y2="accuracy_high:Q",
    )
    lines = base.mark_line(strokeWidth=1.5, opacity=0.6).encode(y=y)
    marks = base.mark_point(filled=True, size=80, opacity=1).encode(y=y, shape=alt.value("circle"))
    baselines = (
        alt.Chart(ticks)
        .mark_tick(thickness=2, size=16)
        .encode(x=x, y=y, color=colour, tooltip=tooltip)
    )
    return alt.layer(intervals, lines, baselines, marks).properties(
        width="container",
        height=280,
        description="Accuracy of adapted models against the number of clips they are adapted by.",
    )
