"""What an experiment found, in sentences chosen by its figures."""

import pandas as pd

from serfusion.evaluation.ranking import ranked_by_validation
from serfusion.report.experiment.cautions import cautions
from serfusion.report.experiment.reference_points import reference_points, reported_name
from serfusion.report.experiment.results import Results
from serfusion.report.page.significance import LEVEL, p_value
from serfusion.report.page.wording import listed, percent

EQUAL_WITHIN = 0.01
"""Differences below this share, one percentage point, are not stated."""


def section(results: Results) -> dict:
    """Return what `findings.html` is filled with: `sentences` and `cautions`."""
    return {"sentences": sentences(results), "cautions": cautions(results)}


def sentences(results: Results) -> list[str]:
    """Return what an experiment found, in sentences that follow one another in a paragraph.

    The best model is the one with the highest validation accuracy: the test accuracy of a model
    that was chosen by its test accuracy would be too high.
    """
    models = ranked(results)
    best = models.iloc[0]
    reported = results.experiment.reported
    lines = {
        point["name"]: point["accuracy"]
        for point in reference_points(results)
        if point["line"] and not (reported and point["name"] == reported_name(reported))
    }
    parts = [_best(best, len(models)), _against_lines(best, lines)]
    if reported:
        parts.append(_against_reported(models, reported))
    parts.append(_validation(best, results.audit))
    if len(models) > 1:
        parts.append(_runner_up(best, models.iloc[1], results.pairs))
    return list(filter(None, parts))


def ranked(results: Results) -> pd.DataFrame:
    """Return the compared models' rows of `summary.csv`, the highest validation accuracy first.

    A column `validation` has that accuracy (0 to 1).
    """
    validation = ranked_by_validation(results.metrics, results.compared)
    summary = results.summary.set_index("model").loc[validation.index]
    return summary.assign(validation=validation).reset_index()


def side_of(row: pd.Series, value: float) -> str | None:
    """Return whether a row's interval is `above` or `below` a value, or has it `within`.

    None where there is no interval.
    """
    if pd.isna(row["accuracy_low"]):
        return None
    if row["accuracy_low"] > value:
        return "above"
    return "below" if row["accuracy_high"] < value else "within"


def _interval(row: pd.Series) -> str:
    if pd.isna(row["accuracy_low"]):
        return "no interval, because a single actor was tested"
    return f"95 % interval {percent(row['accuracy_low'])} – {percent(row['accuracy_high'])}"


def _best(best: pd.Series, count: int) -> str:
    test = f"{percent(best['accuracy'])} % ({_interval(best)})"
    if count == 1:
        return f"{best['model']} has a test accuracy of {test}."
    return (
        f"Of {count} models, {best['model']} has the highest validation accuracy, "
        f"{percent(best['validation'])} %; its test accuracy is {test}."
    )


def _against_lines(best: pd.Series, lines: dict[str, float]) -> str | None:
    """Return where the best model's interval lies among the lines of the figure.

    Parameters
    ----------
    best : Series
    lines : dict
        Name to accuracy (0 to 1).
    """
    names = {"above": [], "below": [], "within": []}
    for name, accuracy in lines.items():
        side = side_of(best, accuracy)
        if side is None:
            return None
        names[side].append(f"{name} ({percent(accuracy)} %)")
    verbs = {"above": "lies above", "below": "lies below", "within": "includes"}
    clauses = [f"{verb} {listed(names[side])}" for side, verb in verbs.items() if names[side]]
    return f"This interval {', and '.join(clauses)}." if clauses else None


def _against_reported(models: pd.DataFrame, reported: dict) -> str | None:
    name = reported["model"] or models["model"].iloc[0]
    rows = models[models["model"] == name]
    if rows.empty:
        return None
    row = rows.iloc[0]
    side = side_of(row, reported["accuracy"] / 100)
    if side is None:
        return None
    where = {"above": "below", "below": "above", "within": "within"}[side]
    return (
        f"The accuracy of {reported['accuracy']:g} % that {reported['source']} reported lies "
        f"{where} the 95 % interval of {name} here, whose accuracy is {percent(row['accuracy'])} % "
        f"({_interval(row)})."
    )


def _validation(best: pd.Series, audit: dict) -> str | None:
    difference = best["validation"] - best["accuracy_mean"]
    if pd.isna(difference):
        return None
    speakers = ", on clips of speakers who are also in the training data,"
    figure = f"The validation accuracy of {best['model']}"
    figure += speakers if audit["optimistic_validation"] else ""
    if abs(difference) < EQUAL_WITHIN:
        return f"{figure} is within one percentage point of its test accuracy."
    side = "above" if difference > 0 else "below"
    return f"{figure} is {percent(abs(difference))} percentage points {side} its test accuracy."


def _runner_up(best: pd.Series, second: pd.Series, pairs: pd.DataFrame) -> str | None:
    names = {best["model"], second["model"]}
    pair = next(row for row in pairs.to_dict("records") if {row["model"], row["other"]} == names)
    if pd.isna(pair["accuracy_difference_low"]):
        return None
    sign = 1 if pair["model"] == best["model"] else -1
    ends = [sign * pair[f"accuracy_difference_{end}"] for end in ("low", "high")]
    difference, low, high = sign * pair["accuracy_difference"], min(ends), max(ends)
    side = "above" if difference >= 0 else "below"
    p = p_value(pair["p_holm"])
    p = f"p {p}" if p.startswith("<") else f"p = {p}"
    return (
        f"On the same test clips, its accuracy is {percent(abs(difference))} percentage points "
        f"{side} that of {second['model']}, which has the second-highest validation accuracy "
        f"(95 % interval of the difference {percent(low)} to {percent(high)}, {p} after correction "
        f"for all pairs): {_verdict(pair['p_holm'], low, high)}."
    )


def _verdict(p: float, low: float, high: float) -> str:
    if p >= LEVEL:
        return "the difference is not statistically significant"
    if low <= 0 <= high:
        return "the interval includes zero, so the difference is not taken as shown"
    return "the difference is statistically significant"
