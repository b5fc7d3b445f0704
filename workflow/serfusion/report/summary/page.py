"""The page of the whole study: every finished experiment, beside what others reached."""

from dataclasses import dataclass

import pandas as pd

from serfusion.report.experiment import content
from serfusion.report.experiment.content import Protocol
from serfusion.report.page.layout import render_page
from serfusion.report.summary import inflation, summary_figures

YES_OR_NO = {True: "yes", False: "no"}


@dataclass(frozen=True)
class Finished(Protocol):
    """What the summary takes from a finished experiment.

    Attributes
    ----------
    metrics, summary : DataFrame
    records : DataFrame
        Columns `model`, `fold` and those of every `fit.json`.
    """

    metrics: pd.DataFrame
    summary: pd.DataFrame
    records: pd.DataFrame


@dataclass(frozen=True)
class Summary:
    """The study, and what of it is finished.

    Attributes
    ----------
    study : dict
        `experiments`, `datasets`, `corpora`, `models` and `references` as resolved, and the titles
        of the `comparisons`, or None, by name.
    finished : list of Finished
    comparisons : list of str
        Those that have a report.
    unavailable : dict
        What to do about a corpus that cannot be had, to the experiments that want it.
    """

    study: dict
    finished: list[Finished]
    comparisons: list[str]
    unavailable: dict[str, list[str]]


def render(summary: Summary) -> str:
    """Return the summary as one HTML page that needs nothing else."""
    table = rows(summary)
    compared = inflation.side_by_side(table, summary.study["experiments"])
    claimed = inflation.claims(compared)
    return render_page(
        "summary.html",
        "All experiments",
        None,
        summary=summary,
        protocols=inflation.PROTOCOLS,
        datasets=datasets(summary, table),
        unfinished=unfinished(summary),
        inflations=[
            {
                "dataset": own["dataset"].iloc[0],
                "rows": own.to_dict("records"),
                "sentences": inflation.sentences(claimed[claimed["setting"] == setting]),
                "spec": summary_figures.inflation(own).to_dict(),
            }
            for setting, own in compared.groupby("setting", observed=True)
        ],
        costs=[
            (title, summary_figures.cost(table, by).to_dict())
            for by, title in (("seconds", "Training time"), ("parameters", "Size"))
            if len(table)
        ],
    )


def rows(summary: Summary) -> pd.DataFrame:
    """Return a row per finished experiment and model that it compares.

    Returns
    -------
    DataFrame
        `dataset`, `experiment`, `model`, `protocol` (one of `inflation.PROTOCOLS`), `tested_clips`;
        `accuracy` and `uar`, pooled, with `_low` and `_high`; `validation` and `validation_std`
        over folds (all 0 to 1); `own_parameters`, `extractor_parameters`, and `parameters`, which
        is both; `seconds` of training, those of the extractor among them, all folds; `device`.
    """
    columns = ["dataset", "experiment", "model", "protocol", "tested_clips"]
    figures = [f"{metric}{end}" for metric in ("accuracy", "uar") for end in ("", "_low", "_high")]
    costs = ["own_parameters", "extractor_parameters", "parameters", "seconds", "device"]
    columns += [*figures, "validation", "validation_std", *costs]
    found = [row for experiment in summary.finished for row in _rows(experiment, figures)]
    return pd.DataFrame(found, columns=columns)


def _rows(experiment: Finished, figures: list[str]) -> list[dict]:
    validation = content.validation_scores(experiment)
    seconds, devices = content.train_seconds(experiment), content.devices(experiment)
    compared = content.compared(experiment)
    found = []
    for row in experiment.summary.to_dict("records"):
        model = row["model"]
        if model not in compared:  # a floor, or in the experiment when that was run
            continue
        mean, std = validation[model]
        extractor = experiment.study["models"][model].get("deep")
        below = content.extractor_parameters(experiment, model) or 0
        found.append(
            {
                "dataset": experiment.settings["dataset"],
                "experiment": experiment.name,
                "model": model,
                "protocol": inflation.protocol(experiment.audit),
                "tested_clips": experiment.audit["tested_clips"],
                **{key: row[key] for key in figures},
                "validation": mean,
                "validation_std": std,
                "own_parameters": row["parameters"],
                "extractor_parameters": below,
                "parameters": row["parameters"] + below,
                "seconds": seconds[model] + (seconds[extractor] if extractor else 0),
                "device": ", ".join(devices[model]),
            }
        )
    return found


