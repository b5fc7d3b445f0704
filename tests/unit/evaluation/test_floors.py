"""What is to be held against a model: floors, permuted labels, and what people recognise."""

import numpy as np
import pandas as pd
import pytest
import yaml

from serfusion.corpora import ravdess
from serfusion.errors import Refusal
from serfusion.evaluation import floors, people
from serfusion.protocol.folds import split
from serfusion.protocol.permuted_labels import permuted
from serfusion.study import resolution
from speech import clip_table
from studies import ROOT

CLIPS = {
    "clip": list("abcdefghij"),
    "corpus": ["x"] * 5 + ["y"] * 5,
    "actor": ["x/1"] * 3 + ["x/2"] * 2 + ["y/1"] * 3 + ["y/2"] * 2,
    "emotion": [*("sad", "sad", "happy", "sad", "happy"), *("happy",) * 3, *("happy", "sad")],
}
DATASET = pd.DataFrame(CLIPS)
ROLES = ["train"] * 3 + ["test"] * 2 + ["train"] * 3 + ["test"] * 2
FOLDS = pd.DataFrame({"clip": CLIPS["clip"], "fold": 1, "role": ROLES})
NAMES = ["happy", "sad"]


def made(known=(), permuted_answers=None, dataset=DATASET, folds=FOLDS) -> pd.DataFrame:
    none = pd.DataFrame(columns=["model", "actor", "emotion", "predicted"])
    answers = none if permuted_answers is None else permuted_answers
    return floors.floor_table(dataset, folds, answers, list(known), NAMES, 3)


def test_floors_of_a_case_that_can_be_counted():
    """Happy is the commonest in training; of corpus x alone it is sad. Tested: sad, happy; both."""
    table = made().set_index("floor")
    assert table.loc["chance", ["clips", "accuracy", "uar"]].tolist() == [4, 0.5, 0.5]
    assert table.loc["majority class", ["accuracy", "uar"]].tolist() == [0.5, 0.5]
    answered = floors.commonest_answers(DATASET, FOLDS, by_corpus=True)
    assert answered["predicted"].tolist() == ["sad", "sad", "happy", "happy"]
    assert table.loc["corpus alone", "accuracy"] == 0.5
    uneven = DATASET.assign(emotion=DATASET["emotion"].where(DATASET["clip"] != "e", "sad"))
    table = made(dataset=uneven).set_index("floor")
    assert table.loc["majority class", "accuracy"] == 0.25
    assert table.loc["corpus alone", ["accuracy", "uar"]].tolist() == [0.75, pytest.approx(5 / 6)]


def test_of_equally_common_emotions_the_first_in_the_alphabet_is_answered():
    even = DATASET[DATASET["clip"].isin(list("bcde"))]
    assert set(floors.commonest_answers(even, FOLDS)["predicted"]) == {"happy"}


def test_each_fold_answers_by_its_own_training_clips():
    others = FOLDS.assign(fold=2, role=[{"train": "test", "test": "train"}[r] for r in ROLES])
    dataset = DATASET.assign(emotion=["sad"] * 3 + ["happy"] * 2 + ["sad"] * 3 + ["happy"] * 2)
    answered = floors.commonest_answers(dataset, pd.concat([FOLDS, others]))
    assert answered.groupby("fold")["predicted"].unique().map(list).to_dict() == {
        1: ["sad"],
        2: ["happy"],
    }


def test_a_corpus_that_training_has_none_of_is_answered_as_all_are():
    roles = ["test"] * 5 + ["train"] * 4 + ["test"]
    answered = floors.commonest_answers(DATASET, FOLDS.assign(role=roles), by_corpus=True)
    assert set(answered["predicted"]) == {"happy"}


def test_a_model_with_permuted_labels_is_a_floor_with_its_interval():
    answers = DATASET.assign(model="shuffled", predicted="happy")
    row = made(permuted_answers=answers).set_index("floor").loc["labels permuted"]
    assert row[["model", "clips", "accuracy", "uar"]].tolist() == ["shuffled", 10, 0.6, 0.5]
    assert row["accuracy_low"] < 0.6 < row["accuracy_high"]


