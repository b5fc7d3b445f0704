"""What a comparison has left behind, as its page reads it."""

from dataclasses import dataclass

import pandas as pd

from serfusion.report.page.protocol import Protocol
from serfusion.study.entries import Comparison, Study


@dataclass(frozen=True)
class Results:
    """The table of a comparison, and the protocols of its experiments.

    Attributes
    ----------
    comparison : Comparison
    study : Study
        The part of the study that concerns it.
    table : DataFrame
        As `comparison.csv` has it: the baseline first, then the arms.
    protocols : list of Protocol
    """

    comparison: Comparison
    study: Study
    table: pd.DataFrame
    protocols: list[Protocol]