def datasets(summary: Summary, table: pd.DataFrame) -> list[dict]:
    """Return, for each dataset with a finished experiment, all that the page says of it.

    Parameters
    ----------
    summary : Summary
    table : DataFrame
        As `rows` returns it.

    Returns
    -------
    list of dict
        `name`; `corpora`, their titles; `synthetic`, `missing` and `incomplete`, as the notices
        want them; `rows`, those whose speakers were never heard first, the most accurate first;
        `others`, what was reported and the references; and `best`, see `best`.
    """
    found = []
    for name, own in table.groupby("dataset", sort=False):
        experiment = next(each for each in summary.finished if each.settings["dataset"] == name)
        shown = own.assign(leaks=own["protocol"] == inflation.RANDOM)
        shown = shown.sort_values(["leaks", "accuracy"], ascending=[True, False], kind="stable")
        found.append(
            {
                "name": name,
                "corpora": list(content.titles(experiment).values()),
                "synthetic": content.synthetic_corpora(experiment),
                "missing": content.missing_corpora(experiment),
                "incomplete": content.incomplete_corpora(experiment),
                "rows": shown.to_dict("records"),
                "others": reported(summary, name) + references(summary, name),
                "best": best(own),
            }
        )
    return found


def best(own: pd.DataFrame) -> dict | None:
    """Return the row of a dataset that is best on validation, of those that leak nothing.

    Only experiments that test as many clips as any are asked, for the validation figures of others
    are of other clips; None where every experiment leaks.
    """
    honest = own[own["protocol"] == inflation.INDEPENDENT]
    honest = honest[honest["tested_clips"] == honest["tested_clips"].max()]
    return None if honest.empty else honest.loc[honest["validation"].idxmax()].to_dict()


def reported(summary: Summary, dataset: str) -> list[dict]:
    """Return what was reported for the finished experiments on a dataset, each figure once."""
    found = {}
    for experiment in summary.finished:
        figure = experiment.settings["reported"]
        if experiment.settings["dataset"] == dataset and figure:
            key = tuple(figure.items())
            found.setdefault(key, (figure, []))[1].append(experiment.name)
    return [
        {
            "who": f"{figure['model'] or 'all models'}, as reported",
            "source": figure["source"],
            "beside": names,
            "accuracy": figure["accuracy"],
            "accuracy_std": figure["accuracy_std"],
            "uar": None,
            "validation": figure["validation_accuracy"],
            "speaker_independent": YES_OR_NO.get(figure["speaker_independent"], "not said"),
            "note": figure["note"],
        }
        for figure, names in found.values()
    ]


def references(summary: Summary, dataset: str) -> list[dict]:
    """Return the reference points of a dataset, in the shape of `reported`."""
    return [
        {
            "who": reference["who"],
            "source": reference["source"],
            "beside": [],
            "accuracy": None,
            "accuracy_std": None,
            "uar": None,
            "validation": None,
            reference["metric"]: reference["figure"],
            "speaker_independent": YES_OR_NO.get(reference["speaker_independent"], "–"),
            "note": f"{reference['classes']} emotions",
        }
        for reference in summary.study["references"]
        if reference["dataset"] == dataset
    ]


def unfinished(summary: Summary) -> list[dict]:
    """Return every experiment and comparison without a report: `name`, `title` and `why`.

    `why` says how to get the corpus that is wanted, and is None where it is only to be run.
    """
    why = {name: words for words, names in summary.unavailable.items() for name in names}
    done = {experiment.name for experiment in summary.finished} | set(summary.comparisons)
    titles = {
        name: each["title"] for name, each in summary.study["experiments"].items()
    } | summary.study["comparisons"]
    return [
        {"name": name, "title": title or name, "why": why.get(name)}
        for name, title in titles.items()
        if name not in done
    ]
