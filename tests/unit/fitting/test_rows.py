"""The rows of a fold: augmented ones in training only, sorted, and with the right values."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from serfusion.errors import Refusal
from serfusion.extraction.schema import frame_schema, schema
from serfusion.files import write_parquet
from serfusion.fitting.rows import fold_rows
from serfusion.protocol.folds import split
from speech import clip_table

DATASET = clip_table(6)
FOLDS = split(
    DATASET, ["made"], {"by": "actor", "count": 3}, {"by": "actor", "share": 0.3}, seed=17
)


def write_tables(folder, name="acoustic", columns=("a", "b"), dataset=DATASET):
    """Write a table per augmentation whose values encode clip and augmentation."""
    paths = []
    for shift, augmentation in enumerate(("original", "noise")):
        table = dataset[["clip"]].assign(augmentation=augmentation)
        for column in columns:
            table[column] = np.arange(len(dataset), dtype=np.float32) + 1000 * shift
        path = folder / f"{name}_{augmentation}.parquet"
        write_parquet(table.sample(frac=1, random_state=shift), schema(list(columns)), path)
        paths.append(str(path))
    return paths


def test_only_training_clips_are_augmented(tmp_path):
    rows = fold_rows(DATASET, FOLDS, 1, {"acoustic": write_tables(tmp_path)})
    roles = FOLDS[FOLDS["fold"] == 1].set_index("clip")["role"]
    for role, role_rows in rows.items():
        assert set(role_rows.keys["clip"]) == set(roles.index[roles == role])
        expected = {"original", "noise"} if role == "train" else {"original"}
        assert set(role_rows.keys["augmentation"]) == expected
        assert (
            len(role_rows.values) == len(role_rows.targets) == len(expected) * (roles == role).sum()
        )


def test_values_and_targets_belong_to_their_clips(tmp_path):
    rows = fold_rows(DATASET, FOLDS, 2, {"acoustic": write_tables(tmp_path)})
    place = {clip: number for number, clip in enumerate(DATASET["clip"])}
    emotions = DATASET.set_index("clip")["emotion"]
    names = sorted(emotions.unique())
    for role_rows in rows.values():
        for key, values, target in zip(
            role_rows.keys.itertuples(), role_rows.values, role_rows.targets, strict=True
        ):
            value = place[key.clip] + 1000 * (key.augmentation == "noise")
            assert values.tolist() == [value, value]
            assert names[target] == emotions[key.clip]
        assert role_rows.values.dtype == np.float32
        assert role_rows.keys.equals(role_rows.keys.sort_values(["clip", "augmentation"]))


def test_feature_sets_are_put_side_by_side(tmp_path):
    tables = {"acoustic": write_tables(tmp_path), "other": write_tables(tmp_path, "other", ("c",))}
    rows = fold_rows(DATASET, FOLDS, 1, tables)
    assert rows["train"].values.shape[1] == 3


def test_a_table_that_lacks_a_clip_is_refused(tmp_path):
    paths = write_tables(tmp_path, dataset=DATASET.iloc[1:])
    with pytest.raises(
        Refusal, match=r"the feature tables lack 1 of 48 clips, such as made/001-00: delete"
    ):
        fold_rows(DATASET, FOLDS, 1, {"acoustic": paths})


def test_a_row_that_is_there_twice_is_refused(tmp_path):
    paths = write_tables(tmp_path)
    with pytest.raises(Refusal, match="hold a row twice"):
        fold_rows(DATASET, FOLDS, 1, {"acoustic": [*paths, paths[0]]})


def test_tables_that_do_not_match_are_refused(tmp_path):
    other = write_tables(tmp_path, "other", ("c",))[:1]
    tables = {"acoustic": write_tables(tmp_path), "other": other}
    with pytest.raises(Refusal, match="hold different rows"):
        fold_rows(DATASET, FOLDS, 1, tables)


def test_a_table_has_exactly_its_columns(tmp_path):
    table = pd.read_parquet(write_tables(tmp_path)[0])
    assert table.columns.tolist() == ["clip", "augmentation", "a", "b"]
    assert table["a"].dtype == np.float32


def write_frames(folder, row_group=3):
    """Write a frame table per augmentation whose values encode clip, augmentation and frame."""
    paths = []
    for shift, augmentation in enumerate(("original", "noise")):
        lengths = np.arange(len(DATASET)) % 4 + 1
        values = np.zeros((len(DATASET), 4, 2), np.float16)
        for number, length in enumerate(lengths):
            values[number, :length] = 10 * number + 1000 * shift + np.arange(1, length + 1)[:, None]
        table = pa.table(
            [
                DATASET["clip"].to_numpy(),
                np.full(len(DATASET), augmentation),
                lengths.astype(np.int32),
                pa.FixedShapeTensorArray.from_numpy_ndarray(values),
            ],
            schema=frame_schema(4, 2, "float16"),
        )
        path = folder / f"frames_{augmentation}.parquet"
        table = table.take(np.random.default_rng(shift).permutation(len(DATASET)))
        pq.write_table(table, path, row_group_size=row_group)
        paths.append(str(path))
    return paths


def test_frames_and_lengths_belong_to_their_clips(tmp_path):
    place = {clip: number for number, clip in enumerate(DATASET["clip"])}
    rows = fold_rows(DATASET, FOLDS, 1, {"frames": write_frames(tmp_path)})
    for role, role_rows in rows.items():
        assert role_rows.values.dtype == np.float16
        assert role_rows.size == [4, 2]
        expected = {"original", "noise"} if role == "train" else {"original"}
        assert set(role_rows.keys["augmentation"]) == expected
        for key, values, length in zip(
            role_rows.keys.itertuples(), role_rows.values, role_rows.lengths, strict=True
        ):
            number = place[key.clip]
            assert length == number % 4 + 1
            first = 10 * number + 1000 * (key.augmentation == "noise") + 1
            assert values[:length, 0].tolist() == list(range(first, first + length))
            assert (values[length:] == 0).all()
