"""The figure of a comparison."""

import altair as alt
import pandas as pd

from serfusion.report.page.figures import BLUE, HeadedRows, interval_and_point
from serfusion.study.comparison import Question


def differences(
    table: pd.DataFrame, questions: tuple[Question, ...], baseline: str
) -> alt.LayerChart:
    """Return how far each arm's accuracy is from the baseline's, with its interval, by question.

    Parameters
    ----------
    table : DataFrame
        The arms of `comparison.csv`; figures 0 to 1.
    questions : tuple of Question
        Each is the heading of its arms.
    baseline : str
        The label of the baseline.
    """
    columns = ["accuracy_difference", "accuracy_difference_low", "accuracy_difference_high"]
    data = table[["label", "p_holm"]].join(table[columns].mul(100).round(1))
    arms = [(part.question, [arm.label for arm in part.arms]) for part in questions]
    rows = HeadedRows(arms, labelLimit=170)
    names = {label: name for group in rows.names for label, name in group.items()}
    data["row"] = data["label"].map(names)
    tooltip = [
        alt.Tooltip("label", title="Arm"),
        alt.Tooltip("accuracy_difference", title="Difference, points"),
        alt.Tooltip("accuracy_difference_low", title="95 % from"),
        alt.Tooltip("accuracy_difference_high", title="95 % to"),
        alt.Tooltip("p_holm", title="p, corrected", format=".3f"),
    ]
    zero = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(strokeWidth=1.5).encode(x="at:Q")
    base = alt.Chart(data).encode(y=rows.y, tooltip=tooltip)
    title = "Difference, percentage points"
    marks = interval_and_point(base, "accuracy_difference", colour=BLUE, size=110, title=title)
    return alt.layer(zero, *marks, rows.headings).properties(
        width="container",
        height=30 * len(rows),
        description=f"Difference in accuracy of each arm from {baseline}.",
    )
