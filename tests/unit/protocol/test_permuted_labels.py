"""Permuted labels: shuffled within training and within validation, and independent of the truth."""

import numpy as np
import pandas as pd
import pytest

from serfusion.protocol.folds import split
from serfusion.protocol.permuted_labels import permute_labels
from speech import clip_table

TABLE = clip_table(6)
SPLIT = split(TABLE, ["made"], {"by": "actor", "count": 3}, {"by": "actor", "share": 0.3}, seed=17)


def test_labels_are_permuted_within_training_and_within_validation_alone():
    labels = permute_labels(TABLE, SPLIT, 1, "m", seed=17)
    truth = TABLE.set_index("clip")["emotion"]
    roles = SPLIT[SPLIT["fold"] == 1].set_index("clip")["role"]
    assert labels["clip"].tolist() == sorted(truth.index)
    permuted = labels.set_index("clip")["emotion"]
    for role in ("train", "validation", "test"):
        clips = roles.index[roles == role]
        assert sorted(permuted[clips]) == sorted(truth[clips])
        assert (permuted[clips] == truth[clips]).all() == (role == "test")


def test_the_permutation_depends_on_seed_model_and_fold_and_not_on_order():
    labels = permute_labels(TABLE, SPLIT, 1, "m", seed=17)
    shuffled = TABLE.sample(frac=1, random_state=0)
    reversed_split = SPLIT.iloc[::-1]
    pd.testing.assert_frame_equal(labels, permute_labels(shuffled, reversed_split, 1, "m", seed=17))
    train = SPLIT.groupby("clip")["role"].agg(lambda roles: (roles == "train").sum() == 2)
    assert train.any()
    for other in (
        permute_labels(TABLE, SPLIT, 1, "n", seed=17),
        permute_labels(TABLE, SPLIT, 1, "m", seed=18),
        permute_labels(TABLE, SPLIT, 2, "m", seed=17),
    ):
        assert (labels["emotion"] != other["emotion"]).any()


def test_permuted_labels_are_independent_of_the_true_ones():
    """Over many seeds, a clip keeps its emotion as often as by chance."""
    truth = TABLE.sort_values("clip")["emotion"].to_numpy()
    train = SPLIT[(SPLIT["fold"] == 1) & (SPLIT["role"] == "train")]["clip"]
    is_train = TABLE.sort_values("clip")["clip"].isin(train).to_numpy()
    kept = [
        (permute_labels(TABLE, SPLIT, 1, "m", seed)["emotion"].to_numpy() == truth)[is_train].mean()
        for seed in range(200)
    ]
    assert np.mean(kept) == pytest.approx(1 / 4, abs=0.02)
