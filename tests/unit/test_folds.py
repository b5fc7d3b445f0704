"""Folds: everyone tested once, nobody on two sides; and the audit that proves it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serfusion.audit import audit
from serfusion.dataset import classes, combine
from serfusion.errors import Refusal
from serfusion.folds import split
from speech import clip_table

BY_ACTOR = {"by": "actor", "share": 0.15}
BY_CLIP = {"by": "clip", "share": 0.15}


def six(dataset, folds=None, validation=BY_ACTOR, seed=17, corpora=("made",)):
    return split(dataset, list(corpora), folds or {"by": "actor", "count": 6}, validation, seed)


def roles(folds: pd.DataFrame, dataset: pd.DataFrame, column="actor") -> pd.Series:
    joined = folds.merge(dataset, on="clip")
    return joined.groupby(["fold", "role"])[column].agg(set)


def test_consecutive_actors_are_tested_together():
    dataset = clip_table(24)
    tested = roles(six(dataset), dataset)
    for fold in range(1, 7):
        first = 4 * (fold - 1) + 1
        assert tested[fold, "test"] == {f"made/{actor:03d}" for actor in range(first, first + 4)}
        assert len(tested[fold, "validation"]) == 3
        assert len(tested[fold, "train"]) == 17


def test_validation_has_both_genders():
    dataset = clip_table(24)
    genders = roles(six(dataset), dataset, "gender")
    assert all(genders[fold, "validation"] == {"female", "male"} for fold in range(1, 7))


def test_listed_actors_are_tested():
    dataset = clip_table(8)
    listed = {"by": "actor", "test": [["made/003", "made/001"], ["made/008"]]}
    tested = roles(six(dataset, listed), dataset)
    assert tested[1, "test"] == {"made/001", "made/003"}
    assert tested[2, "test"] == {"made/008"}


def test_actors_follow_in_the_order_of_the_corpora():
    dataset = combine([clip_table(2, corpus="z"), clip_table(2, corpus="a")], drop=[], merge={})
    folds = six(dataset, {"by": "actor", "count": 2}, corpora=("z", "a"))
    assert roles(folds, dataset)[1, "test"] == {"z/001", "z/002"}


@given(
    actors=st.integers(2, 30),
    per_actor=st.integers(1, 6),
    data=st.data(),
    seed=st.integers(0, 2**32),
    share=st.floats(0.05, 0.5),
    by=st.sampled_from(["actor", "clip"]),
)
def test_properties_of_every_split(actors, per_actor, data, seed, share, by):
    dataset = clip_table(actors, per_actor)
    count = data.draw(st.integers(2, actors))
    order = np.random.default_rng(seed).permutation(len(dataset))
    given_folds, validation = {"by": "actor", "count": count}, {"by": by, "share": share}
    try:
        folds = six(dataset, given_folds, validation, seed)
    except Refusal as refusal:
        assert "would train on nobody" in str(refusal)
        return
    pd.testing.assert_frame_equal(folds, six(dataset.iloc[order], given_folds, validation, seed))
    assert len(folds) == count * len(dataset)
    tested = folds.loc[folds["role"] == "test", "clip"]
    assert sorted(tested) == sorted(dataset["clip"])
    for _, sides in roles(folds, dataset).groupby(level="fold"):
        sides = sides.droplevel("fold")
        assert not sides["test"] & (sides["train"] | sides["validation"])
        if by == "actor":
            assert not sides["train"] & sides["validation"]
    audited = audit(dataset, folds, validation_by=by)
    assert audited["tested_clips"] == len(dataset)


@pytest.mark.parametrize(
    ("folds", "sentence"),
    [
        ({"by": "actor", "count": 9}, "9 folds by actor need at least 9 actors"),
        ({"by": "actor", "test": [["made/99"]]}, "made/99, who is not in the dataset"),
        ({"by": "actor", "test": [["made/001"], ["made/001"]]}, "names made/001 twice"),
        ({"by": "actor", "test": [[f"made/{n:03d}" for n in range(1, 8)]]}, "train on nobody"),
    ],
)
def test_impossible_folds_are_refused(folds, sentence):
    with pytest.raises(Refusal, match=sentence):
        six(clip_table(8), folds)


def test_the_audit_counts_what_is_shared():
    dataset = clip_table(6)
    entry = audit(dataset, six(dataset), validation_by="actor")["folds"][0]
    assert entry["actors"]["test"] == ["made/001"]
    assert sum(entry["clips"].values()) == len(dataset)
    for common in entry["in_common"].values():
        assert common == {"actor": [], "sha256": [], "sentence": ["dogs", "kids"]}


def test_validation_by_clip_is_called_optimistic():
    dataset = clip_table(6)
    audited = audit(dataset, six(dataset, validation=BY_CLIP), validation_by="clip")
    assert audited["optimistic_validation"]
    assert audited["folds"][0]["in_common"]["train and validation"]["actor"]


def test_the_audit_stops_an_actor_on_two_sides():
    dataset = clip_table(6)
    folds = six(dataset)
    leak = folds.index[(folds["fold"] == 2) & (folds["role"] == "train")][0]
    folds.loc[leak, "role"] = "test"
    actor = folds.loc[leak, "clip"].rpartition("-")[0]
    with pytest.raises(Refusal, match=f"Fold 2 leaks: actor {actor} is in both train and test"):
        audit(dataset, folds, validation_by="actor")


@pytest.mark.parametrize("validation", [BY_ACTOR, BY_CLIP])
def test_the_audit_stops_a_recording_on_two_sides(validation):
    dataset = clip_table(6)
    folds = six(dataset, validation=validation)
    dataset.loc[dataset["actor"] == "made/006", "sha256"] = "made-1-0"
    dataset.loc[dataset["actor"] == "made/001", "sha256"] = "made-1-0"
    with pytest.raises(Refusal, match=r"Fold 1 leaks: recording made-1-0"):
        audit(dataset, folds, validation_by=validation["by"])


def test_the_audit_stops_folds_that_are_not_of_the_dataset():
    dataset = clip_table(6)
    folds = six(dataset)
    for bad in (folds.iloc[1:], pd.concat([folds, folds.iloc[:1]]), folds.assign(role="train")):
        with pytest.raises(Refusal, match="Fold 1 does not give each clip"):
            audit(dataset, bad, validation_by="actor")
    with pytest.raises(Refusal, match="Fold 1 does not give each clip"):
        audit(dataset.iloc[1:], folds, validation_by="actor")


def test_merge_comes_before_drop():
    dataset = combine([clip_table(2)], drop=["neutral"], merge={"happy": "angry"})
    assert classes(dataset) == ["angry", "sad"]


def test_an_emotion_that_nobody_has_is_refused():
    with pytest.raises(Refusal, match="drops or merges calm, which none of its clips has"):
        combine([clip_table(2)], drop=["calm"], merge={})


def test_a_single_emotion_is_refused():
    with pytest.raises(Refusal, match="fewer than two emotions"):
        combine([clip_table(2)], drop=["angry", "happy", "sad"], merge={})
