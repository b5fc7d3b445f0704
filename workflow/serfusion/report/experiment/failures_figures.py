"""The figures of where models fail: each shows one model, which the reader chooses on the page."""

import altair as alt
import pandas as pd

from serfusion.report.page.figures import BLUE, BROWN, PERCENT, HeadedRows, interval_and_point

CHOICE = "#shown-model"
"""The page's list of models, which switches every figure here."""


def group_accuracies(groups: pd.DataFrame, headings: dict[str, str], model: str) -> alt.LayerChart:
    """Return a model's accuracy on each group of clips, with its interval, under headings.

    Parameters
    ----------
    groups : DataFrame
        The rows of `groups.csv` that are shown, of all models; figures 0 to 1.
    headings : dict
        What clips are grouped by, in order, to its heading.
    model : str
        The one that is shown first.
    """
    labels = {by: list(groups.loc[groups["by"] == by, "group"].unique()) for by in headings}
    rows = HeadedRows([(heading, labels[by]) for by, heading in headings.items()])
    names = dict(zip(headings, rows.names, strict=True))
    numbers = ["accuracy", "accuracy_low", "accuracy_high"]
    data = groups[["model", "group", "clips", "actors"]].join(groups[numbers].mul(100).round(1))
    data["row"] = [
        names[by][group] for by, group in zip(groups["by"], groups["group"], strict=True)
    ]
    tooltip = [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("clips:Q", title="Clips"),
        alt.Tooltip("actors:Q", title="Actors"),
        alt.Tooltip("accuracy:Q", title="Accuracy, %"),
        alt.Tooltip("accuracy_low:Q", title="95 % from"),
        alt.Tooltip("accuracy_high:Q", title="95 % to"),
    ]
    shown = shown_model(model)
    base = alt.Chart(inline(data, numbers)).transform_filter(of_shown(shown)).encode(y=rows.y)
    interval, point = interval_and_point(
        base, "accuracy", colour=BLUE, title="Accuracy on test, %", scale=PERCENT
    )
    return (
        alt.layer(interval, point.encode(tooltip=tooltip), rows.headings)
        .add_params(shown)
        .properties(
            width="container",
            height=22 * len(rows),
            description="Accuracy of the chosen model by groups of test clips: the table below.",
        )
    )


def actor_accuracies(actors: pd.DataFrame, overall: dict[str, float], model: str) -> alt.LayerChart:
    """Return a model's accuracy on each actor, the lowest first, and on all clips.

    Parameters
    ----------
    actors : DataFrame
        The rows of `groups.csv` by actor, of all models, with a column `gender`.
    overall : dict
        Model to its accuracy on all test clips, 0 to 1.
    model : str
        The one that is shown first.
    """
    data = actors[["model", "group", "gender", "clips"]].assign(
        accuracy=actors["accuracy"].mul(100).round(1)
    )
    means = pd.DataFrame({"model": list(overall), "mean": [100 * x for x in overall.values()]})
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
            y=alt.Y("accuracy:Q", title="Accuracy on test, %", scale=PERCENT),
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
        The one that is shown first.
    """
    numbers = ["confidence", "accuracy"]
    data = bins[["model", "clips"]].join(bins[numbers].mul(100).round(1))
    shown = shown_model(model)
    x = alt.X("confidence:Q", title="Mean probability of the predictions, %", scale=PERCENT)
    y = alt.Y("accuracy:Q", title="Accuracy, %", scale=PERCENT)
    ends = pd.DataFrame({"confidence": [0, 100], "accuracy": [0, 100]})
    diagonal = alt.Chart(ends).mark_line(strokeDash=[4, 3], color=BROWN).encode(x=x, y=y)
    base = alt.Chart(inline(data, numbers)).transform_filter(of_shown(shown)).encode(x=x, y=y)
    line = base.mark_line(color=BLUE)
    points = base.mark_point(filled=True, opacity=1, color=BLUE).encode(
        size=alt.Size("clips:Q", legend=None, scale=alt.Scale(range=[30, 300])),
        tooltip=[
            alt.Tooltip("confidence:Q", title="Mean probability, %"),
            alt.Tooltip("accuracy:Q", title="Accuracy, %"),
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
    """Return the parameter that follows the page's list of models; `model` is chosen first."""
    bound = alt.BindDirect(element=CHOICE, event="change")
    return alt.param(name="shown", value=model, bind=bound)


def of_shown(shown: alt.Parameter) -> alt.Expr:
    """Return the condition that a row belongs to the model that is shown."""
    return alt.datum.model == shown


def inline(table: pd.DataFrame, numbers: list[str]) -> alt.InlineData:
    """Return a table as the data of a figure, in CSV: a third as long as one object per row.

    Parameters
    ----------
    table : DataFrame
    numbers : list of str
        The columns whose empty cells are missing numbers.
    """
    parse = dict.fromkeys(table.select_dtypes("number").columns.union(numbers), "number")
    return alt.InlineData(
        values=table.to_csv(index=False, lineterminator="\n"),
        format=alt.CsvDataFormat(type="csv", parse=parse),
    )
