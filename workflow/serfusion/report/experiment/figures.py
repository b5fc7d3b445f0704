"""The report's figures, as Vega-Lite charts that the page draws."""

import altair as alt
import pandas as pd

ONE = "#3b7dc4"
"""The colour of marks that their labels tell apart; legible on light and on dark."""
DEEP = "datum.share > 0.62"
"""From where on a cell of a heat map is so strong in colour that its figure is white."""
DASHES = [[1, 0], [6, 3], [2, 3], [10, 3, 2, 3], [6, 6], [12, 4]]
LABEL = "slice(datum.value, indexof(datum.value, '|') + 1)"


def model_scores(summary: pd.DataFrame, marks: dict[str, float]) -> alt.LayerChart:
    """Return each model's pooled accuracy with its interval, best first, and reference lines.

    Parameters
    ----------
    summary : DataFrame
        As `summary.csv` has it; figures 0 to 1.
    marks : dict
        What a vertical line stands for, to where it stands (0 to 1).
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
    interval = base.mark_rule(strokeWidth=3, opacity=0.45, color=ONE).encode(
        x=alt.X(
            "accuracy_low:Q",
            title="Accuracy on test, %",
            scale=alt.Scale(domain=[0, 100]),
        ),
        x2="accuracy_high:Q",
    )
    point = base.mark_point(filled=True, size=90, opacity=1, color=ONE).encode(x="accuracy:Q")
    lines = pd.DataFrame({"mark": list(marks), "accuracy": [100 * at for at in marks.values()]})
    rules = (
        alt.Chart(lines)
        .mark_rule(strokeWidth=1.5)
        .encode(
            x="accuracy:Q",
            strokeDash=alt.StrokeDash(
                "mark:N", sort=None, title=None, scale=alt.Scale(range=DASHES)
            ),
            tooltip=[
                alt.Tooltip("mark", title="Line"),
                alt.Tooltip("accuracy", format=".1f"),
            ],
        )
    )
    return alt.layer(rules, interval, point).properties(
        width="container",
        height=26 * len(summary),
        description="Accuracy of each model on test clips.",
    )


def confusion_matrix(model: str, counts, names: list[str]) -> alt.LayerChart:
    """Return a model's confusion matrix: share of each true emotion's clips, and their number.

    Parameters
    ----------
    model : str
    counts : ndarray of shape (classes, classes)
        Row is the truth, column the answer.
    names : list of str
    """
    cells = pd.DataFrame(
        [
            {
                "truth": truth,
                "answer": answer,
                "clips": int(n),
                "share": n / max(row.sum(), 1),
            }
            for truth, row in zip(names, counts, strict=True)
            for answer, n in zip(names, row, strict=True)
        ]
    )
    cells["percent"] = (100 * cells["share"]).round()
    base = alt.Chart(cells).encode(
        x=alt.X("answer:N", sort=names, title="Answered", axis=alt.Axis(labelAngle=-45)),
        y=alt.Y("truth:N", sort=names, title="True emotion"),
        tooltip=[
            alt.Tooltip("truth", title="True"),
            alt.Tooltip("answer", title="Answered"),
            alt.Tooltip("clips", title="Clips"),
            alt.Tooltip("percent", title="% of the true"),
        ],
    )
    heat = base.mark_rect().encode(
        color=alt.Color(
            "share:Q",
            scale=alt.Scale(domain=[0, 1]),
            legend=None,
            title=None,
        )
    )
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text("percent:Q", format=".0f"),
        color=alt.when(DEEP).then(alt.value("white")),
    )
    return alt.layer(heat, text).properties(
        width="container",
        height=30 * len(names),
        description=f"Confusion matrix of {model}.",
    )


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
    return (
        alt.Chart(data[["model", "fold", "role", "n", "percent"]])
        .mark_point(filled=True, size=50, opacity=0.75)
        .encode(
            x=alt.X("percent:Q", title="Accuracy, %", scale=alt.Scale(domain=[0, 100])),
            y=alt.Y("model:N", sort=best_first, title=None),
            yOffset=alt.YOffset("role:N", sort=None),
            color=alt.Color("role:N", title=None, scale=alt.Scale(domain=["test", "validation"])),
            shape=alt.Shape(
                "role:N",
                title=None,
                scale=alt.Scale(domain=["test", "validation"], range=["circle", "cross"]),
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


def training_curves(curves: pd.DataFrame, model: str, metric: str) -> alt.LayerChart:
    """Return a network's `loss` or `accuracy` by epoch, a line per fold and role.

    The chosen epochs, those of the highest validation accuracy, are marked.

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
    chosen = curves.loc[curves.groupby("fold")["validation_accuracy"].idxmax(), ["fold", "epoch"]]
    chosen = chosen.merge(data[data["role"] == "validation"])
    title = {"loss": "Cross-entropy", "accuracy": "Accuracy, %"}[metric]
    axes = {
        "x": alt.X("epoch:Q", title="Epoch", axis=alt.Axis(tickMinStep=1)),
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
    points = alt.Chart(chosen).mark_point(filled=True, size=60, opacity=1).encode(**axes)
    return alt.layer(lines, points).properties(
        width="container", height=220, description=f"Training {metric} of {model} by epoch."
    )


def differences(table: pd.DataFrame, questions: list[dict], baseline: str) -> alt.LayerChart:
    """Return how far each arm's accuracy is from the baseline's, with its interval, by question.

    Parameters
    ----------
    table : DataFrame
        The arms of `comparison.csv`; figures 0 to 1.
    questions : list of dict
        `question`, and `arms`, each with a `label`; a heading stands over the arms of each.
    baseline : str
        The label of the baseline.
    """
    columns = ["accuracy_difference", "accuracy_difference_low", "accuracy_difference_high"]
    data = table[["label", "p_holm"]].join(table[columns].mul(100).round(1))
    # A row is named by its place too, since headings have no label of their own.
    labels = []
    for part in questions:
        labels += ["", *(arm["label"] for arm in part["arms"])]
    rows = [f"{place}|{label}" for place, label in enumerate(labels)]
    data["row"] = data["label"].map(dict(zip(labels, rows, strict=True)))
    headings = pd.DataFrame(
        {
            "row": [row for row, label in zip(rows, labels, strict=True) if not label],
            "question": [part["question"] for part in questions],
        }
    )
    y = alt.Y(
        "row:N",
        sort=rows,
        scale=alt.Scale(domain=rows),
        title=None,
        axis=alt.Axis(labelExpr=LABEL, ticks=False, labelPadding=8, labelLimit=170),
    )
    tooltip = [
        alt.Tooltip("label", title="Arm"),
        alt.Tooltip("accuracy_difference", title="Difference, points"),
        alt.Tooltip("accuracy_difference_low", title="95 % from"),
        alt.Tooltip("accuracy_difference_high", title="95 % to"),
        alt.Tooltip("p_holm", title="p, corrected", format=".3f"),
    ]
    zero = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(strokeWidth=1.5).encode(x="at:Q")
    heading = (
        alt.Chart(headings)
        .mark_text(align="left", fontWeight="bold", fontSize=12, dy=4)
        .encode(y=y, x=alt.value(0), text="question:N")
    )
    base = alt.Chart(data).encode(y=y, tooltip=tooltip)
    interval = base.mark_rule(strokeWidth=3, opacity=0.45, color=ONE).encode(
        x=alt.X("accuracy_difference_low:Q", title="Difference, percentage points"),
        x2="accuracy_difference_high:Q",
    )
    point = base.mark_point(filled=True, size=110, opacity=1, color=ONE).encode(
        x="accuracy_difference:Q"
    )
    return alt.layer(zero, interval, point, heading).properties(
        width="container",
        height=30 * len(rows),
        description=f"Difference in accuracy of each arm from {baseline}.",
    )
