"""Figures of where models fail; one model's marks at a time, chosen on the page."""

import altair as alt
import pandas as pd

from serfusion.report.experiment.figures import LABEL, ONE

CHOICE = "#shown-model"
"""The page's own list of models, by which every figure here is switched."""

PERCENT = {"scale": alt.Scale(domain=[0, 100])}


def group_accuracies(groups: pd.DataFrame, headings: dict[str, str], model: str) -> alt.LayerChart:
    """Return a model's accuracy on each group of clips, with its interval, under headings.

    Parameters
    ----------
    groups : DataFrame
        The rows of `groups.csv` that are shown, of all models; figures 0 to 1.
    headings : dict
        What is grouped by, in order, to the words over its groups.
    model : str
        The one that is shown at first.
    """
    rows, heads = {}, []
    for by, words in headings.items():
        heads.append({"row": f"{len(rows)}|", "words": words})
        rows[by, None] = heads[-1]["row"]
        for group in groups.loc[groups["by"] == by, "group"].unique():
            rows[by, group] = f"{len(rows)}|{group}"
    figures = ["accuracy", "accuracy_low", "accuracy_high"]
    data = groups[["model", "group", "clips", "actors"]].join(groups[figures].mul(100).round(1))
    data["row"] = [rows[by, group] for by, group in zip(groups["by"], groups["group"], strict=True)]
    y = alt.Y(
        "row:N",
        sort=None,
        scale=alt.Scale(domain=list(rows.values())),
        title=None,
        axis=alt.Axis(labelExpr=LABEL, ticks=False, labelPadding=8),
    )
    tooltip = [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("clips:Q", title="Clips"),
        alt.Tooltip("actors:Q", title="Actors"),
        alt.Tooltip("accuracy:Q", title="Accuracy, %"),
        alt.Tooltip("accuracy_low:Q", title="95 % from"),
        alt.Tooltip("accuracy_high:Q", title="95 % to"),
    ]
    shown = shown_model(model)
    base = alt.Chart(inline(data, figures)).transform_filter(of_shown(shown)).encode(y=y)
    interval = base.mark_rule(strokeWidth=3, opacity=0.45, color=ONE).encode(
        x=alt.X("accuracy_low:Q", title="Accuracy on test, %", **PERCENT), x2="accuracy_high:Q"
    )
    point = base.mark_point(filled=True, size=90, opacity=1, color=ONE).encode(
        x="accuracy:Q", tooltip=tooltip
    )
    heading = (
        alt.Chart(pd.DataFrame(heads))
        .mark_text(align="left", fontWeight="bold", fontSize=12, dy=4)
        .encode(y=y, x=alt.value(0), text="words:N")
    )
    return (
        alt.layer(interval, point, heading)
        .add_params(shown)
        .properties(
            width="container",
            height=22 * len(rows),
            description="Accuracy of the chosen model by groups of test clips: the table below.",
        )
    )


def actor_accuracies(actors: pd.DataFrame, overall: dict[str, float], model: str) -> alt.LayerChart:
    """Return a model's accuracy on each actor, lowest first, and on all clips.

    Parameters
    ----------
    actors : DataFrame
        The rows of `groups.csv` by actor, of all models, with a column `gender`.
    overall : dict
        Model to its accuracy on all test clips, 0 to 1.
    model : str
        The one that is shown at first.
    """
    data = actors[["model", "group", "gender", "clips"]].assign(
        accuracy=actors["accuracy"].mul(100).round(1)
    )
    means = pd.DataFrame({"model": list(overall), "mean": [100 * at for at in overall.values()]})
    shown = shown_model(model)
    points = (
        alt.Chart(inline(data, ["accuracy"]))
        .transform_filter(of_shown(shown))
        .mark_point(filled=True, size=60, opacity=1)
        .encode(
            x=alt.X(
                "group:N",
                title="Actor",
                sort=alt.EncodingSortField("accuracy", order="ascending"),
                axis=alt.Axis(labelAngle=-60, labelOverlap="greedy", ticks=False),
            ),
            y=alt.Y("accuracy:Q", title="Accuracy on test, %", **PERCENT),
            color=alt.Color("gender:N", title=None),
            tooltip=[
                alt.Tooltip("group:N", title="Actor"),
                alt.Tooltip("gender:N", title="Gender"),
                alt.Tooltip("clips:Q", title="Clips"),
                alt.Tooltip("accuracy:Q", title="Accuracy, %"),
            ],
        )
    )
    line = (
        alt.Chart(inline(means.round(1), ["mean"]))
        .transform_filter(of_shown(shown))
        .mark_rule(strokeDash=[4, 3])
        .encode(y="mean:Q", tooltip=[alt.Tooltip("mean:Q", title="On all clips, %")])
    )
    return (
        alt.layer(line, points)
        .add_params(shown)
        .properties(
            width="container",
            height=260,
            description="Accuracy of the chosen model on each actor, lowest first.",
        )
    )


def reliability(bins: pd.DataFrame, model: str) -> alt.LayerChart:
    """Return a model's accuracy against its mean top probability, bin by bin.

    Parameters
    ----------
    bins : DataFrame
        The rows of `calibration.csv` that are bins with clips, of all models.
    model : str
        The one that is shown at first.
    """
    figures = ["confidence", "accuracy"]
    data = bins[["model", "clips"]].join(bins[figures].mul(100).round(1))
    shown = shown_model(model)
    x = alt.X("confidence:Q", title="Mean probability of the answers, %", **PERCENT)
    y = alt.Y("accuracy:Q", title="Of them right, %", **PERCENT)
    ends = pd.DataFrame({"confidence": [0, 100], "accuracy": [0, 100]})
    diagonal = alt.Chart(ends).mark_line(strokeDash=[4, 3], color="#8a7a66").encode(x=x, y=y)
    base = alt.Chart(inline(data, figures)).transform_filter(of_shown(shown)).encode(x=x, y=y)
    line = base.mark_line(color=ONE)
    points = base.mark_point(filled=True, opacity=1, color=ONE).encode(
        size=alt.Size("clips:Q", legend=None, scale=alt.Scale(range=[30, 300])),
        tooltip=[
            alt.Tooltip("confidence:Q", title="Mean probability, %"),
            alt.Tooltip("accuracy:Q", title="Right, %"),
            alt.Tooltip("clips:Q", title="Clips"),
        ],
    )
    return (
        alt.layer(diagonal, line, points)
        .add_params(shown)
        .properties(
            width="container",
            height=300,
            description="Reliability diagram of the chosen model.",
        )
    )


def shown_model(model: str) -> alt.Parameter:
    """Return the parameter that follows the page's list of models; `model` is chosen at first."""
    bound = alt.BindDirect(element=CHOICE, event="change")
    return alt.param(name="shown", value=model, bind=bound)


def of_shown(shown: alt.Parameter) -> alt.Expr:
    """Return what is true of the rows of the model that is shown."""
    return alt.datum.model == shown


def inline(table: pd.DataFrame, numbers: list[str]) -> alt.InlineData:
    """Return a table as data of a figure, as CSV: a third as long as one object per row.

    Parameters
    ----------
    table : DataFrame
    numbers : list of str
        The columns whose empty cells are no number.
    """
    parse = dict.fromkeys(table.select_dtypes("number").columns.union(numbers), "number")
    return alt.InlineData(
        values=table.to_csv(index=False, lineterminator="\n"),
        format=alt.CsvDataFormat(type="csv", parse=parse),
    )
