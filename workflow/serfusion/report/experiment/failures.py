"""Where the models fail: on which clips, on which actors, and with which probabilities."""

import pandas as pd

from serfusion.evaluation.groups import UNKNOWN
from serfusion.report.experiment import failures_figures as figures
from serfusion.report.experiment.results import Results

SHOWN_GROUPS = 24
"""Of more groups than these, only the hardest and the easiest are shown."""

EXTREMES = 8
HEADINGS = {
    "emotion": "Emotion",
    "gender": "Gender of the actor",
    "corpus": "Corpus",
    "intensity": "Intensity",
    "length": "Length of the clip, in quarters",
    "sentence": "Sentence",
}
"""What clips are grouped by, and its heading; actors have a figure of their own."""


def section(results: Results) -> dict:
    """Return what `failures.html` is filled with.

    Returns
    -------
    dict
        `model`, the one with the highest validation accuracy, which is shown first; `models`, all
        but adapted ones, in the order of the tables; `groups`, heading to the rows of `groups.csv`
        of that model;
        `single_actor`, its groups of one actor; `not_shown`, what clips are not grouped by;
        `lowest`, see `lowest_actors`; `calibration`, see `calibration_rows`; `mistakes`, as
        `mistakes.json` has them; `attributions`, by corpus, for its audio; and `figures`.
    """
    model, groups = results.mistakes["model"], results.apart_from_adapted(results.groups)
    calibration = results.apart_from_adapted(results.calibration)
    shown, headings = shown_groups(groups, model)
    accuracies = overall_accuracies(calibration)
    bins = calibration[calibration["ece"].isna()]
    of_model = shown[shown["model"] == model]
    return {
        "model": model,
        "models": list(groups["model"].unique()),
        "groups": [
            (heading, of_model[of_model["by"] == by].to_dict("records"))
            for by, heading in headings.items()
        ],
        "single_actor": list(of_model.loc[of_model["actors"] == 1, "group"]),
        "not_shown": [by for by in HEADINGS if by not in headings],
        "lowest": lowest_actors(groups, accuracies),
        "calibration": calibration_rows(calibration),
        "mistakes": results.mistakes,
        "attributions": attributions(results),
        "figures": {
            "groups": figures.group_accuracies(shown, headings, model).to_dict(),
            "actors": figures.actor_accuracies(
                actors_with_gender(groups, results.dataset), accuracies, model
            ).to_dict(),
            "reliability": figures.reliability(bins[bins["clips"] > 0], model).to_dict(),
        },
    }


def shown_groups(groups: pd.DataFrame, model: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the rows of `groups.csv` that the page shows, of all models, and their headings.

    What all clips have in common is left out. Of many groups, those with the lowest and the highest
    accuracy of `model` are shown, and the heading says so.
    """
    tables, headings = [], {}
    for by, heading in HEADINGS.items():
        table = groups[groups["by"] == by]
        count = table["group"].nunique()
        if count < 2:
            continue
        if count > SHOWN_GROUPS:
            order = table[table["model"] == model].sort_values("accuracy", kind="stable")["group"]
            extremes = [*order.head(EXTREMES), *order.tail(EXTREMES)]
            table = table[table["group"].isin(extremes)]
            heading = f"{heading}: the {EXTREMES} hardest and the {EXTREMES} easiest of {count}"
        tables.append(table)
        headings[by] = heading
    return pd.concat(tables, ignore_index=True), headings


def actors_with_gender(groups: pd.DataFrame, dataset: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `groups.csv` by actor with a column `gender`."""
    genders = dataset.drop_duplicates("actor").set_index("actor")["gender"].fillna(UNKNOWN)
    actors = groups[groups["by"] == "actor"]
    return actors.assign(gender=actors["group"].map(genders))


def overall_accuracies(calibration: pd.DataFrame) -> dict[str, float]:
    """Return each model's accuracy on all test clips, 0 to 1."""
    overall = calibration[calibration["ece"].notna()]
    return overall.set_index("model")["accuracy"].to_dict()


def lowest_actors(groups: pd.DataFrame, accuracies: dict[str, float]) -> list[dict]:
    """Return, for each model, the actors on whom its accuracy is lowest.

    A row has `model`, `actors`, those with its lowest accuracy, `accuracy` on each of them, `clips`
    of all of them, `overall`, its accuracy on all clips, and `highest`, its highest on an actor.

    Parameters
    ----------
    groups : DataFrame
        As `groups.csv` has it.
    accuracies : dict
        Model to its accuracy on all test clips, 0 to 1.
    """
    rows = []
    actors = groups[groups["by"] == "actor"]
    for model, table in actors.groupby("model", sort=False):
        lowest = table[table["accuracy"] == table["accuracy"].min()]
        rows.append(
            {
                "model": model,
                "actors": list(lowest["group"]),
                "accuracy": lowest["accuracy"].iloc[0],
                "clips": int(lowest["clips"].sum()),
                "overall": accuracies[model],
                "highest": table["accuracy"].max(),
            }
        )
    return rows


def calibration_rows(calibration: pd.DataFrame) -> list[dict]:
    """Return the row of `calibration.csv` of all clips of each model, with a `verdict`.

    The verdict is `over-confident` if the mean probability of its predictions exceeds their
    accuracy, else `under-confident`.
    """
    overall = calibration[calibration["ece"].notna()]
    exceeds = overall["confidence"] > overall["accuracy"]
    verdicts = exceeds.map({True: "over-confident", False: "under-confident"})
    return overall.assign(verdict=verdicts).to_dict("records")


def attributions(results: Results) -> dict[str, str]:
    """Return by corpus the title, licence and citation, as far as they are known."""
    return {
        corpus.name: ", ".join(filter(None, (corpus.title, corpus.licence, corpus.citation)))
        for corpus in results.experiment.corpora
    }
