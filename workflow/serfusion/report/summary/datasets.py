"""What is reached on each dataset, beside what others reach."""

import pandas as pd

from serfusion.report.page.protocol import caveats
from serfusion.report.summary.protocols import INDEPENDENT, RANDOM
from serfusion.report.summary.results import Results
from serfusion.study.adaptation import in_words

YES_OR_NO = {True: "yes", False: "no"}


def section(results: Results, table: pd.DataFrame) -> list[dict]:
    """Return, for each dataset with a finished experiment, what the page says of it.

    Parameters
    ----------
    results : Results
    table : DataFrame
        As `serfusion.report.summary.models.model_table` returns it.

    Returns
    -------
    list of dict
        `name`; `corpora`, their titles; `caveats`; `rows`, those of the table, speaker-independent
        tests first, the most accurate first; `adapted`, see `adapted`; `others`, what was reported
        and the references; and `best`, see `best`.
    """
    entries = []
    for name, rows in table.groupby("dataset", sort=False):
        finished = next(
            experiment
            for experiment in results.finished
            if experiment.experiment.dataset.name == name
        )
        leaks = rows["protocol"] == RANDOM
        in_order = rows.assign(leaks=leaks).sort_values(
            ["leaks", "accuracy"], ascending=[True, False], kind="stable"
        )
        entries.append(
            {
                "name": name,
                "corpora": [corpus.title for corpus in finished.experiment.dataset.corpora],
                "caveats": caveats(finished),
                "rows": in_order.to_dict("records"),
                "adapted": adapted(results, name),
                "others": reported(results, name) + references(results, name),
                "best": best(rows),
            }
        )
    return entries


def adapted(results: Results, dataset: str) -> list[dict]:
    """Return the rows of `adapted.csv` of the finished experiments on a dataset, in their order.

    Each has its `experiment`, and `adaptation`, to what and by what in words. Models that the
    experiment no longer has are left out.
    """
    rows = []
    for finished in results.finished:
        experiment = finished.experiment
        if experiment.dataset.name != dataset:
            continue
        models = {model.name: model for model in experiment.adapted}
        rows += [
            row
            | {
                "experiment": experiment.name,
                "adaptation": in_words(models[row["model"]].adaptation),
            }
            for row in finished.adapted.to_dict("records")
            if row["model"] in models
        ]
    return rows


def best(rows: pd.DataFrame) -> dict | None:
    """Return the row with the highest validation accuracy among those without leakage.

    Only experiments with the largest number of test clips count, because the validation figures of
    others are for other clips. None if every experiment leaks.
    """
    honest = rows[rows["protocol"] == INDEPENDENT]
    honest = honest[honest["tested_clips"] == honest["tested_clips"].max()]
    return None if honest.empty else honest.loc[honest["validation"].idxmax()].to_dict()


def reported(results: Results, dataset: str) -> list[dict]:
    """Return what was reported for the finished experiments on a dataset, each figure once.

    A row has `who`, `source`, the `experiments` that it belongs to, `accuracy`, `accuracy_std`,
    `uar` and `validation` in percent, None where unknown, `speaker_independent` in words, and
    `note`.
    """
    figures = {}
    for finished in results.finished:
        experiment = finished.experiment
        if experiment.dataset.name == dataset and experiment.reported:
            key = tuple(experiment.reported.items())
            figures.setdefault(key, (experiment.reported, []))[1].append(experiment.name)
    return [
        {
            "who": f"{figure['model'] or 'all models'}, as reported",
            "source": figure["source"],
            "experiments": names,
            "accuracy": figure["accuracy"],
            "accuracy_std": figure["accuracy_std"],
            "uar": None,
            "validation": figure["validation_accuracy"],
            "speaker_independent": YES_OR_NO.get(figure["speaker_independent"], "not stated"),
            "note": figure["note"],
        }
        for figure, names in figures.values()
    ]


def references(results: Results, dataset: str) -> list[dict]:
    """Return the reference points of a dataset, in the form of `reported`."""
    return [
        {
            "who": reference["who"],
            "source": reference["source"],
            "experiments": [],
            "accuracy": None,
            "accuracy_std": None,
            "uar": None,
            "validation": None,
            reference["metric"]: reference["figure"],
            "speaker_independent": YES_OR_NO.get(reference["speaker_independent"], "–"),
            "note": f"{reference['classes']} emotions",
        }
        for reference in results.study.references
        if reference["dataset"] == dataset
    ]
