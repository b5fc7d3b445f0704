"""The figures of what each emotion's recall is, and of which models can be told apart."""

import altair as alt
import pandas as pd

from serfusion.report.comparison.page import p_words

BEST, OTHERS, PEOPLE = "#3b7dc4", "#8a97a3", "#e07b28"
BETTER, WORSE = "#3b7dc4", "#e07b28"
ROW_HEIGHT = 22


def recalls(classes: pd.DataFrame, best: str, people: dict[str, float]) -> alt.LayerChart:
    """Return the recall of each emotion: one model's with intervals, and the others' beside it.

    Parameters
    ----------
    classes : DataFrame
        As `classes.csv` has it; figures 0 to 1.
    best : str
        The model whose intervals are shown.
    people : dict
        Emotion to the share that people recognised (0 to 1), where known.
    """
    names = sorted(classes["emotion"].unique())
    columns = ["recall", "recall_low", "recall_high"]
    data = classes[["model", "emotion", "clips"]].join(classes[columns].mul(100).round(1))
    data["who"] = data["model"].where(data["model"] == best, "other models")
    heard = pd.DataFrame(
        {
            "who": "people, by vote",
            "emotion": list(people),
            "recall": [round(100 * share, 1) for share in people.values()],
        }
    )
    shown = {best: BEST, "other models": OTHERS, "people, by vote": PEOPLE}
    present = set(data["who"]) | set(heard["who"])
    shown = {who: colour for who, colour in shown.items() if who in present}
    colour = alt.Color(
        "who:N", title=None, scale=alt.Scale(domain=list(shown), range=list(shown.values()))
    )
    y = alt.Y("emotion:N", sort=names, title=None)
    x = alt.X("recall:Q", title="Recall, %", scale=alt.Scale(domain=[0, 100]))
    tooltip = [
        alt.Tooltip("emotion", title="Emotion"),
        alt.Tooltip("model", title="Model"),
        alt.Tooltip("clips", title="Clips"),
        alt.Tooltip("recall", title="Recall, %"),
        alt.Tooltip("recall_low", title="95 % from"),
        alt.Tooltip("recall_high", title="95 % to"),
    ]
    own = alt.Chart(data[data["who"] == best]).encode(y=y, color=colour, tooltip=tooltip)
    ticks = (
        alt.Chart(data[data["who"] != best])
        .mark_tick(thickness=2, size=14, opacity=0.5)
        .encode(y=y, x=x, color=colour, tooltip=tooltip)
    )
    interval = own.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=alt.X("recall_low:Q", title="Recall, %"), x2="recall_high:Q"
    )
    point = own.mark_point(filled=True, size=110, opacity=1).encode(x=x)
    listeners = (
        alt.Chart(heard)
        .mark_point(filled=True, size=90, opacity=1, shape="diamond")
        .encode(y=y, x=x, color=colour, tooltip=[*tooltip[:1], "who:N", tooltip[3]])
    )
    layers = [ticks, interval, point] + [listeners] * bool(people)
    return alt.layer(*layers).properties(
        width="container",
        height=30 * len(names),
        description=f"Recall of each emotion by {best}, with the other models’ beside it.",
    )


def pair_matrix(pairs: pd.DataFrame, ranked: list[str], level: float) -> alt.LayerChart:
    """Return how far each model (row) is ahead of each other one (column), in percentage points.

    Columns have the models' ranks for names, which also stand in the rows.
    A dot marks the differences whose corrected p is below `level`. The strength of a colour, not
    its lightness, says how large a difference is, so that it reads on light and on dark paper.

    Parameters
    ----------
    pairs : DataFrame
        As `pairs.csv` has it; figures 0 to 1.
    ranked : list of str
        The models in the order of rows and columns.
    level : float
    """
    cells = _both_ways(pairs)
    columns = {model: str(rank) for rank, model in enumerate(ranked, start=1)}
    rows = {model: f"{rank}  {model}" for model, rank in columns.items()}
    cells["row"], cells["column"] = cells["model"].map(rows), cells["other"].map(columns)
    base = alt.Chart(cells).encode(
        x=alt.X(
            "column:N",
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=True),
            scale=alt.Scale(domain=list(columns.values())),
        ),
        y=alt.Y("row:N", title=None, scale=alt.Scale(domain=list(rows.values()))),
        tooltip=[
            alt.Tooltip("model", title="Model"),
            alt.Tooltip("other", title="against"),
            alt.Tooltip("difference", title="Difference, points", format="+.1f"),
            alt.Tooltip("low", title="95 % from", format="+.1f"),
            alt.Tooltip("high", title="95 % to", format="+.1f"),
            alt.Tooltip("p", title="p, corrected"),
        ],
    )
    largest = max(float(cells["difference"].abs().max()), 0.1)
    heat = base.mark_rect().encode(
        color=alt.Color(
            "side:N",
            title=None,
            scale=alt.Scale(domain=["row is better", "row is worse"], range=[BETTER, WORSE]),
        ),
        opacity=alt.Opacity(
            "size:Q", scale=alt.Scale(domain=[0, largest], range=[0.05, 1]), legend=None
        ),
    )
    dots = base.transform_filter(f"datum.p_holm < {level}").mark_text(text="●", fontSize=8)
    return alt.layer(heat, dots).properties(
        width="container",
        height=ROW_HEIGHT * len(ranked),
        description="Difference in accuracy of each pair of models, in percentage points.",
    )


def _both_ways(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return each pair twice, as it stands and the other way round; figures in points."""
    ends = {"difference": "", "low": "_low", "high": "_high"}
    ahead = pairs[["model", "other", "p_holm"]].assign(
        **{name: pairs[f"accuracy_difference{end}"] for name, end in ends.items()}
    )
    behind = ahead.assign(
        model=ahead["other"],
        other=ahead["model"],
        difference=-ahead["difference"],
        low=-ahead["high"],
        high=-ahead["low"],
    )
    cells = pd.concat([ahead, behind], ignore_index=True)
    cells[list(ends)] = cells[list(ends)].mul(100).round(1) + 0.0
    cells["size"] = cells["difference"].abs()
    cells["side"] = (cells["difference"] < 0).map({True: "row is worse", False: "row is better"})
    return cells.assign(p=cells["p_holm"].map(p_words))
