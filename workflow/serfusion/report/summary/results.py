"""What is finished of a study, as the page of the whole study reads it."""

from dataclasses import dataclass

import pandas as pd

from serfusion.report.page.protocol import Protocol
from serfusion.study.entries import Study


@dataclass(frozen=True)
class Finished(Protocol):
    """A finished experiment.

    Attributes
    ----------
    metrics, summary, adapted : DataFrame
        As `metrics.csv`, `summary.csv` and `adapted.csv` have them.
    records : DataFrame
        Columns `model`, `fold` and those of every `fit.json`.
    """

    metrics: pd.DataFrame
    summary: pd.DataFrame
    adapted: pd.DataFrame
    records: pd.DataFrame


@dataclass(frozen=True)
class Results:
    """A study, and what of it is finished.

    Attributes
    ----------
    study : Study
    finished : list of Finished
    comparisons : list of str
        The names of those that have a report.
    unavailable : dict
        How to get a corpus that is not available, to the experiments that need it.
    """

    study: Study
    finished: list[Finished]
    comparisons: list[str]
    unavailable: dict[str, list[str]]
