"""What an experiment's models are compared with: floors, people, and what was reported."""

import numpy as np

from serfusion.report.experiment.results import Results


def reference_points(results: Results) -> list[dict]:
    """Return the floors, how well people recognise the emotions, and the reported figure.

    Returns
    -------
    list of dict
        `name`; `source`, None for the reported figure; `accuracy`, `accuracy_low`, `accuracy_high`
        and `uar` (0 to 1, NaN where unknown); `accuracy_std` and `validation_accuracy` in percent,
        None unless reported; and `line`, whether it is a line in the figure: only what holds for
        all test clips and is no model.
    """
    return [*_floors(results), *_reported(results)]


def reported_name(reported: dict) -> str:
    """Return the `name` of the reported figure."""
    return f"{reported['source']}, as reported"


def _floors(results: Results) -> list[dict]:
    several = len(results.experiment.corpora) > 1
    points = []
    for row in results.floors[results.floors["emotion"].isna()].to_dict("records"):
        name, source, line = row["floor"], row["source"], True
        if name == "corpus alone" and not several:
            continue
        if name == "labels permuted":
            source, line = f"{row['model']}, {source}", False
        if name.startswith("people"):
            source = f"{source}, audio only"
            if several:
                title = results.study.corpora[row["corpus"]].title
                name, line = f"{name}, {title} alone", False
        unreported = {"accuracy_std": None, "validation_accuracy": None}
        points.append(row | {"name": name, "source": source, "line": line} | unreported)
    return points


def _reported(results: Results) -> list[dict]:
    reported = results.experiment.reported
    if reported is None:
        return []
    unknown = dict.fromkeys(("accuracy_low", "accuracy_high", "uar"), np.nan)
    printed = {key: reported.get(key) for key in ("accuracy_std", "validation_accuracy")}
    point = {"name": reported_name(reported), "source": None, "line": True}
    return [point | {"accuracy": reported["accuracy"] / 100} | unknown | printed]
