"""What a model of one fold sees: rows of numbers, their labels, and nothing of the other sides."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from serfusion.clips.dataset import classes
from serfusion.errors import Refusal
from serfusion.extraction.schema import KEYS, LENGTH, VALUES
from serfusion.protocol.roles import ROLES
from serfusion.study.names import ORIGINAL


@dataclass(frozen=True)
class Rows:
    """Rows of one role.

    Attributes
    ----------
    keys : DataFrame
        Columns `clip` and `augmentation`.
    values : ndarray
        Of shape (rows, columns), float32; or of frame features, of shape (rows, frames, channels),
        float16 or float32, zero beyond each clip's own frames.
    targets : ndarray of shape (rows,), int64
        Indices into the dataset's classes.
    lengths : ndarray of shape (rows,), int64, or None
        Of frame features, how many frames are the clip's own.
    """

    keys: pd.DataFrame
    values: np.ndarray
    targets: np.ndarray
    lengths: np.ndarray | None = None

    @property
    def inputs(self) -> tuple[np.ndarray, ...]:
        """What a model is given: values, and lengths where there are any."""
        return (self.values,) if self.lengths is None else (self.values, self.lengths)

    @property
    def size(self) -> int | list[int]:
        """The size of one row: columns, or [frames, channels]."""
        return self.values.shape[1] if self.lengths is None else list(self.values.shape[1:])

    def as_recorded(self) -> "Rows":
        """Return the rows of clips that nothing was done to."""
        own = (self.keys["augmentation"] == ORIGINAL).to_numpy()
        return Rows(
            self.keys[own].reset_index(drop=True),
            self.values[own],
            self.targets[own],
            None if self.lengths is None else self.lengths[own],
        )


def read_fold(inputs, fold: int) -> tuple[list[str], dict[str, Rows]]:
    """Return the classes and the rows of one fold from the inputs of a job.

    Parameters
    ----------
    inputs : mapping of str to path or list of path
        `dataset`, `folds`, and for each feature set its tables, under `rows_<feature set>`.
    fold : int
    """
    dataset, folds = (pd.read_parquet(inputs[name]) for name in ("dataset", "folds"))
    tables = [list(paths) for name, paths in inputs.items() if name.startswith("rows_")]
    return classes(dataset), fold_rows(dataset, folds, fold, tables)


def fold_rows(
    dataset: pd.DataFrame, folds: pd.DataFrame, fold: int, tables: list[list[str]]
) -> dict[str, Rows]:
    """Return the rows of each role of one fold, sorted by clip and augmentation.

    Training clips come with every augmentation that the tables hold, validation and test clips
    as they were recorded.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    fold : int
    tables : list of list of path
        For each feature set that is put side by side, its tables (corpora × augmentations). A set
        of frame features stands alone.

    Raises
    ------
    Refusal
        If a table lacks a clip of the fold, or has a row twice.
    """
    roles = folds.loc[folds["fold"] == fold].set_index("clip")["role"]
    sets = [_keys(paths, roles) for paths in tables]
    keys = sets[0][KEYS]
    if any(not own[KEYS].equals(keys) for own in sets):
        raise Refusal(f"Fold {fold}: the feature tables that are fused hold different rows.")
    missing = set(roles.index) - set(keys["clip"])
    if missing:
        raise Refusal(
            f"Fold {fold}: the feature tables lack {min(missing)} and {len(missing)} "
            "clips in all; delete them and run again."
        )
    parts = [_read(paths, rows) for paths, rows in zip(tables, sets, strict=True)]
    (values, lengths), *fused = parts
    if fused:
        values = np.hstack([values for values, _ in parts])
    emotions = dataset.set_index("clip")["emotion"].map(classes(dataset).index)
    targets = keys["clip"].map(emotions).to_numpy(np.int64, copy=True)
    result = {}
    for role in ROLES:
        own = np.flatnonzero(sets[0]["role"] == role)
        side = slice(own[0], own[-1] + 1) if len(own) else slice(0)
        result[role] = Rows(
            keys[side].reset_index(drop=True),
            values[side],
            targets[side],
            None if lengths is None else lengths[side],
        )
    return result


def _keys(paths: list[str], roles: pd.Series) -> pd.DataFrame:
    """Return a fold's rows in a feature set, sorted by role, clip and augmentation.

    Augmented rows are those of training clips alone.

    Returns
    -------
    DataFrame
        `clip`, `augmentation`, `role`, and where the row stands: `table`, the number of the path,
        and `place`, the row's in that table.
    """
    tables = []
    for number, path in enumerate(paths):
        keys = pq.read_table(path, columns=KEYS).to_pandas()
        tables.append(keys.assign(table=number, place=np.arange(len(keys))))
    rows = pd.concat(tables)
    rows["role"] = pd.Categorical(rows["clip"].map(roles), ROLES)
    rows = rows[(rows["role"] == "train") | (rows["augmentation"] == ORIGINAL)]
    rows = rows.dropna(subset="role")
    if rows.duplicated(KEYS).any():
        raise Refusal(f"{paths[0]} and its like hold rows twice: delete them and run again.")
    return rows.sort_values(["role", *KEYS], ignore_index=True)


def _read(paths: list[str], rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the values, and of frame features the lengths, of these rows of a feature set.

    The tables are read a row group at a time into an array of the size that is returned: a fold
    of spectrograms should not stand in memory twice.
    """
    table, place = rows["table"].to_numpy(), rows["place"].to_numpy()
    values = lengths = None
    for number, path in enumerate(paths):
        file, start = pq.ParquetFile(path), 0
        for group in range(file.num_row_groups):
            content, own_lengths = _content(file.read_row_group(group))
            stop = start + len(content)
            here = np.flatnonzero((table == number) & (place >= start) & (place < stop))
            if values is None:
                values = np.empty((len(rows), *content.shape[1:]), content.dtype)
                lengths = None if own_lengths is None else np.empty(len(rows), np.int64)
            values[here] = content[place[here] - start]
            if lengths is not None:
                lengths[here] = own_lengths[place[here] - start]
            start = stop
    return values, lengths


def _content(table: pa.Table) -> tuple[np.ndarray, np.ndarray | None]:
    if VALUES in table.column_names:
        return table[VALUES].combine_chunks().to_numpy_ndarray(), table[LENGTH].to_numpy()
    return np.column_stack([column.to_numpy() for column in table.drop_columns(KEYS)]), None
