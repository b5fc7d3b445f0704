"""Folds: every unit is tested once and has one role; and the audit that proves it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from serfusion.clips.dataset import classes
from serfusion.errors import Refusal
from serfusion.protocol.audit import audit
from serfusion.protocol.folds import split
from speech import clip_table, combined

BY_ACTOR = {"by": "actor", "share": 0.15}
BY_CLIP = {"by": "clip", "share": 0.15}


def six_folds(dataset, folds=None, validation=BY_ACTOR, seed=17, corpora=("made",)):
    return split(dataset, list(corpora), folds or {"by": "actor", "count": 6}, validation, seed)


def roles(folds: pd.DataFrame, dataset: pd.DataFrame, column="actor") -> pd.Series:
    joined = folds.merge(dataset, on="clip")
    return joined.groupby(["fold", "role"])[column].agg(set)


def test_consecutive_actors_are_tested_together():
    dataset = clip_table(24)
    tested = roles(six_folds(dataset), dataset)
    for fold in range(1, 7):
        first = 4 * (fold - 1) + 1
        assert tested[fold, "test"] == {f"made/{actor:03d}" for actor in range(first, first + 4)}
        assert len(tested[fold, "validation"]) == 3
        assert len(tested[fold, "train"]) == 17


def test_validation_has_both_genders():
    dataset = clip_table(24)
    genders = roles(six_folds(dataset), dataset, "gender")
    assert all(genders[fold, "validation"] == {"female", "male"} for fold in range(1, 7))


def test_listed_actors_are_tested():
    dataset = clip_table(8)
    listed = {"by": "actor", "test": [["made/003", "made/001"], ["made/008"]]}
    tested = roles(six_folds(dataset, listed), dataset)
    assert tested[1, "test"] == {"made/001", "made/003"}
    assert tested[2, "test"] == {"made/008"}


def test_actors_follow_in_the_order_of_the_corpora():
    dataset = combined([clip_table(2, corpus="z"), clip_table(2, corpus="a")], drop=[], merge={})
    folds = six_folds(dataset, {"by": "actor", "count": 2}, corpora=("z", "a"))
    assert roles(folds, dataset)[1, "test"] == {"z/001", "z/002"}


@st.composite
def datasets(draw) -> pd.DataFrame:
    """Clips of one to three corpora, in sessions of two actors, some of them without a gender."""
    tables = []
    for corpus in draw(st.lists(st.sampled_from(["z", "m", "a"]), min_size=1, unique=True)):
        table = clip_table(draw(st.integers(2, 12)), draw(st.integers(2, 6)), corpus)
        numbers = table["actor"].str[-3:].astype(int)
        table["session"] = ((numbers + 1) // 2).astype(str)
        if draw(st.booleans()):
            table["gender"] = None
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def unit_of(dataset: pd.DataFrame, by: str) -> pd.Series:
    sessions = dataset["corpus"] + "/" + dataset["session"]
    return (sessions if by == "session" else dataset[by]).set_axis(dataset["clip"])


@given(
    dataset=datasets(),
    data=st.data(),
    by=st.sampled_from(["actor", "session", "corpus", "clip"]),
    method=st.sampled_from(["count", "stratified", "leave_one_out", "test"]),
    seed=st.integers(0, 2**32),
    share=st.floats(0.05, 0.5),
    validation_by=st.sampled_from(["actor", "clip"]),
)
def test_properties_of_every_split(dataset, data, by, method, seed, share, validation_by):
    unit = unit_of(dataset, by)
    number = unit.nunique()
    assume(number > 1 and (by != "clip" or method == "count"))
    most = dataset["emotion"].value_counts().min() if by == "clip" else number
    assume(most > 1)
    count = data.draw(st.integers(2, int(min(most, 12))))
    groups = np.array_split(data.draw(st.permutations(sorted(unit.unique()))), count)
    listed = [list(group) for group in groups]
    values = {"count": count, "stratified": count, "leave_one_out": number, "test": listed}
    settings = {"by": by, method: values[method]}
    arguments = (list(dataset["corpus"].unique()), settings, {"by": validation_by, "share": share})
    order = np.random.default_rng(seed).permutation(len(dataset))
    try:
        folds = split(dataset, *arguments, seed)
    except Refusal as refusal:
        assert "would have no training clips" in str(refusal) or method == "stratified"
        return
    pd.testing.assert_frame_equal(folds, split(dataset.iloc[order], *arguments, seed))
    assert len(folds) == folds["fold"].nunique() * len(dataset)
    tested = folds.loc[folds["role"] == "test", "clip"]
    assert sorted(tested) == sorted(dataset["clip"])
    for _, fold in folds.groupby("fold"):
        role_units = fold["clip"].map(unit).groupby(fold["role"]).agg(set)
        assert not role_units["test"] & (role_units["train"] | role_units["validation"])
    for _, actors in roles(folds, dataset).groupby(level="fold"):
        actors = actors.droplevel("fold")
        if by != "clip":
            assert not actors["test"] & (actors["train"] | actors["validation"])
        if validation_by == "actor":
            assert not actors["train"] & actors["validation"]
    audited = audit(dataset, folds, folds_by=by, validation_by=validation_by)
    assert audited["tested_clips"] == len(dataset)
    assert audited["optimistic_test"] == (by == "clip")


def test_a_range_covers_the_actors_that_are_present():
    dataset = clip_table(8)
    dataset = dataset[dataset["actor"] != "made/003"]
    listed = {
        "by": "actor",
        "test": [["made/002 to made/004"], ["made/007 to made/900", "made/001"]],
    }
    tested = roles(six_folds(dataset, listed), dataset)
    assert tested[1, "test"] == {"made/002", "made/004"}
    assert tested[2, "test"] == {"made/001", "made/007", "made/008"}


def test_actors_are_in_natural_order():
    dataset = clip_table(24)
    dataset["actor"] = dataset["actor"].str.replace("/0+", "/", regex=True)
    tested = roles(six_folds(dataset), dataset)
    assert tested[1, "test"] == {"made/1", "made/2", "made/3", "made/4"}
    tested = roles(six_folds(dataset, {"by": "actor", "test": [["made/2 to made/10"]]}), dataset)
    assert tested[1, "test"] == {f"made/{number}" for number in range(2, 11)}


def test_a_corpus_is_tested_with_models_of_the_others():
    tables = [clip_table(4, corpus=name) for name in ("z", "m", "a")]
    dataset = pd.concat(tables, ignore_index=True)
    folds = six_folds(dataset, {"by": "corpus", "test": [["a", "z"]]}, corpora=("z", "m", "a"))
    tested = roles(folds, dataset, "corpus")
    assert tested[1, "test"] == {"a", "z"}
    assert tested[1, "train"] == tested[1, "validation"] == {"m"}


def test_sessions_are_left_out_one_at_a_time():
    dataset = clip_table(10).assign(session=lambda table: table["actor"].str[-1])
    tested = roles(six_folds(dataset, {"by": "session", "leave_one_out": 10}), dataset, "session")
    assert [tested[fold, "test"] for fold in range(1, 11)] == [{str(n)} for n in range(10)]


def test_stratified_groups_have_the_same_proportions():
    tables = [clip_table(12, corpus="a"), clip_table(6, corpus="b")]
    dataset = pd.concat(tables, ignore_index=True)
    folds = six_folds(dataset, {"by": "actor", "stratified": 3}, corpora=("a", "b"))
    tested = folds[folds["role"] == "test"].merge(dataset, on="clip")
    counts = pd.crosstab(tested["fold"], [tested["corpus"], tested["gender"], tested["emotion"]])
    assert counts.shape == (3, 16)
    assert (counts.nunique() == 1).all()


def test_random_clips_share_speakers_and_have_each_emotion_equally_often():
    dataset = clip_table(6)
    folds = six_folds(dataset, {"by": "clip", "count": 4}, BY_CLIP)
    shared = roles(folds, dataset)
    assert shared[1, "test"] & shared[1, "train"]
    tested = folds[folds["role"] == "test"].merge(dataset, on="clip")
    assert (pd.crosstab(tested["fold"], tested["emotion"]) == 3).all(axis=None)
    with pytest.raises(Refusal, match=r"Fold 1 leaks: actor .* is in both train and test"):
        audit(dataset, folds, folds_by="actor", validation_by="clip")


@pytest.mark.parametrize(
    ("folds", "sentence"),
    [
        (
            {"by": "actor", "count": 9},
            "9 folds by actor are too many for 8 actors: set folds.count to at most 8",
        ),
        ({"by": "actor", "stratified": 9}, "set folds.stratified to at most 8"),
        ({"by": "actor", "leave_one_out": 9}, "dataset has 8 actors: set it to 8"),
        (
            {"by": "corpus", "count": 2},
            "2 folds by corpus are too many for 1 corpus: folds.count needs at least 2 corpora",
        ),
        (
            {"by": "clip", "count": 20},
            "20 folds by clip are too many for 16 clips of the rarest emotion",
        ),
        ({"by": "session", "count": 2}, "made/001-00 has none: use folds by actor"),
        ({"by": "actor", "test": [["made/99"]]}, "names made/99, which the dataset does not have"),
        ({"by": "actor", "test": [["made/001 to x/2"]]}, "from one corpus to another"),
        ({"by": "actor", "test": [["made/30 to made/40"]]}, "names made/30 to made/40, which"),
        ({"by": "actor", "test": [["made/001"], ["made/001"]]}, "names made/001 twice"),
        (
            {"by": "actor", "test": [[f"made/{n:03d}" for n in range(1, 8)]]},
            "would have no training clips",
        ),
    ],
)
def test_impossible_folds_are_refused(folds, sentence):
    with pytest.raises(Refusal, match=sentence):
        six_folds(clip_table(8), folds)


def test_the_audit_counts_what_is_shared():
    dataset = clip_table(6)
    entry = audit(dataset, six_folds(dataset), folds_by="actor", validation_by="actor")["folds"][0]
    assert entry["actors"]["test"] == ["made/001"]
    assert sum(entry["clips"].values()) == len(dataset)
    for common in entry["in_common"].values():
        assert common == {"actor": [], "sha256": [], "sentence": ["dogs", "kids"]}


def test_validation_by_clip_is_called_optimistic():
    dataset = clip_table(6)
    audited = audit(
        dataset, six_folds(dataset, validation=BY_CLIP), folds_by="actor", validation_by="clip"
    )
    assert audited["optimistic_validation"]
    assert audited["folds"][0]["in_common"]["train and validation"]["actor"]


def test_the_audit_refuses_an_actor_in_two_roles():
    dataset = clip_table(6)
    folds = six_folds(dataset)
    leak = folds.index[(folds["fold"] == 2) & (folds["role"] == "train")][0]
    folds.loc[leak, "role"] = "test"
    actor = folds.loc[leak, "clip"].rpartition("-")[0]
    with pytest.raises(Refusal, match=f"Fold 2 leaks: actor {actor} is in both train and test"):
        audit(dataset, folds, folds_by="actor", validation_by="actor")


@pytest.mark.parametrize("validation", [BY_ACTOR, BY_CLIP])
def test_the_audit_refuses_a_recording_in_two_roles(validation):
    dataset = clip_table(6)
    folds = six_folds(dataset, validation=validation)
    dataset.loc[dataset["actor"] == "made/006", "sha256"] = "made-1-0"
    dataset.loc[dataset["actor"] == "made/001", "sha256"] = "made-1-0"
    with pytest.raises(Refusal, match=r"Fold 1 leaks: recording made-1-0"):
        audit(dataset, folds, folds_by="actor", validation_by=validation["by"])


def test_the_audit_refuses_folds_of_another_dataset():
    dataset = clip_table(6)
    folds = six_folds(dataset)
    for bad in (folds.iloc[1:], pd.concat([folds, folds.iloc[:1]]), folds.assign(role="train")):
        with pytest.raises(Refusal, match="Fold 1 does not give each clip"):
            audit(dataset, bad, folds_by="actor", validation_by="actor")
    with pytest.raises(Refusal, match="Fold 1 does not give each clip"):
        audit(dataset.iloc[1:], folds, folds_by="actor", validation_by="actor")


def test_merge_comes_before_drop():
    dataset = combined([clip_table(2)], drop=["neutral"], merge={"happy": "angry"})
    assert classes(dataset) == ["angry", "sad"]


def test_an_emotion_that_no_clip_has_is_refused():
    with pytest.raises(Refusal, match="merges, keeps or drops calm, which none of its clips has"):
        combined([clip_table(2)], drop=["calm"], merge={})


def test_a_dataset_that_lacks_a_corpus_may_lack_its_emotions():
    assert len(combined([clip_table(2)], drop=["calm"], merge={}, missing_emotions=["calm"])) == 16
    with pytest.raises(Refusal, match="keeps or drops clam, which none"):
        combined([clip_table(2)], drop=["clam"], merge={}, missing_emotions=["calm"])


def test_only_what_is_kept_remains():
    dataset = combined([clip_table(2)], merge={"happy": "sad"}, keep=["sad", "angry"], drop=[])
    assert dataset["emotion"].value_counts().to_dict() == {"sad": 8, "angry": 4}


def test_shared_emotions_are_those_of_every_corpus():
    other = clip_table(2, corpus="other")
    other = other[other["emotion"] != "angry"].replace({"emotion": {"sad": "bored"}})
    assert classes(combined([clip_table(2), other], merge={}, keep="shared", drop=[])) == [
        "happy",
        "neutral",
    ]


def test_a_single_emotion_is_refused():
    with pytest.raises(Refusal, match="fewer than two emotions"):
        combined([clip_table(2)], drop=["angry", "happy", "sad"], merge={})


def test_two_actors_get_advice_that_helps():
    dataset = clip_table(2)
    by_actor = {"by": "actor", "share": 0.5}
    with pytest.raises(Refusal, match=r"a single actor is left .* set `validation: \{by: clip\}`"):
        split(dataset, ["made"], {"by": "actor", "count": 2}, by_actor, seed=1)
    by_clip = {"by": "clip", "share": 0.25}
    assert len(split(dataset, ["made"], {"by": "actor", "count": 2}, by_clip, seed=1))
