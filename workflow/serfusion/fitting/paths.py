"""The parts of the study's file names, and the records that lie under them."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from serfusion.files import read_json


def experiment_name(path: str | Path) -> str:
    """Return the experiment of a file such as `results/demo/conv1d/fold_2/fit.json`."""
    return Path(path).parents[2].name


def model_and_fold(path: str | Path) -> tuple[str, int]:
    """Return the model and the fold of a file such as `results/demo/conv1d/fold_2/fit.json`."""
    folder = Path(path).parent
    return folder.parent.name, int(folder.name.removeprefix("fold_"))


def read_records(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Return a row per `fit.json`: `experiment`, `model`, `fold`, and the keys of the record."""
    rows = []
    for path in paths:
        model, fold = model_and_fold(path)
        keys = {"experiment": experiment_name(path), "model": model, "fold": fold}
        rows.append(keys | read_json(path))
    return pd.DataFrame(rows)
