"""The figures of each emotion's recall, and of which models differ significantly."""

import altair as alt
import pandas as pd

from serfusion.report.page.figures import BLUE, GREY, ORANGE, PERCENT, interval_and_point
from serfusion.report.page.significance import LEVEL, p_value

OTHERS, PEOPLE = "other models", "people, by vote"
BETTER, WORSE = "row is better", "row is worse"
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
    emotions = sorted(classes["emotion"].unique())
    columns = ["recall", "recall_low", "recall_high"]
    data = classes[["model", "emotion", "clips"]].join(classes[columns].mul(100).round(1))
    data["who"] = data["model"].where(data["model"] == best, OTHERS)
    votes = pd.DataFrame(
        {
            "who": PEOPLE,
            "emotion": list(people),
            "recall": [round(100 * share, 1) for share in people.values()],
        }
    )
    present = {*data["who"], *votes["who"]}
    colours = {best: BLUE, OTHERS: GREY, PEOPLE: ORANGE}
    colours = {who: colour for who, colour in colours.items() if who in present}
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    colour = alt.Color("who:N", title=None, scale=scale)
    axis = {"title": "Recall, %", "scale": PERCENT}
    x, y = alt.X("recall:Q", **axis), alt.Y("emotion:N", sort=emotions, title=None)
    tooltip = [
        alt.Tooltip("emotion", title="Emotion"),
        alt.Tooltip("model", title="Model"),
        alt.Tooltip("clips", title="Clips"),
        alt.Tooltip("recall", title="Recall, %"),
        alt.Tooltip("recall_low", title="95 % from"),
        alt.Tooltip("recall_high", title="95 % to"),
    ]
    ticks = (
        alt.Chart(data[data["who"] != best])
        .mark_tick(thickness=2, size=14, opacity=0.5)
        .encode(y=y, x=x, color=colour, tooltip=tooltip)
    )
    shown = alt.Chart(data[data["who"] == best]).encode(y=y, color=colour, tooltip=tooltip)
    layers = [ticks, *interval_and_point(shown, "recall", size=110, **axis)]
    if people:
        tooltip = [alt.Tooltip("emotion", title="Emotion"), "who:N", tooltip[3]]
        points = alt.Chart(votes).mark_point(filled=True, size=90, opacity=1, shape="diamond")
        layers.append(points.encode(y=y, x=x, color=colour, tooltip=tooltip))
    return alt.layer(*layers).properties(
        width="container",
        height=30 * len(emotions),
        description=f"Recall of each emotion by {best}, with the other models’ beside it.",
    )


def pair_matrix(pairs: pd.DataFrame, models: list[str]) -> alt.LayerChart:
    """Return how far each model (row) is ahead of each other one (column), in percentage points.

    Columns are named by the models' ranks, which are also in the names of the rows. A dot marks the
    significant differences. The strength of a colour, not its lightness, shows how large a
    difference is, so that it can be read on light and on dark paper.

    Parameters
    ----------
    pairs : DataFrame
        As `pairs.csv` has it; figures 0 to 1.
    models : list of str
        In the order of rows and columns.
    """
    cells = _both_ways(pairs)
    columns = {model: str(rank) for rank, model in enumerate(models, start=1)}
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
            alt.Tooltip("other", title="Compared with"),
            alt.Tooltip("difference", title="Difference, points", format="+.1f"),
            alt.Tooltip("low", title="95 % from", format="+.1f"),
            alt.Tooltip("high", title="95 % to", format="+.1f"),
            alt.Tooltip("p", title="p, corrected"),
        ],
    )
    largest = max(float(cells["difference"].abs().max()), 0.1)
    sides = alt.Scale(domain=[BETTER, WORSE], range=[BLUE, ORANGE])
    strength = alt.Scale(domain=[0, largest], range=[0.05, 1])
    heat = base.mark_rect().encode(
        color=alt.Color("side:N", title=None, scale=sides),
        opacity=alt.Opacity("size:Q", scale=strength, legend=None),
    )
    dots = base.transform_filter(f"datum.p_holm < {LEVEL}").mark_text(text="●", fontSize=8)
    return alt.layer(heat, dots).properties(
        width="container",
        height=ROW_HEIGHT * len(models),
        description="Difference in accuracy of each pair of models, in percentage points.",
    )


def _both_ways(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return each pair twice, as it stands and the other way round; differences in points."""
    ends = {"difference": "", "low": "_low", "high": "_high"}
    forward = pairs[["model", "other", "p_holm"]].assign(
        **{name: pairs[f"accuracy_difference{end}"] for name, end in ends.items()}
    )
    backward = forward.assign(
        model=forward["other"],
        other=forward["model"],
        difference=-forward["difference"],
        low=-forward["high"],
        high=-forward["low"],
    )
    cells = pd.concat([forward, backward], ignore_index=True)
    cells[list(ends)] = cells[list(ends)].mul(100).round(1) + 0.0
    cells["size"] = cells["difference"].abs()
    cells["side"] = (cells["difference"] < 0).map({True: WORSE, False: BETTER})
    return cells.assign(p=cells["p_holm"].map(p_value))
