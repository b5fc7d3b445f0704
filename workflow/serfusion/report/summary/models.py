"""The models of all finished experiments: what they reach, and what they cost."""

import pandas as pd

from serfusion.report.page.models import costs, validation_accuracies
from serfusion.report.summary.protocols import protocol_of
from serfusion.report.summary.results import Finished, Results

SCORES = [f"{metric}{end}" for metric in ("accuracy", "uar") for end in ("", "_low", "_high")]
COLUMNS = [
    *("dataset", "experiment", "model", "protocol", "tested_clips", *SCORES),
    *("validation", "validation_std", "model_parameters", "extractor_parameters", "parameters"),
    *("seconds", "device"),
]


def model_table(results: Results) -> pd.DataFrame:
    """Return a row per finished experiment and model that it compares.

    Returns
    -------
    DataFrame
        `dataset`, `experiment`, `model`, `protocol` (one of
        `serfusion.report.summary.protocols.PROTOCOLS`), `tested_clips`; `accuracy` and `uar`,
        pooled, with `_low` and `_high`; `validation` and `validation_std` over folds (all 0 to 1);
        `model_parameters`, `extractor_parameters`, and `parameters`, their sum; `seconds` of
        training, with those of the extractor, all folds; `device`.
    """
    rows = [row for experiment in results.finished for row in _rows(experiment)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(finished: Finished) -> list[dict]:
    experiment = finished.experiment
    validation = validation_accuracies(finished.metrics)
    cost_of = costs(experiment.compared, finished.records)
    rows = []
    for row in finished.summary.to_dict("records"):
        model = row["model"]
        if model not in cost_of:  # a floor, or no longer a model of the experiment
            continue
        cost, (mean, std) = cost_of[model], validation[model]
        rows.append(
            {
                "dataset": experiment.dataset.name,
                "experiment": experiment.name,
                "model": model,
                "protocol": protocol_of(finished.audit),
                "tested_clips": finished.audit["tested_clips"],
                **{score: row[score] for score in SCORES},
                "validation": mean,
                "validation_std": std,
                "model_parameters": row["parameters"],
                "extractor_parameters": cost.extractor_parameters,
                "parameters": row["parameters"] + cost.extractor_parameters,
                "seconds": cost.seconds + cost.extractor_seconds,
                "device": ", ".join(cost.devices),
            }
        )
    return rows
