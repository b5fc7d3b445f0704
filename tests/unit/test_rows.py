"""What a model sees: augmented rows in training alone, in an order of their own."""

import numpy as np
import pandas as pd
import pytest

from serfusion.errors import Refusal
from serfusion.feature_table import schema
from serfusion.files import write_parquet
from serfusion.folds import split
from serfusion.rows import fold_rows
from speech import clip_table

DATASET = clip_table(6)
FOLDS = split(
    DATASET, ["made"], {"by": "actor", "count": 3}, {"by": "actor", "share": 0.3}, seed=17
)


def write_tables(folder, name="acoustic", columns=("a", "b"), dataset=DATASET):
    """Write a table per augmentation whose values are drawn from clip and augmentation."""
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
    rows = fold_rows(DATASET, FOLDS, 1, [write_tables(tmp_path)])
    roles = FOLDS[FOLDS["fold"] == 1].set_index("clip")["role"]
    for role, side in rows.items():
        assert set(side.keys["clip"]) == set(roles.index[roles == role])
        expected = {"original", "noise"} if role == "train" else {"original"}
        assert set(side.keys["augmentation"]) == expected
        assert len(side.values) == len(side.targets) == len(expected) * (roles == role).sum()


def test_values_and_targets_belong_to_their_clips(tmp_path):
    rows = fold_rows(DATASET, FOLDS, 2, [write_tables(tmp_path)])
    place = {clip: number for number, clip in enumerate(DATASET["clip"])}
    emotions = DATASET.set_index("clip")["emotion"]
    names = sorted(emotions.unique())
    for side in rows.values():
        for key, values, target in zip(
            side.keys.itertuples(), side.values, side.targets, strict=True
        ):
            value = place[key.clip] + 1000 * (key.augmentation == "noise")
            assert values.tolist() == [value, value]
            assert names[target] == emotions[key.clip]
        assert side.values.dtype == np.float32
        assert side.keys.equals(side.keys.sort_values(["clip", "augmentation"]))


def test_feature_sets_are_put_side_by_side(tmp_path):
    tables = [write_tables(tmp_path), write_tables(tmp_path, "other", ("c",))]
    rows = fold_rows(DATASET, FOLDS, 1, tables)
    assert rows["train"].values.shape[1] == 3


def test_a_table_that_lacks_a_clip_is_refused(tmp_path):
    paths = write_tables(tmp_path, dataset=DATASET.iloc[1:])
    with pytest.raises(Refusal, match=r"the feature tables lack made/001-00 and 1 clips in all"):
        fold_rows(DATASET, FOLDS, 1, [paths])


def test_a_row_that_is_there_twice_is_refused(tmp_path):
    paths = write_tables(tmp_path)
    with pytest.raises(Refusal, match="hold rows twice"):
        fold_rows(DATASET, FOLDS, 1, [[*paths, paths[0]]])


def test_tables_that_do_not_match_are_refused(tmp_path):
    tables = [write_tables(tmp_path), write_tables(tmp_path, "other", ("c",))[:1]]
    with pytest.raises(Refusal, match="hold different rows"):
        fold_rows(DATASET, FOLDS, 1, tables)


def test_a_table_has_exactly_its_columns(tmp_path):
    table = pd.read_parquet(write_tables(tmp_path)[0])
    assert table.columns.tolist() == ["clip", "augmentation", "a", "b"]
    assert table["a"].dtype == np.float32
