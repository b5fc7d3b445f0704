"""What the report says of where its models fail."""

from dataclasses import dataclass

import pandas as pd

from serfusion.evaluation.groups import UNKNOWN
from serfusion.report.experiment import failure_figures

SHOWN_GROUPS = 24
"""More groups than these are not all shown: those that the model does worst and best on are."""

EXTREMES = 8
HEADINGS = {
    "emotion": "Emotion",
    "gender": "Gender of the actor",
    "corpus": "Corpus",
    "intensity": "Intensity",
    "length": "Length of the clip, in quarters",
    "sentence": "Sentence",
}
"""What is grouped by, as the page calls it; actors have a figure of their own."""


@dataclass(frozen=True)
class Failures:
    """Where the models of an experiment fail, read.

    Attributes
    ----------
    groups, calibration : DataFrame
        As `groups.csv` and `calibration.csv` have them.
    mistakes : dict
        As `mistakes.json` has it.
    """

    groups: pd.DataFrame
    calibration: pd.DataFrame
    mistakes: dict

    @property
    def model(self) -> str:
        """The model with the highest validation accuracy, which is shown at first."""
        return self.mistakes["model"]

    @property
    def models(self) -> list[str]:
        """All models, in the order of the tables."""
        return list(self.groups["model"].unique())


def values(failures: Failures, dataset: pd.DataFrame, corpora: dict) -> dict:
    """Return what `failures.html` names.

    Parameters
    ----------
    failures : Failures
    dataset : DataFrame
        The dataset's clip table.
    corpora : dict
        The corpora of the resolved configuration.
    """
    model, actors = failures.model, by_actor(failures, dataset)
    shown, headings = shown_groups(failures)
    bins = failures.calibration[failures.calibration["ece"].isna()]
    own = shown[shown["model"] == model]
    return {
        "model": model,
        "models": failures.models,
        "groups": [
            (words, own[own["by"] == by].to_dict("records")) for by, words in headings.items()
        ],
        "single": list(own.loc[own["actors"] == 1, "group"]),
        "omitted": [by for by in HEADINGS if by not in headings],
        "worst": worst_actors(failures),
        "calibration": calibration_rows(failures),
        "mistakes": failures.mistakes,
        "attributions": {
            name: ", ".join(
                filter(None, (corpus["title"] or name, corpus["licence"], corpus["citation"]))
            )
            for name, corpus in corpora.items()
        },
        "specs": {
            "groups": failure_figures.group_accuracies(shown, headings, model).to_dict(),
            "actors": failure_figures.actor_accuracies(
                actors, overall_accuracies(failures), model
            ).to_dict(),
            "reliability": failure_figures.reliability(bins[bins["clips"] > 0], model).to_dict(),
        },
    }


def shown_groups(failures: Failures) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the rows of `groups.csv` that the page shows, of all models, and their headings.

    What all clips are alike in is left out. Of many groups those are shown that the model which is
    shown at first does worst and best on, and the heading says so.
    """
    tables, headings = [], {}
    for by, words in HEADINGS.items():
        table = failures.groups[failures.groups["by"] == by]
        found = table["group"].nunique()
        if found < 2:
            continue
        if found > SHOWN_GROUPS:
            own = table[table["model"] == failures.model]
            order = own.sort_values("accuracy", kind="stable")["group"]
            chosen = [*order.head(EXTREMES), *order.tail(EXTREMES)]
            table = table[table["group"].isin(chosen)]
            words = f"{words}: the {EXTREMES} hardest and the {EXTREMES} easiest of {found}"
        tables.append(table)
        headings[by] = words
    return pd.concat(tables, ignore_index=True), headings


def by_actor(failures: Failures, dataset: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `groups.csv` by actor with a column `gender`."""
    genders = dataset.drop_duplicates("actor").set_index("actor")["gender"].fillna(UNKNOWN)
    own = failures.groups[failures.groups["by"] == "actor"]
    return own.assign(gender=own["group"].map(genders))


def overall_accuracies(failures: Failures) -> dict[str, float]:
    """Return each model's accuracy on all test clips, 0 to 1."""
    whole = failures.calibration[failures.calibration["ece"].notna()]
    return whole.set_index("model")["accuracy"].to_dict()


def worst_actors(failures: Failures) -> list[dict]:
    """Return, for each model, on whom it does worst.

    A row has `model`, `actors`, those with its lowest accuracy, `accuracy` on each, `clips` of all
    of them, `overall`, its accuracy on all clips, and `highest`, on the actor it does best on.
    """
    overall, rows = overall_accuracies(failures), []
    actors = failures.groups[failures.groups["by"] == "actor"]
    for model, own in actors.groupby("model", sort=False):
        worst = own[own["accuracy"] == own["accuracy"].min()]
        rows.append(
            {
                "model": model,
                "actors": list(worst["group"]),
                "accuracy": worst["accuracy"].iloc[0],
                "clips": int(worst["clips"].sum()),
                "overall": overall[model],
                "highest": own["accuracy"].max(),
            }
        )
    return rows


def calibration_rows(failures: Failures) -> list[dict]:
    """Return the row of each model that is of all its clips, with a word on its confidence.

    `word` is `over-confident` where it is surer, on average, than it is right, else
    `under-confident`.
    """
    whole = failures.calibration[failures.calibration["ece"].notna()]
    surer = whole["confidence"] > whole["accuracy"]
    words = surer.map({True: "over-confident", False: "under-confident"})
    return whole.assign(word=words).to_dict("records")
