"""What an experiment found and what must not be concluded, in sentences chosen by its figures."""

from dataclasses import dataclass

import pandas as pd

from serfusion.evaluation.ranking import ranked_by_validation
from serfusion.report.comparison.page import LEVEL, p_words
from serfusion.report.experiment import content
from serfusion.report.experiment.content import Experiment, listed

FEW_ACTORS = 10
"""Below this many test actors an interval by bootstrap over them is itself uncertain."""

SAME = 0.01
"""Differences below this share, one percentage point, are called none."""


ACTED = ("crema_d", "iemocap", "ravdess", "savee", "tess")
"""The kinds of corpora in which actors play the emotions. Of a corpus of the user's own it is not
known. It stands here, and not in their modules, because a word for the report need not index them
anew."""


@dataclass(frozen=True)
class Findings:
    """Sentences in plain words.

    Attributes
    ----------
    found : list of str
        They follow one another in one paragraph.
    cautions : list of str
        What must not be concluded; each stands alone.
    """

    found: list[str]
    cautions: list[str]


def findings(experiment: Experiment, marks: dict[str, float]) -> Findings:
    """Return what an experiment found.

    The best model is the one with the highest validation accuracy, for one that is chosen by its
    test accuracy has that too high.

    Parameters
    ----------
    experiment : Experiment
    marks : dict
        What a model is compared with, to its accuracy (0 to 1): what has a line in the figure.
    """
    models = ranked(experiment)
    best = models.iloc[0]
    reported = experiment.settings["reported"]
    others = {
        mark: at
        for mark, at in marks.items()
        if not reported or mark != content.reported_mark(reported)
    }
    found = [_best_words(best, len(models)), _marks_words(best, others)]
    if reported:
        found.append(_reported_words(models, reported))
    found.append(_validation_words(best, experiment.audit))
    if len(models) > 1:
        found.append(_runner_up_words(best, models.iloc[1], experiment.statistics["pairs"]))
    return Findings(list(filter(None, found)), _cautions(experiment))


def ranked(experiment: Experiment) -> pd.DataFrame:
    """Return the compared models' rows of `summary.csv` with `validation`, the highest first.

    Models on permuted labels are not among them.
    """
    validation = ranked_by_validation(experiment.metrics, content.compared(experiment))
    summary = experiment.summary.set_index("model").loc[validation.index]
    return summary.assign(validation=validation).reset_index()


def against(row: pd.Series, value: float) -> str | None:
    """Return whether a row's interval lies above or below a value, or has it within.

    None where there is no interval.
    """
    if pd.isna(row["accuracy_low"]):
        return None
    if row["accuracy_low"] > value:
        return "above"
    return "below" if row["accuracy_high"] < value else "within"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _interval(row: pd.Series) -> str:
    if pd.isna(row["accuracy_low"]):
        return "no interval, for a single actor was tested"
    low, high = (f"{100 * row[f'accuracy_{end}']:.1f}" for end in ("low", "high"))
    return f"95 % interval {low} – {high}"


def _best_words(best: pd.Series, count: int) -> str:
    test = f"{_percent(best['accuracy'])} accuracy on test clips ({_interval(best)})"
    if count == 1:
        return f"{best['model']} has {test}."
    return (
        f"Of {count} models {best['model']} is the best on validation clips, with "
        f"{_percent(best['validation'])} accuracy; it has {test}."
    )


def _marks_words(best: pd.Series, marks: dict[str, float]) -> str | None:
    sides = {"above": [], "below": [], "within": []}
    for mark, at in marks.items():
        side = against(best, at)
        if side is None:
            return None
        sides[side].append(f"{mark} ({_percent(at)})")
    words = [
        f"{start} {listed(sides[side])}"
        for side, start in (
            ("above", "above"),
            ("below", "below"),
            ("within", "not to be told apart from"),
        )
        if sides[side]
    ]
    return f"That is {listed(words)}." if words else None


