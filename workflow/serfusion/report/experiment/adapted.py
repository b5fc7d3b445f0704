"""The models that are adapted to those that they are tested on, apart from all others."""

import pandas as pd

from serfusion.report.experiment.adapted_figures import by_clips
from serfusion.report.experiment.results import Results
from serfusion.study.adaptation import ALL

SETTINGS = ["baseline", "to", "statistics", "shrink"]
"""What the models of one figure have in common; they differ in their clips."""


def section(results: Results) -> dict | None:
    """Return what `adapted.html` is filled with; None if no model is adapted.

    Returns
    -------
    dict
        `rows`, those of `adapted.csv`, each with its `composition`; `transductive`, whether any is
        adapted by all clips; `warning`, the emotions that clips were drawn from alone; and
        `figures`, each with a title, of models with a baseline that differ in their clips alone.
    """
    table = results.adapted
    if table.empty:
        return None
    models = {model.name: model for model in results.experiment.adapted}
    rows = [
        row | {"composition": models[row["model"]].composition} for row in table.to_dict("records")
    ]
    return {
        "rows": rows,
        "transductive": bool((table["by_clips"] == ALL).any()),
        "warning": list(table["emotion"].dropna().unique()),
        "figures": figures(table, results.summary),
    }


def figures(table: pd.DataFrame, summary: pd.DataFrame) -> list[tuple[str, dict]]:
    """Return the title and the figure of each family of models that differ in their clips alone.

    Parameters
    ----------
    table : DataFrame
        As `adapted.csv` has it.
    summary : DataFrame
        As `summary.csv` has it.
    """
    shown = []
    for (baseline, to, statistics, shrink), family in table.groupby(SETTINGS, sort=False):
        if len(family) < 2:
            continue
        moments = statistics.replace("_", " ")
        title = f"{baseline}, adapted to the {to} by the {moments}, shrink {shrink:g}"
        unadapted = summary[summary["model"] == baseline].iloc[0]
        shown.append((title, by_clips(family, unadapted).to_dict()))
    return shown
