"""Adapted models beside their baseline, on the clips that both answer."""

import numpy as np
import pandas as pd
import pytest

from serfusion.evaluation.adapted import COLUMNS, adapted_table
from serfusion.evaluation.groups import group_table
from serfusion.evaluation.intervals import pooled_scores
from speech import clip_table

SEED = 3
CLIPS = clip_table(6)
EMOTIONS = sorted(CLIPS["emotion"].unique())
DRAWN = set(CLIPS.groupby("actor")["clip"].head(2))
SETTINGS = {"to": "speaker", "by_clips": 2, "statistics": "mean", "shrink": 1, "emotion": None}


def answers(model: str, seed: int, without=()) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    kept = CLIPS[~CLIPS["clip"].isin(without)]
    right = random.random(len(kept)) < 0.6
    predicted = np.where(right, kept["emotion"], random.choice(EMOTIONS, len(kept)))
    return kept.assign(model=model, fold=1, predicted=predicted)


PREDICTIONS = pd.concat(
    [answers("base", 1), answers("adapted", 2, DRAWN), answers("alone_adapted", 4)],
    ignore_index=True,
)


def test_a_baseline_counts_on_the_same_clips():
    models = [
        {"model": "adapted", "baseline": "base"} | SETTINGS,
        {"model": "alone_adapted", "baseline": None} | SETTINGS | {"by_clips": "all"},
    ]
    table = adapted_table(PREDICTIONS, models, SEED)
    assert list(table.columns) == COLUMNS
    first, second = table.to_dict("records")
    own = PREDICTIONS[PREDICTIONS["model"] == "adapted"]
    base = PREDICTIONS[(PREDICTIONS["model"] == "base") & PREDICTIONS["clip"].isin(own["clip"])]
    assert first["clips"] == len(own) == len(CLIPS) - len(DRAWN)
    scores = pooled_scores(own, EMOTIONS, SEED)
    for column in ("accuracy", "accuracy_low", "accuracy_high", "uar"):
        assert first[column] == pytest.approx(scores[column])
    same = (base["emotion"] == base["predicted"]).mean()
    assert first["baseline_accuracy"] == pytest.approx(same)
    assert first["accuracy_difference"] == pytest.approx(first["accuracy"] - same)
    assert first["p_holm"] == first["p"]
    unknown = ["baseline_accuracy", "accuracy_difference", "uar_difference_low", "p", "p_holm"]
    assert all(pd.isna(second[column]) for column in unknown)


def test_without_adapted_models_the_table_is_empty():
    table = adapted_table(PREDICTIONS, [], SEED)
    assert table.empty and list(table.columns) == COLUMNS


def test_groups_of_a_model_are_of_the_clips_that_it_answered():
    """A model that answered all clips has the same figures whoever else is in the table."""
    together = group_table(PREDICTIONS, CLIPS, SEED)
    for model, rows in together.groupby("model"):
        own = PREDICTIONS[PREDICTIONS["model"] == model]
        for by, part in rows.groupby("by"):
            assert part["clips"].sum() == len(own), (model, by)
        correct = (own["emotion"] == own["predicted"]).groupby(own["actor"]).mean()
        by_actor = rows[rows["by"] == "actor"].set_index("group")["accuracy"]
        assert by_actor.to_dict() == pytest.approx(correct.to_dict())
    assert list(together["model"].unique()) == ["base", "adapted", "alone_adapted"]
    alone = group_table(PREDICTIONS[PREDICTIONS["model"] != "adapted"], CLIPS, SEED)
    others = together[together["model"] != "adapted"].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, alone)


def test_a_group_that_a_model_never_answered_has_no_row():
    emotion = EMOTIONS[0]
    without = set(CLIPS.loc[CLIPS["emotion"] == emotion, "clip"])
    predictions = pd.concat([answers("base", 1), answers("adapted", 2, without)])
    table = group_table(predictions, CLIPS, SEED)
    groups = table[table["by"] == "emotion"].groupby("model")["group"].agg(set)
    assert groups["base"] - groups["adapted"] == {emotion}
