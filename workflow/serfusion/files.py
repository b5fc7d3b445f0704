"""Outputs that are either whole or absent."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 2048


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, moved onto it on success and removed on failure."""
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
    """Yield a new temporary folder beside `path`, moved to `path` if all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as temporary:
        folder = Path(temporary) / path.name
        folder.mkdir()
        yield folder
        folder.rename(path)


def write_text(text: str, path: str | Path) -> None:
    """Write `text` to `path` as UTF-8, whole or not at all."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(value: object, path: str | Path) -> None:
    """Write `value` to `path` as indented JSON."""
    write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", path)


def read_json(path: str | Path) -> dict:
    """Return the JSON object in `path`."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write_csv(frame: pd.DataFrame, path: str | Path) -> None:
    """Write `frame` to `path` as CSV with a header and no index, whole or not at all."""
    with atomic(path) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")


def read_csv(path: str | Path, words: Iterable[str] = ("model",)) -> pd.DataFrame:
    """Return the table that `write_csv` wrote: NaN where a cell is empty, and nowhere else.

    Parameters
    ----------
    path : str or Path
    words : iterable of str
        Columns that are taken as they are written, such as 01 or NA.
    """
    return pd.read_csv(path, dtype=dict.fromkeys(words, str), keep_default_na=False, na_values=[""])


def write_parquet(frame: pd.DataFrame | pa.Table, schema: pa.Schema, path: str | Path) -> None:
    """Write `frame` to `path` as Parquet with exactly the columns and types of `schema`, zstd.

    Rows stand in groups of at most `ROW_GROUP`, which is what a reader holds at a time.

    Raises
    ------
    pyarrow.ArrowInvalid
        If a value does not fit its column.
    """
    if isinstance(frame, pd.DataFrame):
        frame = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    table = frame.cast(schema).replace_schema_metadata(None)
    with atomic(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", row_group_size=ROW_GROUP)
