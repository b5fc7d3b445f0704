"""Floors: chance, majority classes, permuted labels, and what people recognise."""

import pandas as pd
import pytest
import yaml

from serfusion.corpora import ravdess, table_files
from serfusion.errors import Refusal
from serfusion.evaluation import floors, people
from serfusion.study import resolution
from serfusion.study.facts import facts
from serfusion.study.names import PERMUTED
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


NO_PREDICTIONS = pd.DataFrame(columns=["model", "actor", "emotion", "predicted"])


def floor_table(people=(), permuted=NO_PREDICTIONS, dataset=DATASET) -> pd.DataFrame:
    return floors.floor_table(dataset, FOLDS, permuted, list(people), NAMES, 3)


def test_floors_of_a_case_that_can_be_counted():
    """Most training clips are happy; of corpus x, sad. Tested: sad and happy, in either corpus."""
    table = floor_table().set_index("floor")
    assert table.loc["chance", ["clips", "accuracy", "uar"]].tolist() == [4, 0.5, 0.5]
    assert table.loc["majority class", ["accuracy", "uar"]].tolist() == [0.5, 0.5]
    predictions = floors.majority_predictions(DATASET, FOLDS, by_corpus=True)
    assert predictions["predicted"].tolist() == ["sad", "sad", "happy", "happy"]
    assert table.loc["corpus alone", "accuracy"] == 0.5
    uneven = DATASET.assign(emotion=DATASET["emotion"].where(DATASET["clip"] != "e", "sad"))
    table = floor_table(dataset=uneven).set_index("floor")
    assert table.loc["majority class", "accuracy"] == 0.25
    assert table.loc["corpus alone", ["accuracy", "uar"]].tolist() == [0.75, pytest.approx(5 / 6)]


def test_of_equally_common_emotions_the_first_in_the_alphabet_is_predicted():
    even = DATASET[DATASET["clip"].isin(list("bcde"))]
    assert set(floors.majority_predictions(even, FOLDS)["predicted"]) == {"happy"}


def test_each_fold_predicts_the_majority_of_its_training_clips():
    second = FOLDS.assign(fold=2, role=[{"train": "test", "test": "train"}[r] for r in ROLES])
    dataset = DATASET.assign(emotion=["sad"] * 3 + ["happy"] * 2 + ["sad"] * 3 + ["happy"] * 2)
    predictions = floors.majority_predictions(dataset, pd.concat([FOLDS, second]))
    assert predictions.groupby("fold")["predicted"].unique().map(list).to_dict() == {
        1: ["sad"],
        2: ["happy"],
    }


def test_a_corpus_without_training_clips_gets_the_majority_of_all():
    roles = ["test"] * 5 + ["train"] * 4 + ["test"]
    predictions = floors.majority_predictions(DATASET, FOLDS.assign(role=roles), by_corpus=True)
    assert set(predictions["predicted"]) == {"happy"}


def test_a_model_with_permuted_labels_is_a_floor_with_its_interval():
    predictions = DATASET.assign(model="shuffled", predicted="happy")
    row = floor_table(permuted=predictions).set_index("floor").loc["labels permuted"]
    assert row[["model", "clips", "accuracy", "uar"]].tolist() == ["shuffled", 10, 0.6, 0.5]
    assert row["accuracy_low"] < 0.6 < row["accuracy_high"]


def test_what_people_recognise_comes_with_its_source():
    row = floor_table([{"corpus": "x", "accuracy": 0.6, "source": "they"}]).iloc[-1]
    assert row[["floor", "corpus", "accuracy", "source"]].tolist() == ["people", "x", 0.6, "they"]
    assert row[["clips", "accuracy_low", "uar", "emotion"]].isna().all()


def test_votes_are_counted_on_the_tested_clips_and_ties_are_shared():
    votes = {"a": ["sad"], "d": ["sad", "happy"], "e": ["happy"], "i": ["sad"]}
    rows = floor_table([{"corpus": "x", "votes": votes, "source": "file"}])
    rows = rows[rows["floor"] == "people, by vote"]
    assert rows["clips"].tolist() == [2, 1, 1]
    assert rows["accuracy"].tolist() == [0.75, 1, 0.5]
    assert rows["emotion"].fillna("all").tolist() == ["all", "happy", "sad"]
    assert rows["uar"].iloc[0] == 0.75
    assert len(floor_table([{"corpus": "x", "votes": {"z": ["sad"]}, "source": "file"}])) == 3


