"""Confusion matrices of the compared models."""

import altair as alt
import numpy as np
import pandas as pd

from serfusion.evaluation.counts import confusion
from serfusion.report.experiment.results import Results

DARK = "datum.share > 0.62"
"""Where a cell is so dark that the number in it is white."""


def section(results: Results) -> dict:
    """Return what `confusion.html` is filled with: `emotions`, `matrices` and their `figures`."""
    emotions, matrices = results.emotions, confusion_matrices(results)
    return {
        "emotions": emotions,
        "matrices": matrices,
        "figures": [
            (model, confusion_matrix(model, counts, emotions).to_dict())
            for model, counts in matrices.items()
        ],
    }


def confusion_matrices(results: Results) -> dict[str, np.ndarray]:
    """Return each model's counts of predictions of test clips, the most accurate model first.

    Returns
    -------
    dict of ndarray of shape (emotions, emotions)
        All folds together; a row is a true emotion, a column a predicted one.
    """
    matrices = {
        model: confusion(rows["emotion"], rows["predicted"], results.emotions)
        for model, rows in results.predictions.groupby("model", sort=False)
        if model in results.compared
    }
    return dict(sorted(matrices.items(), key=lambda entry: -entry[1].trace()))


def confusion_matrix(model: str, counts: np.ndarray, emotions: list[str]) -> alt.LayerChart:
    """Return the figure of a confusion matrix: each true emotion's shares, and numbers of clips.

    Parameters
    ----------
    model : str
    counts : ndarray of shape (emotions, emotions)
        A row is a true emotion, a column a predicted one.
    emotions : list of str
    """
    cells = pd.DataFrame(
        [
            {"truth": truth, "predicted": predicted, "clips": int(n), "share": n / max(total, 1)}
            for truth, row, total in zip(emotions, counts, counts.sum(axis=1), strict=True)
            for predicted, n in zip(emotions, row, strict=True)
        ]
    )
    cells["percent"] = (100 * cells["share"]).round()
    axis = alt.Axis(labelAngle=-45)
    base = alt.Chart(cells).encode(
        x=alt.X("predicted:N", sort=emotions, title="Predicted emotion", axis=axis),
        y=alt.Y("truth:N", sort=emotions, title="True emotion"),
        tooltip=[
            alt.Tooltip("truth", title="True"),
            alt.Tooltip("predicted", title="Predicted"),
            alt.Tooltip("clips", title="Clips"),
            alt.Tooltip("percent", title="% of the true emotion"),
        ],
    )
    scale = alt.Scale(domain=[0, 1])
    heat = base.mark_rect().encode(color=alt.Color("share:Q", scale=scale, legend=None, title=None))
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text("percent:Q", format=".0f"),
        color=alt.when(DARK).then(alt.value("white")),
    )
    return alt.layer(heat, text).properties(
        width="container",
        height=30 * len(emotions),
        description=f"Confusion matrix of {model}.",
    )
