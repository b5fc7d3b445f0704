"""How well each layer of an encoder tells emotions apart, from searches that try each alone."""

import json

import altair as alt
import pandas as pd
from scipy.stats import t

from serfusion.report.experiment.results import Results
from serfusion.report.page.figures import DASHES

LEAST_LAYERS = 3
LEVEL = 0.95


def profile(results: Results) -> pd.DataFrame:
    """Return the validation accuracy of single layers, for each model that chose among them.

    Of the candidates of a fold that read one layer, the best counts. Validation clips decide
    which layer a fold reads, so these figures are a little higher than those of test clips.

    Returns
    -------
    DataFrame
        Columns `model`, `layer`, and `accuracy`, its mean over folds in percent, with `low` and
        `high`, the limits of its 95 % interval by Student's t over folds (NaN of a single fold). Of
        models that tried at least `LEAST_LAYERS` layers.
    """
    tables = [
        _by_layer(table, model)
        for model, table in results.searches.items()
        if "layers" in table.columns
    ]
    tables = [table for table in tables if len(table) >= LEAST_LAYERS]
    columns = ["model", "layer", "accuracy", "low", "high"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _by_layer(search: pd.DataFrame, model: str) -> pd.DataFrame:
    layer = search["layers"].map(_single_layer)
    tried = search.assign(layer=layer).dropna(subset="layer")
    best = tried.groupby(["layer", "fold"])["validation_accuracy"].max().groupby("layer")
    count, mean = best.count(), 100 * best.mean()
    reach = 100 * best.std() / count**0.5 * t.ppf((1 + LEVEL) / 2, count - 1)
    table = pd.DataFrame({"accuracy": mean, "low": mean - reach, "high": mean + reach})
    return table.rename_axis("layer").reset_index().assign(model=model).astype({"layer": int})


def _single_layer(text) -> int | None:
    """Return the only layer that the value of a search's `layers` names, or None."""
    value = json.loads(text) if isinstance(text, str) else None
    named = list(value.values()) if isinstance(value, dict) else [value]
    read = [layers for layers in named if layers]
    alone = read[0] if len(read) == 1 else []
    return alone[0] if len(alone) == 1 and isinstance(alone[0], int) else None


def figure(table: pd.DataFrame) -> dict | None:
    """Return the figure of `profile`, as Vega-Lite; None if there is nothing to draw."""
    if table.empty:
        return None
    axes = {
        "x": alt.X("layer:Q", title="Layer", axis=alt.Axis(tickMinStep=1, format="d")),
        "color": alt.Color("model:N", title=None, sort=None),
    }
    title = "Validation accuracy, %"
    base = alt.Chart(table.round(2))
    band = base.mark_area(opacity=0.15).encode(
        y=alt.Y("low:Q", title=title, scale=alt.Scale(zero=False)), y2="high:Q", **axes
    )
    line = base.mark_line(point=True).encode(
        y=alt.Y("accuracy:Q", title=title),
        strokeDash=alt.StrokeDash("model:N", sort=None, scale=alt.Scale(range=DASHES), legend=None),
        tooltip=[
            alt.Tooltip("model", title="Model"),
            alt.Tooltip("layer", title="Layer"),
            alt.Tooltip("accuracy", title=title, format=".1f"),
            alt.Tooltip("low", title="from", format=".1f"),
            alt.Tooltip("high", title="to", format=".1f"),
        ],
        **axes,
    )
    description = "Validation accuracy of each model by the layer of the encoder that it reads."
    return (
        alt.layer(band, line)
        .properties(width="container", height=260, description=description)
        .to_dict()
    )