def test_what_people_recognise_comes_with_its_source():
    row = made([{"corpus": "x", "accuracy": 0.6, "source": "they"}]).iloc[-1]
    assert row[["floor", "corpus", "accuracy", "source"]].tolist() == ["people", "x", 0.6, "they"]
    assert row[["clips", "accuracy_low", "uar", "emotion"]].isna().all()


def test_votes_are_counted_on_the_tested_clips_and_ties_are_shared():
    votes = {"a": ["sad"], "d": ["sad", "happy"], "e": ["happy"], "i": ["sad"]}
    rows = made([{"corpus": "x", "votes": votes, "source": "file"}])
    rows = rows[rows["floor"] == "people, by vote"]
    assert rows["clips"].tolist() == [2, 1, 1]
    assert rows["accuracy"].tolist() == [0.75, 1, 0.5]
    assert rows["emotion"].fillna("all").tolist() == ["all", "happy", "sad"]
    assert rows["uar"].iloc[0] == 0.75
    assert len(made([{"corpus": "x", "votes": {"z": ["sad"]}, "source": "file"}])) == 3


VOTES = """\
"","FileName","VoiceVote","VoiceLevel","FaceVote","FaceLevel","MultiModalVote","MultiModalLevel"
"1","1001_IEO_NEU_XX","N","69.1","A","92.22","A","64.78"
"2","1001_IEO_SAD_LO","N:S","71.67:70","H","57","H","57.38"
"3","1002_IEO_ANG_HI","A:D:N","50:50:50","H","57","H","57.38"
"""
SIX = ["angry", "disgust", "fear", "happy", "neutral", "sad"]


def test_crema_ds_votes_are_those_by_ear(tmp_path):
    path = tmp_path / "processedResults" / "summaryTable.csv"
    path.parent.mkdir()
    path.write_text(VOTES)
    assert people.vote_files("crema_d", tmp_path) == [path]
    assert people.vote_files("ravdess", tmp_path) == []
    assert people.read_votes(path) == {
        "1001_IEO_NEU_XX": ["neutral"],
        "1001_IEO_SAD_LO": ["neutral", "sad"],
        "1002_IEO_ANG_HI": ["angry", "disgust", "neutral"],
    }
    said, voted = people.known({"own": "crema_d"}, {"own": path}, SIX)
    assert (said["accuracy"], said["source"]) == (0.409, "Cao et al. 2014")
    assert voted["votes"]["own/1001_IEO_SAD_LO"] == ["neutral", "sad"]
    clips = pd.DataFrame({"clip": list(voted["votes"]), "emotion": ["neutral", "sad", "angry"]})
    assert floors.recognised(clips, voted["votes"]).tolist() == [1, 1 / 2, 1 / 3]


@pytest.mark.parametrize(("wrong", "named"), [("VoiceVote", "'VoiceVote'"), ('"N"', "'X'")])
def test_a_table_of_votes_that_is_not_one_is_refused(tmp_path, wrong, named):
    path = tmp_path / "summaryTable.csv"
    path.write_text(VOTES.replace(wrong, '"X"' if wrong == '"N"' else "Vote"))
    with pytest.raises(Refusal, match=f"no column or emotion {named}"):
        people.read_votes(path)


def test_people_are_compared_only_where_they_chose_among_the_same_emotions():
    eight = sorted(ravdess.EMOTIONS.values())
    (known,) = people.known({"ravdess": "ravdess"}, {}, eight)
    assert (known["accuracy"], known["source"]) == (0.624, "Livingstone & Russo 2018")
    assert people.known({"ravdess": "ravdess"}, {}, SIX) == []
    both = people.known({"ravdess": "ravdess", "crema_d": "crema_d"}, {}, SIX)
    assert [row["corpus"] for row in both] == ["crema_d"]
    assert people.known({"tess": "tess", "mine": "manifest", "demo": "demo"}, {}, eight) == []


