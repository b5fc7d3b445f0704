"""The tables of a finished study are those that `workflow/schemas/tables.yaml` describes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from serfusion.clips.indexing import SCHEMA as CLIPS
from serfusion.extraction.schema import frame_schema
from serfusion.protocol.permuted_labels import SCHEMA as LABELS
from serfusion.study.reference import table_descriptions

STUDY_DEPENDENT = re.compile(r"<[^>]*>")
PLAIN_NAMES = {"float": "float32", "double": "float64"}
"""Arrow's own names of types that tables.yaml calls by their aliases."""


def described(kind: str) -> list[dict]:
    """Return the entries of tables.yaml that have `columns`, or those that have `keys`."""
    return [table for table in table_descriptions() if kind in table]


def entry(title: str) -> dict:
    return next(table for table in table_descriptions() if table["title"] == title)


def pattern(name: str, wildcard: str) -> str:
    """Return the regular expression of a name whose parts in <…> depend on the study."""
    return wildcard.join(map(re.escape, STUDY_DEPENDENT.split(name)))


def has_path(table: dict, path: str) -> bool:
    return re.fullmatch(pattern(table["path"], "[^/]+"), path) is not None


def has_columns(table: dict, columns: list[tuple[str, str]]) -> bool:
    """Return whether columns, each a name and a type, are those of an entry, in order."""
    expected = "".join(
        f"(?:{pattern(name, '[^:,]+')}:{column['type']},){'+' if '<' in name else ''}"
        for name, column in table["columns"].items()
    )
    return re.fullmatch(expected, "".join(f"{name}:{kind}," for name, kind in columns)) is not None


def arrow_type(column_type: pa.DataType) -> str:
    if isinstance(column_type, pa.FixedShapeTensorType):
        return "tensor"
    return PLAIN_NAMES.get(str(column_type), str(column_type))


def schema_columns(schema: pa.Schema) -> list[tuple[str, str]]:
    return [(field.name, arrow_type(field.type)) for field in schema]


def columns_of(path: Path, table: dict) -> list[tuple[str, str]]:
    """Return the columns of a file: their types in Parquet, or in CSV as far as cells tell them."""
    if path.suffix == ".parquet":
        return schema_columns(pq.read_schema(path))
    cells = pd.read_csv(path, dtype=str, keep_default_na=False)
    types = {name: column["type"] for name, column in table["columns"].items()}
    return [(name, cell_type(cells[name], types.get(name, "string"))) for name in cells]


def cell_type(cells: pd.Series, expected: str) -> str:
    """Return `expected` if every cell of a CSV file that is not empty can be read as such."""
    readable = {"integer": r"-?\d+", "number": r"-?\d.*", "boolean": "True|False", "string": ".*"}
    filled = cells[cells != ""]
    fits = filled.str.fullmatch(readable[expected]).all()
    if expected == "number" and fits:
        pd.to_numeric(filled)
    return expected if fits else "string"


def key_paths(value, path: str = "") -> Iterator[str]:
    """Yield the place of each value in a JSON file; `[]` stands for an entry of a list."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from key_paths(child, f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for child in value:
            yield from key_paths(child, f"{path}[]")
    else:
        yield path


def files(study, *suffixes: str) -> list[str]:
    paths = (path for path in (study / "results").rglob("*") if path.suffix in suffixes)
    return sorted(str(path.relative_to(study.folder)) for path in paths)


ABSENT = {"Permuted labels", "Ensemble"}
"""Tables that the small study does not write."""

ABSENT_KEYS = {"adapted_by.<group>"}
"""Keys that none of its files has."""


@pytest.mark.slow
def test_every_table_is_described_once(finished):
    paths = files(finished, ".csv", ".parquet")
    assert paths
    for path in paths:
        tables = [table for table in described("columns") if has_path(table, path)]
        assert tables, path
        columns = {table["title"]: columns_of(finished / path, table) for table in tables}
        fitting = [table for table in tables if has_columns(table, columns[table["title"]])]
        assert len(fitting) == 1, (path, columns)


@pytest.mark.slow
def test_every_described_table_is_there(finished):
    paths = files(finished, ".csv", ".parquet", ".json")
    absent = {
        table["title"]
        for table in table_descriptions()
        if not any(has_path(table, path) for path in paths)
    }
    assert absent == ABSENT


@pytest.mark.slow
def test_every_json_file_has_the_keys_that_are_described(finished):
    for table in described("keys"):
        if table["title"] in ABSENT:
            continue
        paths = [path for path in files(finished, ".json") if has_path(table, path)]
        patterns = {key: re.compile(pattern(key, "[^.]+")) for key in table["keys"]}
        unseen = set(patterns)
        for path in paths:
            content = json.loads((finished / path).read_text(encoding="utf-8"))
            for place in set(key_paths(content)) - {"chosen"}:
                matches = {key for key, regex in patterns.items() if regex.fullmatch(place)}
                assert len(matches) == 1, (path, place)
                unseen -= matches
        assert not unseen - ABSENT_KEYS, table["title"]


def test_tables_that_the_small_study_lacks_are_described_too():
    assert has_columns(entry("Permuted labels"), schema_columns(LABELS))
    frames = entry("Features: one vector per frame")
    for precision in ("float16", "float32"):
        assert has_columns(frames, schema_columns(frame_schema(2, 3, precision)))


@pytest.mark.parametrize("title", ["Clips of a corpus", "Clips of a dataset"])
def test_both_tables_of_clips_have_one_schema(title):
    assert has_columns(entry(title), schema_columns(CLIPS))


def test_another_order_or_type_does_not_fit():
    folds = entry("Folds")
    assert has_columns(folds, [("clip", "string"), ("fold", "int16"), ("role", "string")])
    assert not has_columns(folds, [("fold", "int16"), ("clip", "string"), ("role", "string")])
    assert not has_columns(folds, [("clip", "string"), ("fold", "int32"), ("role", "string")])
    assert not has_columns(folds, [("clip", "string"), ("fold", "int16")])
