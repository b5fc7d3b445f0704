"""The page of a comparison: each arm against its baseline, and what may be concluded from it."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from serfusion.report.experiment import content, figures
from serfusion.report.experiment.content import Protocol
from serfusion.report.page.layout import render_page

LEVEL = 0.05


@dataclass(frozen=True)
class Comparison:
    """All that a comparison has left behind, read.

    Attributes
    ----------
    name : str
    study : dict
        The part of the resolved configuration that concerns it.
    table : DataFrame
        As `comparison.csv` has it.
    protocols : list of Protocol
        Those of its experiments.
    """

    name: str
    study: dict
    table: pd.DataFrame
    protocols: list[Protocol]

    @property
    def settings(self) -> dict:
        """Its own entry in the configuration."""
        return self.study["comparisons"][self.name]


def render(comparison: Comparison) -> str:
    """Return the report of a comparison as one HTML page that needs nothing else."""
    rows = comparison.table.to_dict("records")
    by_label = {row["label"]: row for row in rows}
    questions = comparison.settings["questions"]
    return render_page(
        "comparison.html",
        comparison.settings["title"] or comparison.name,
        comparison.study,
        comparison=comparison,
        baseline=rows[0],
        arms=rows[1:],
        questions=[
            part | {"rows": [by_label[arm["label"]] for arm in part["arms"]]} for part in questions
        ],
        model_words={
            model: content.model_words(model, comparison.study["models"][model])
            for model in comparison.table["model"].unique()
        },
        synthetic=_of_all(comparison, content.synthetic_corpora),
        missing=_of_all(comparison, content.missing_corpora),
        incomplete=_of_all(comparison, content.incomplete_corpora),
        optimistic_test=_names(comparison, "optimistic_test"),
        optimistic_validation=_names(comparison, "optimistic_validation"),
        fold_words=content.fold_words,
        different=different(comparison.table),
        smallest_p=smallest_p(comparison.table),
        level=LEVEL,
        p_words=p_words,
        spec=figures.differences(comparison.table[1:], questions, rows[0]["label"]).to_dict(),
    )


def different(table: pd.DataFrame) -> list[dict]:
    """Return the arms of a comparison's table whose corrected p is below `LEVEL`."""
    return table[table["p_holm"] < LEVEL].to_dict("records")


def smallest_p(table: pd.DataFrame) -> float:
    """Return the smallest corrected p that the arms of a comparison's table can have at all.

    If every actor of n is better under one model, the signed-rank test's p is 2 / 2**n.
    """
    return min(1.0, 2.0 ** (1 - table["actors"].iloc[1:].max()) * (len(table) - 1))


def p_words(p: float) -> str:
    """Return a p-value to three digits."""
    return "< 0.001" if p < 0.0005 else f"{p:.3f}"


def _of_all(comparison: Comparison, words: Callable[[Protocol], list[str]]) -> list[str]:
    return list(dict.fromkeys(word for each in comparison.protocols for word in words(each)))


def _names(comparison: Comparison, key: str) -> list[str]:
    return [protocol.name for protocol in comparison.protocols if protocol.audit[key]]
