"""The rows that the model of one fold is trained, validated and tested on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from serfusion.clips.dataset import classes
from serfusion.errors import Refusal
from serfusion.extraction.schema import KEYS, LENGTH, VALUES
from serfusion.fitting.blocks import Block, encoder_blocks, kept_columns, layer_values
from serfusion.protocol.roles import ROLES
from serfusion.study.names import ORIGINAL
from serfusion.study.reading import KEYS as READING

TABLES = "rows_"
"""What the inputs of a job that are feature tables are called, before the name of the set."""


@dataclass(frozen=True)
class Rows:
    """The rows of one role.

    Attributes
    ----------
    keys : DataFrame
        Columns `clip` and `augmentation`.
    values : ndarray
        Vectors, of shape (rows, columns), float32, or float16 if all are of encoders; or frame
        features, of shape (rows, frames, channels), float16 or float32, padded with zeros after the
        last frame of a clip.
    targets : ndarray of shape (rows,), int64
        Indices into the dataset's classes.
    lengths : ndarray of shape (rows,), int64, or None
        The number of frames of each clip without padding; None for vectors.
    blocks : tuple of Block
        What the columns of vectors are, in order; empty for frame features.
    """

    keys: pd.DataFrame
    values: np.ndarray
    targets: np.ndarray
    lengths: np.ndarray | None = None
    blocks: tuple[Block, ...] = ()

    @property
    def inputs(self) -> tuple[np.ndarray, ...]:
        """The inputs of a model: values, and lengths if there are any."""
        return (self.values,) if self.lengths is None else (self.values, self.lengths)

    @property
    def size(self) -> int | list[int]:
        """The size of one row: columns, or [frames, channels]."""
        return self.values.shape[1] if self.lengths is None else list(self.values.shape[1:])

    @property
    def vectors(self) -> np.ndarray:
        """The values of vectors as float32, which are a copy if they are float16."""
        return self.values.astype(np.float32, copy=False)

    @property
    def recorded(self) -> np.ndarray:
        """Which rows are of clips as they were recorded, of shape (rows,), bool."""
        return (self.keys["augmentation"] == ORIGINAL).to_numpy()

    def where(self, mask: np.ndarray) -> "Rows":
        """Return the rows for which a mask of shape (rows,) is true."""
        return replace(
            self,
            keys=self.keys[mask].reset_index(drop=True),
            values=self.values[mask],
            targets=self.targets[mask],
            lengths=None if self.lengths is None else self.lengths[mask],
        )

    def as_recorded(self) -> "Rows":
        """Return the rows of clips as they were recorded, without augmented ones."""
        return self.where(self.recorded)

    def reading(self, candidate: Mapping) -> "Rows":
        """Return the rows with the layers and statistics alone that a candidate reads of encoders.

        Parameters
        ----------
        candidate : mapping
            Of a search; without `layers` and `statistics`, the rows themselves are returned.
        """
        if not set(candidate) & set(READING):
            return self
        columns, blocks = kept_columns(
            self.blocks, candidate.get("layers"), candidate.get("statistics")
        )
        return replace(self, values=self.values[:, columns], blocks=blocks)


def read_fold(inputs, fold: int, reading: Mapping[str, dict]) -> tuple[list[str], dict[str, Rows]]:
    """Return the classes and the rows of one fold from the input files of a job.

    Parameters
    ----------
    inputs : mapping of str to path or list of path
        `dataset`, `folds`, and the tables of each feature set, under `rows_<feature set>`.
    fold : int
    reading : mapping of str to dict
        As `fold_rows`.

    Returns
    -------
    classes : list of str
    rows : dict of Rows
        As `fold_rows`.
    """
    dataset, folds = (pd.read_parquet(inputs[name]) for name in ("dataset", "folds"))
    tables = {
        name.removeprefix(TABLES): list(paths)
        for name, paths in inputs.items()
        if name.startswith(TABLES)
    }
    return classes(dataset), fold_rows(dataset, folds, fold, tables, reading)


def fold_rows(
    dataset: pd.DataFrame,
    folds: pd.DataFrame,
    fold: int,
    tables: Mapping[str, list[str]],
    reading: Mapping[str, dict] = MappingProxyType({}),
) -> dict[str, Rows]:
    """Return the rows of each role of one fold, sorted by clip and augmentation.

    Training rows include every augmentation in the tables; validation and test rows are the clips
    as they were recorded.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    fold : int
    tables : mapping of str to list of path
        The tables (corpora × augmentations) of each feature set. Vectors of several sets are
        concatenated; a set of frame features must be the only one.
    reading : mapping of str to dict
        What is read of the tables of encoders, as `serfusion.study.reading.reading` returns it.

    Raises
    ------
    Refusal
        If the tables lack a clip of the fold, hold a row twice, or hold different rows.
    """
    roles = folds.loc[folds["fold"] == fold].set_index("clip")["role"]
    rows_by_set = [_keys(paths, roles) for paths in tables.values()]
    keys = rows_by_set[0][KEYS]
    if any(not rows[KEYS].equals(keys) for rows in rows_by_set):
        raise Refusal(
            f"Fold {fold}: the feature tables that are fused hold different rows: delete them "
            "and run again."
        )
    missing = set(roles.index) - set(keys["clip"])
    if missing:
        raise Refusal(
            f"Fold {fold}: the feature tables lack {len(missing)} of {len(roles)} clips, such as "
            f"{min(missing)}: delete them and run again."
        )
    contents = [
        _read(paths, rows, reading.get(name))
        for (name, paths), rows in zip(tables.items(), rows_by_set, strict=True)
    ]
    values, lengths = contents[0]
    blocks = ()
    if lengths is None:
        columns = [values.shape[1] for values, _ in contents]
        blocks = _blocks(dict(zip(tables, columns, strict=True)), reading)
    if len(contents) > 1:
        values = np.hstack([values for values, _ in contents])
    class_indices = dataset.set_index("clip")["emotion"].map(classes(dataset).index)
    targets = keys["clip"].map(class_indices).to_numpy(np.int64, copy=True)
    rows_by_role = {}
    for role in ROLES:
        # Rows are sorted by role, and slices, unlike index arrays, copy nothing.
        places = np.flatnonzero(rows_by_set[0]["role"] == role)
        span = slice(places[0], places[-1] + 1) if len(places) else slice(0)
        rows_by_role[role] = Rows(
            keys[span].reset_index(drop=True),
            values[span],
            targets[span],
            None if lengths is None else lengths[span],
            blocks,
        )
    return rows_by_role


def _blocks(columns: dict[str, int], reading: Mapping[str, dict]) -> tuple[Block, ...]:
    """Return what the columns of feature sets are, given how many each has."""
    return tuple(
        block
        for name, count in columns.items()
        for block in (
            encoder_blocks(name, count, **reading[name])
            if name in reading
            else [Block(name, count)]
        )
    )


def _keys(paths: list[str], roles: pd.Series) -> pd.DataFrame:
    """Return the rows of a fold in a feature set, sorted by role, clip and augmentation.

    Only training clips have augmented rows.

    Returns
    -------
    DataFrame
        `clip`, `augmentation`, `role`, and where to read the row: `table`, an index into `paths`,
        and `place`, the index of the row in that table.
    """
    tables = []
    for table, path in enumerate(paths):
        keys = pq.read_table(path, columns=KEYS).to_pandas()
        tables.append(keys.assign(table=table, place=np.arange(len(keys))))
    rows = pd.concat(tables)
    rows["role"] = pd.Categorical(rows["clip"].map(roles), ROLES)
    rows = rows[(rows["role"] == "train") | (rows["augmentation"] == ORIGINAL)]
    rows = rows.dropna(subset="role")
    if rows.duplicated(KEYS).any():
        raise Refusal(
            f"{paths[0]} and the other tables of its feature set hold a row twice: delete them "
            "and run again."
        )
    return rows.sort_values(["role", *KEYS], ignore_index=True)


def _read(
    paths: list[str], rows: pd.DataFrame, read: dict | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the values of rows of a feature set, and their lengths or None.

    The tables are read by row group into the array that is returned, so that the spectrograms of
    a fold are never in memory twice. Of encoders only what `read` asks for is kept.
    """
    table, place = rows["table"].to_numpy(), rows["place"].to_numpy()
    values = lengths = None
    for index, path in enumerate(paths):
        file, start = pq.ParquetFile(path), 0
        for group in range(file.num_row_groups):
            group_values, group_lengths = _content(file.read_row_group(group), read)
            stop = start + len(group_values)
            wanted = np.flatnonzero((table == index) & (place >= start) & (place < stop))
            if values is None:
                values = np.empty((len(rows), *group_values.shape[1:]), group_values.dtype)
                lengths = None if group_lengths is None else np.empty(len(rows), np.int64)
            values[wanted] = group_values[place[wanted] - start]
            if lengths is not None:
                lengths[wanted] = group_lengths[place[wanted] - start]
            start = stop
    return values, lengths


def _content(table: pa.Table, read: dict | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the values of a feature table, and the lengths of frame features or None."""
    if read is not None:
        return layer_values(table[VALUES].combine_chunks().to_numpy_ndarray(), **read), None
    if VALUES in table.column_names:
        return table[VALUES].combine_chunks().to_numpy_ndarray(), table[LENGTH].to_numpy()
    return np.column_stack([column.to_numpy() for column in table.drop_columns(KEYS)]), None
