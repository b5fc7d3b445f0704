"""Each arm against the baseline."""

import pandas as pd

from serfusion.report.comparison.figures import differences
from serfusion.report.comparison.results import Results
from serfusion.report.page.significance import LEVEL, smallest_p


def section(results: Results) -> dict:
    """Return what `arms.html` is filled with.

    Returns
    -------
    dict
        `significant`, the arms that differ significantly from the baseline; `questions`, each with
        `question`, `note` and the `rows` of its arms; `compositions`, what each model is made of,
        in words; and `figure`.
    """
    baseline, *arms = results.table.to_dict("records")
    by_label = {arm["label"]: arm for arm in arms}
    questions = results.comparison.questions
    return {
        "significant": significant(results.table),
        "questions": [
            {
                "question": question.question,
                "note": question.note,
                "rows": [by_label[arm.label] for arm in question.arms],
            }
            for question in questions
        ],
        "compositions": {name: model.composition for name, model in results.study.models.items()},
        "figure": differences(results.table[1:], questions, baseline["label"]).to_dict(),
    }


def significant(table: pd.DataFrame) -> list[dict]:
    """Return the arms of a `comparison.csv` that differ significantly from the baseline."""
    return table[table["p_holm"] < LEVEL].to_dict("records")


def smallest_corrected_p(table: pd.DataFrame) -> float:
    """Return the smallest corrected p that any arm of a `comparison.csv` can have."""
    return smallest_p(table["actors"].iloc[1:].max(), len(table) - 1)
