"""Files that are whole or absent."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from serfusion import files


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "table.parquet"
    schema = pa.schema([("n", pa.int16())])
    files.write_parquet(pd.DataFrame({"n": [1]}), schema, path)
    before = path.read_bytes()
    with pytest.raises(pa.ArrowInvalid):
        files.write_parquet(pd.DataFrame({"n": [1_000_000]}), schema, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["table.parquet"]


def test_a_table_is_read_with_its_words_as_they_are(tmp_path):
    words = {"model": ["01", "NA", "nan"], "emotion": [np.nan, "None", "1"]}
    table = pd.DataFrame(words | {"p": [np.nan, 0.5, 1], "n": [1, 2, 3], "chosen": True})
    files.write_csv(table, tmp_path / "table.csv")
    read = files.read_csv(tmp_path / "table.csv", ["model", "emotion"])
    pd.testing.assert_frame_equal(read, table)


def test_a_failed_folder_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), files.atomic_folder(tmp_path / "folder") as folder:
        (folder / "half").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
