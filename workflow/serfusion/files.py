"""Reading tables, and writing files that are either complete or absent."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 2048
"""Maximum number of rows in a row group, which is what readers load at a time."""


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path that is renamed to `path` on success and deleted on failure."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as handle:
        temporary = Path(handle.name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder that is renamed to `path` on success and deleted on failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as temporary:
        folder = Path(temporary) / path.name
        folder.mkdir()
        yield folder
        folder.rename(path)


def write_text(text: str, path: str | Path) -> None:
    """Write text to `path` as UTF-8, completely or not at all."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(value: object, path: str | Path) -> None:
    """Write a value to `path` as indented JSON, completely or not at all."""
    write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", path)


def read_json(path: str | Path) -> dict:
    """Return the JSON object in `path`."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write_csv(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table to `path` as CSV with a header and no index, completely or not at all."""
    with atomic(path) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")


def read_csv(path: str | Path, text_columns: Iterable[str] = ("model",)) -> pd.DataFrame:
    """Return a table that `write_csv` wrote. Only empty cells are NaN.

    Parameters
    ----------
    path : str or Path
    text_columns : iterable of str, default ("model",)
        Columns to read as text, because their values may look like numbers, such as 01.
    """
    return pd.read_csv(
        path, dtype=dict.fromkeys(text_columns, str), keep_default_na=False, na_values=[""]
    )


def write_parquet(frame: pd.DataFrame | pa.Table, schema: pa.Schema, path: str | Path) -> None:
    """Write a table to `path` as Parquet with zstd compression, completely or not at all.

    Parameters
    ----------
    frame : DataFrame or Table
    schema : Schema
        The columns of the file and their types.
    path : str or Path

    Raises
    ------
    pyarrow.ArrowInvalid
        If a value does not fit the type of its column.
    """
    if isinstance(frame, pd.DataFrame):
        frame = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    table = frame.cast(schema).replace_schema_metadata(None)
    with atomic(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", row_group_size=ROW_GROUP)


def write_parquet_parts(parts: Iterable[pa.Table], schema: pa.Schema, path: str | Path) -> None:
    """Write tables one after another as the row groups of one file, completely or not at all.

    Parameters
    ----------
    parts : iterable of Table
        Each is written before the next is asked for, so that no more than one is in memory.
    schema : Schema
        The columns of the file, and metadata to be kept with it.
    path : str or Path
    """
    with (
        atomic(path) as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):
        for part in parts:
            writer.write_table(part.cast(schema))