def _reported_words(models: pd.DataFrame, reported: dict) -> str | None:
    own = models[models["model"] == reported["model"]] if reported["model"] else models[:1]
    if own.empty:
        return None
    row, value = own.iloc[0], reported["accuracy"] / 100
    figure = f"The {reported['accuracy']:g} % that {reported['source']} reported"
    side = against(row, value)
    if side is None:
        return None
    where = {
        "above": "lies below the 95 % interval of",
        "below": "lies above the 95 % interval of",
        "within": "lies within the 95 % interval of",
    }[side]
    return (
        f"{figure} {where} {row['model']} here, which has {_percent(row['accuracy'])} "
        f"({_interval(row)})."
    )


def _validation_words(best: pd.Series, audit: dict) -> str | None:
    difference = best["validation"] - best["accuracy_mean"]
    if pd.isna(difference):
        return None
    whose = (
        ", on clips of speakers who are also trained on," if audit["optimistic_validation"] else ""
    )
    own = f"The validation accuracy of {best['model']}{whose}"
    if abs(difference) < SAME:
        return f"{own} is within a point of its test accuracy."
    side = "above" if difference > 0 else "below"
    return f"{own} is {100 * abs(difference):.1f} points {side} its test accuracy."


def _runner_up_words(best: pd.Series, second: pd.Series, pairs: pd.DataFrame) -> str | None:
    names = {best["model"], second["model"]}
    row = next(row for row in pairs.to_dict("records") if {row["model"], row["other"]} == names)
    if pd.isna(row["accuracy_difference_low"]):
        return None
    points = [
        100 * row[f"accuracy_difference{end}"] * (1 if row["model"] == best["model"] else -1)
        for end in ("", "_low", "_high")
    ]
    difference, low, high = points[0], min(points[1:]), max(points[1:])
    side = "ahead of" if difference >= 0 else "behind"
    said = (
        f"On the same clips it is {abs(difference):.1f} points {side} {second['model']}, the "
        f"second on validation clips (95 % interval of the difference {low:.1f} to {high:.1f}, "
        f"p {p_words(row['p_holm'])} after correction for all pairs)"
    )
    if row["p_holm"] < LEVEL and not low <= 0 <= high:
        return f"{said}: the two can be told apart."
    return f"{said}: that does not tell the two apart."


def _cautions(experiment: Experiment) -> list[str]:
    audit = experiment.audit
    actors = experiment.predictions["actor"].nunique()
    synthetic = content.synthetic_corpora(experiment)
    acted = _acted(experiment)
    missing = content.missing_corpora(experiment)
    incomplete = content.incomplete_corpora(experiment)
    found = []
    if synthetic:
        found.append(f"Anything about people from synthetic speech: {listed(synthetic)}.")
    if audit["optimistic_test"]:
        found.append(
            "How well speakers are understood who were never heard: test clips come from speakers "
            "who are also trained on."
        )
    if audit["optimistic_validation"] and not audit["optimistic_test"]:
        found.append(
            "How well speakers are understood who were never heard from validation figures: those "
            "clips come from speakers who are also trained on."
        )
    if actors < FEW_ACTORS:
        tested = "a single actor was" if actors == 1 else f"only {actors} actors were"
        found.append(f"Much about other speakers: {tested} tested, and intervals are rough.")
    if acted:
        found.append(
            f"That feelings in everyday speech would be recognised as well: in {listed(acted)} "
            "they are acted."
        )
    if missing:
        were = "was" if len(missing) == 1 else "were"
        found.append(f"Anything about the whole dataset: {listed(missing)} {were} not at hand.")
    if incomplete:
        found.append(f"Anything about the whole corpus: at hand were {listed(incomplete)}.")
    found.append(
        "That another training would give the same: each model was trained once in each fold, and "
        "the intervals say what other actors would change, not what another seed would."
    )
    return found


def _acted(experiment: Experiment) -> list[str]:
    """Return the titles of the corpora of people's speech in which emotions are acted."""
    corpora, synthetic = experiment.study["corpora"], content.synthetic_corpora(experiment)
    return [
        title
        for name, title in content.titles(experiment).items()
        if name in content.present(experiment)
        and title not in synthetic
        and corpora[name]["kind"] in ACTED
    ]
