"""Colours, axes and layers that the figures of several pages share."""

import altair as alt
import pandas as pd

BLUE, ORANGE, GREY, BROWN = "#3b7dc4", "#e07b28", "#8a97a3", "#8a7a66"
"""Legible on light and on dark paper."""

DASHES = [[1, 0], [6, 3], [2, 3], [10, 3, 2, 3], [6, 6], [12, 4]]
PERCENT = alt.Scale(domain=[0, 100])

INTERVAL = {"strokeWidth": 3, "opacity": 0.45}
"""How the bar of an interval is drawn."""

ROW_LABEL = "slice(datum.value, indexof(datum.value, '|') + 1)"
"""What the axis shows of the name that `HeadedRows` gives a row."""


def interval_and_point(
    base: alt.Chart, metric: str, *, colour: str | None = None, size: int = 90, **axis
) -> tuple[alt.Chart, alt.Chart]:
    """Return the layers that show a figure as a point on the bar of its interval.

    Parameters
    ----------
    base : Chart
        Its data have the columns `metric`, `metric_low` and `metric_high`.
    metric : str
    colour : str or None, default None
        None where `base` encodes it.
    size : int, default 90
        Area of the point, in square pixels.
    **axis
        `title` and `scale` of the horizontal axis, as `altair.X` takes them.
    """
    mark = {} if colour is None else {"color": colour}
    interval = base.mark_rule(**INTERVAL, **mark).encode(
        x=alt.X(f"{metric}_low:Q", **axis), x2=f"{metric}_high:Q"
    )
    point = base.mark_point(filled=True, size=size, opacity=1, **mark).encode(x=f"{metric}:Q")
    return interval, point


class HeadedRows:
    """The rows of a figure, in groups under headings that have a row of their own.

    Parameters
    ----------
    groups : list of tuple of str and list of str
        Each group's heading and the labels of its rows.
    **axis
        Further properties of the axis, as `altair.Axis` takes them.

    Attributes
    ----------
    names : list of dict
        For each group, label to the name of the row, which is unique though labels may not be.
    y : Y
        The vertical axis, on a column `row` of such names.
    headings : Chart
        The layer that writes the headings.
    """

    def __init__(self, groups: list[tuple[str, list[str]]], **axis) -> None:
        order, headings, self.names = [], [], []
        for heading, labels in groups:
            headings.append({"row": f"{len(order)}|", "heading": heading})
            names = [f"{place}|{label}" for place, label in enumerate(labels, len(order) + 1)]
            order += [headings[-1]["row"], *names]
            self.names.append(dict(zip(labels, names, strict=True)))
        self.y = alt.Y(
            "row:N",
            sort=None,
            scale=alt.Scale(domain=order),
            title=None,
            axis=alt.Axis(labelExpr=ROW_LABEL, ticks=False, labelPadding=8, **axis),
        )
        text = alt.Chart(pd.DataFrame(headings))
        text = text.mark_text(align="left", fontWeight="bold", fontSize=12, dy=4)
        self.headings = text.encode(y=self.y, x=alt.value(0), text="heading:N")
        self._count = len(order)

    def __len__(self) -> int:
        """Return the number of rows, headings among them."""
        return self._count
