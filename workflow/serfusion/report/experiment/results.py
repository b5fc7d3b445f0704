"""What an experiment has left behind, as the sections of its page read it."""

from dataclasses import dataclass

import pandas as pd

from serfusion.clips.dataset import classes
from serfusion.report.page.protocol import Protocol
from serfusion.study.entries import Study


@dataclass(frozen=True)
class Results(Protocol):
    """The tables and records of an experiment; tables are named by their files.

    Attributes
    ----------
    study : Study
        The part of the study that concerns the experiment.
    dataset, predictions, metrics, summary, classes, pairs, floors, adapted : DataFrame
    groups, calibration : DataFrame
    mistakes : dict
        As `mistakes.json` has it.
    rejected : DataFrame
        The rows of `rejected.csv` of all its corpora.
    records : DataFrame
        Columns `model`, `fold` and those of every `fit.json`.
    curves : dict of DataFrame
        Network to its `curves.csv` of all folds, with a column `fold`.
    searches : dict of DataFrame
        Model to its `search.csv` of all folds, with a column `fold`; only of models with a search.
    """

    study: Study
    dataset: pd.DataFrame
    rejected: pd.DataFrame
    predictions: pd.DataFrame
    metrics: pd.DataFrame
    summary: pd.DataFrame
    classes: pd.DataFrame
    pairs: pd.DataFrame
    floors: pd.DataFrame
    adapted: pd.DataFrame
    groups: pd.DataFrame
    calibration: pd.DataFrame
    mistakes: dict
    records: pd.DataFrame
    curves: dict[str, pd.DataFrame]
    searches: dict[str, pd.DataFrame]

    @property
    def emotions(self) -> list[str]:
        """The emotions, in the order of every class index."""
        return classes(self.dataset)

    @property
    def compared(self) -> list[str]:
        """The names of the models that are compared."""
        return [model.name for model in self.experiment.compared]

    def apart_from_adapted(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table by `model` that are not of adapted models."""
        return table[~table["model"].isin(self.adapted["model"])]

    @property
    def test_actors(self) -> int:
        """The number of actors with test clips."""
        return self.predictions["actor"].nunique()