VOTES = """\
"","FileName","VoiceVote","VoiceLevel","FaceVote","FaceLevel","MultiModalVote","MultiModalLevel"
"1","1001_IEO_NEU_XX","N","69.1","A","92.22","A","64.78"
"2","1001_IEO_SAD_LO","N:S","71.67:70","H","57","H","57.38"
"3","1002_IEO_ANG_HI","A:D:N","50:50:50","H","57","H","57.38"
"""
SIX = ["angry", "disgust", "fear", "happy", "neutral", "sad"]


def test_crema_ds_votes_are_those_for_the_audio_alone(tmp_path):
    path = tmp_path / "processedResults" / "summaryTable.csv"
    path.parent.mkdir()
    path.write_text(VOTES)
    assert table_files(tmp_path, [facts("crema_d").votes]) == [path]
    assert facts("ravdess").votes is None
    assert people.read_votes(path) == {
        "1001_IEO_NEU_XX": ["neutral"],
        "1001_IEO_SAD_LO": ["neutral", "sad"],
        "1002_IEO_ANG_HI": ["angry", "disgust", "neutral"],
    }
    reported, voted = people.recognition({"mine": "crema_d"}, {"mine": path}, SIX)
    assert (reported["accuracy"], reported["source"]) == (0.409, "Cao et al. 2014")
    assert voted["votes"]["mine/1001_IEO_SAD_LO"] == ["neutral", "sad"]
    clips = pd.DataFrame({"clip": list(voted["votes"]), "emotion": ["neutral", "sad", "angry"]})
    assert floors.vote_accuracy(clips, voted["votes"]).tolist() == [1, 1 / 2, 1 / 3]


@pytest.mark.parametrize(("wrong", "named"), [("VoiceVote", "'VoiceVote'"), ('"N"', "'X'")])
def test_a_malformed_table_of_votes_is_refused(tmp_path, wrong, named):
    path = tmp_path / "summaryTable.csv"
    path.write_text(VOTES.replace(wrong, '"X"' if wrong == '"N"' else "Vote"))
    with pytest.raises(Refusal, match=f"no column or emotion {named}"):
        people.read_votes(path)


def test_people_are_compared_only_where_they_chose_among_the_same_emotions():
    eight = sorted(ravdess.EMOTIONS.values())
    (reported,) = people.recognition({"ravdess": "ravdess"}, {}, eight)
    assert (reported["accuracy"], reported["source"]) == (0.624, "Livingstone & Russo 2018")
    assert people.recognition({"ravdess": "ravdess"}, {}, SIX) == []
    both = people.recognition({"ravdess": "ravdess", "crema_d": "crema_d"}, {}, SIX)
    assert [row["corpus"] for row in both] == ["crema_d"]
    assert people.recognition({"tess": "tess", "mine": "manifest", "demo": "demo"}, {}, eight) == []


def test_the_real_votes_of_crema_d(real_corpus):
    tables = table_files(real_corpus("CREMA-D"), [facts("crema_d").votes])
    if not tables:
        pytest.skip("this copy of CREMA-D is without its table of votes")
    votes = people.read_votes(tables[0])
    assert len(votes) == 7442
    assert votes["1001_IEO_NEU_XX"] == ["neutral"]


CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())


def resolved(**models) -> dict:
    return resolution.resolve(CONFIG | {"models": CONFIG["models"] | models})


def test_the_setting_stands_beside_what_training_is_given():
    models = resolved()["models"]
    assert models["permuted_logistic_regression"]["labels"] == PERMUTED
    for name, model in models.items():
        assert "labels" not in model.get("training", {}) | model.get("settings", {})
        assert (model.get("labels", True) is True) == (not name.startswith("permuted_"))
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