def test_the_real_votes_of_crema_d(real_speech):
    (path,) = people.vote_files("crema_d", real_speech / "CREMA-D")
    votes = people.read_votes(path)
    assert len(votes) == 7442
    assert votes["1001_IEO_NEU_XX"] == ["neutral"]


TABLE = clip_table(6)
SPLIT = split(TABLE, ["made"], {"by": "actor", "count": 3}, {"by": "actor", "share": 0.3}, seed=17)


def test_labels_are_permuted_within_training_and_within_validation_alone():
    labels = permuted(TABLE, SPLIT, 1, "m", seed=17)
    truth = TABLE.set_index("clip")["emotion"]
    roles = SPLIT[SPLIT["fold"] == 1].set_index("clip")["role"]
    own, same = labels.set_index("clip")["emotion"], labels["clip"].tolist() == sorted(truth.index)
    assert same
    for role in ("train", "validation", "test"):
        clips = roles.index[roles == role]
        assert sorted(own[clips]) == sorted(truth[clips])
        assert (own[clips] == truth[clips]).all() == (role == "test")


def test_the_permutation_is_of_seed_model_and_fold_and_of_no_order():
    labels = permuted(TABLE, SPLIT, 1, "m", seed=17)
    shuffled = TABLE.sample(frac=1, random_state=0)
    turned = SPLIT.iloc[::-1]
    pd.testing.assert_frame_equal(labels, permuted(shuffled, turned, 1, "m", seed=17))
    train = SPLIT.groupby("clip")["role"].agg(lambda roles: (roles == "train").sum() == 2)
    assert train.any()
    for other in (
        permuted(TABLE, SPLIT, 1, "n", seed=17),
        permuted(TABLE, SPLIT, 1, "m", seed=18),
        permuted(TABLE, SPLIT, 2, "m", seed=17),
    ):
        assert (labels["emotion"] != other["emotion"]).any()


def test_permuted_labels_say_nothing_of_the_true_ones():
    """Over many seeds a clip keeps its emotion as often as chance has it."""
    truth = TABLE.sort_values("clip")["emotion"].to_numpy()
    train = SPLIT[(SPLIT["fold"] == 1) & (SPLIT["role"] == "train")]["clip"]
    own = TABLE.sort_values("clip")["clip"].isin(train).to_numpy()
    kept = [
        (permuted(TABLE, SPLIT, 1, "m", seed)["emotion"].to_numpy() == truth)[own].mean()
        for seed in range(200)
    ]
    assert np.mean(kept) == pytest.approx(1 / 4, abs=0.02)


CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())


def resolved(**models) -> dict:
    return resolution.resolve(CONFIG | {"models": CONFIG["models"] | models})


def test_the_setting_stands_beside_what_training_is_given():
    models = resolved()["models"]
    assert models["permuted_logistic_regression"]["labels"] == resolution.PERMUTED
    for name, model in models.items():
        assert "labels" not in model["training"] | model["settings"]
        assert (model["labels"] is True) == (name != "permuted_logistic_regression")
    own, floor = models["logistic_regression"], models["permuted_logistic_regression"]
    assert own | {"labels": None} == floor | {"labels": None}


def test_what_cannot_be_a_floor_is_refused():
    lost = {**CONFIG["models"]["conv1d"], "labels": "permuted"}
    with pytest.raises(Refusal, match=r"fusion_conv1d_mlp.labels: conv1d, whose deep features"):
        resolved(conv1d=lost)
    with pytest.raises(Refusal, match=r"models.svm_rbf.labels: 'shuffled' is not one of"):
        resolved(svm_rbf={**CONFIG["models"]["svm_rbf"], "labels": "shuffled"})
    with pytest.raises(Refusal, match=r"search: unknown key 'labels'"):
        resolved(knn={"estimator": "knn", "features": "acoustic", "search": {"labels": [True]}})
    alone = {**CONFIG["models"]["crnn_attention_searched"], "labels": "permuted"}
    with pytest.raises(Refusal, match=r"ravdess_6fold_search.models: all have permuted labels"):
        resolved(crnn_attention_searched=alone)
