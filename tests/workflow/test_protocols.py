"""The study's own experiments, run whole on synthetic speech in the corpora's layouts."""

import json
import re
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
import yaml

from speech import voice
from studies import ROOT, Study, new_study, refused

pytestmark = pytest.mark.slow

CORPORA = ("ravdess", "crema_d", "savee", "tess", "iemocap")
SUPERSET = "results/superset_11fold"
IEMOCAP = "results/iemocap_5fold"


def plain(page: str) -> str:
    """Return the words of a report, without its scripts and markup."""
    page = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page).replace("\xa0", " ")))


def report(study: Study, experiment: str) -> str:
    return plain((study / f"results/{experiment}/report.html").read_text())


def the_study() -> dict:
    return yaml.safe_load((ROOT / "config.yaml").read_text())


@pytest.fixture(scope="session")
def protocols(tmp_path_factory) -> Study:
    """The study as it stands, on few and synthetic clips with one model, two experiments run.

    Of the eleven folds there is what was split, and no model.
    """
    study = new_study(tmp_path_factory.mktemp("protocols") / "study")
    config = the_study()
    for corpus in CORPORA:
        config["corpora"][corpus] = {"synthetic": {"clips_per_actor": 7}}
    for model in config["models"].values():
        model.pop("search", None)
    for experiment in config["experiments"].values():
        experiment |= {"augment": ["noise"], "models": ["logistic_regression"]}
        experiment.pop("reported", None)
    config["comparisons"] = {}
    study.config = config
    whole = [f"results/{name}/report.html" for name in ("superset_holdout", "iemocap_5fold")]
    study.snakemake("--cores", "2", f"{SUPERSET}/audit.json", *whole)
    return study


def audit(study: Study, experiment: str) -> dict:
    return json.loads((study / f"results/{experiment}/audit.json").read_text())


def test_the_superset_has_121_actors_in_eleven_folds_of_eleven_and_six_emotions(protocols):
    folds = audit(protocols, "superset_11fold")["folds"]
    tested = [fold["actors"]["test"] for fold in folds]
    assert [len(actors) for actors in tested] == [11] * 11
    assert len({actor for actors in tested for actor in actors}) == 121
    assert tested[0] == [f"ravdess/{number:02d}" for number in range(1, 12)]
    assert tested[-1][-2:] == ["tess/OAF", "tess/YAF"]
    dataset = pd.read_parquet(protocols / "results/datasets/superset.parquet")
    emotions = {"angry", "disgust", "fear", "happy", "neutral", "sad"}
    assert set(dataset["emotion"]) == emotions
    assert (dataset.groupby("actor")["emotion"].nunique() == 6).mean() > 0.9


def test_iemocap_is_tested_a_session_at_a_time_on_four_emotions(protocols):
    folds = audit(protocols, "iemocap_5fold")["folds"]
    assert [fold["actors"]["test"] for fold in folds] == [
        [f"iemocap/{session:02d}F", f"iemocap/{session:02d}M"] for session in range(1, 6)
    ]
    dataset = pd.read_parquet(protocols / "results/datasets/iemocap.parquet")
    assert set(dataset["emotion"]) == {"angry", "happy", "neutral", "sad"}
    clips = pd.read_parquet(protocols / "results/corpora/iemocap/clips.parquet")
    assert "excited" in set(clips["emotion"])
    assert clips["sentence"].str.match("impro|script").all()


def reasons(study: Study, corpus: str) -> dict[str, str]:
    rejected = pd.read_csv(study / f"results/corpora/{corpus}/rejected.csv")
    return {
        path.rpartition("/")[2]: reason
        for path, reason in zip(rejected["path"], rejected["reason"], strict=True)
    }


def clips(study: Study, corpus: str) -> pd.DataFrame:
    return pd.read_parquet(study / f"results/corpora/{corpus}/clips.parquet").set_index("clip")


def test_ravdess_faults_are_handled(protocols):
    why = reasons(protocols, "ravdess")
    assert why["03-01-03-01-02-02-07.wav"] == "duplicate of ravdess/03-01-03-01-02-01-07"
    copies = [reason for reason in why.values() if reason.startswith("duplicate of")]
    assert len(copies) == len(why) > 7
    assert clips(protocols, "ravdess")["actor"].nunique() == 24


def test_crema_d_faults_are_handled(protocols):
    why = reasons(protocols, "crema_d")
    assert why["1076_MTI_SAD_XX.wav"] == "silent"
    doubles = {name for name, reason in why.items() if "same audio under two labels" in reason}
    pairs = {"1006_TIE_HAP", "1006_TIE_NEU", "1013_WSI_DIS", "1013_WSI_SAD"}
    assert doubles == {f"{name}_XX.wav" for name in {*pairs, "1017_IWW_ANG", "1017_IWW_FEA"}}
    table = clips(protocols, "crema_d")
    assert table.loc["crema_d/1040_ITH_SAD_XX", "path"].endswith("1040_ITH_SAD_X.wav")
    assert table.groupby("gender")["actor"].nunique().to_dict() == {"female": 43, "male": 48}


def test_tess_faults_are_handled(protocols):
    table = clips(protocols, "tess")
    assert table.loc["tess/OAF_bite_neutral", "path"].endswith("OA_bite_neutral.wav")
    assert set(table["actor"]) == {"tess/OAF", "tess/YAF"}
    assert 96000 in set(table["sample_rate_hz"])
    assert all(reason.startswith("duplicate of") for reason in reasons(protocols, "tess").values())


def test_iemocap_faults_are_handled(protocols):
    why = set(reasons(protocols, "iemocap").values())
    assert why <= {"a whole dialogue, not a turn of it", "its raters did not agree on an emotion"}
    assert "a whole dialogue, not a turn of it" in why


def test_the_reports_say_what_they_are_of(protocols):
    words = report(protocols, "superset_holdout")
    assert "RAVDESS, CREMA-D, SAVEE and TESS were synthesised with eSpeak NG" in words
    assert "Incomplete dataset" not in words
    assert re.search(r"SAVEE male (\d+ ){6}", words)
    words = report(protocols, "iemocap_5fold")
    assert "5 folds, leaving one session out in each" in words


def test_an_experiment_runs_without_a_corpus_and_says_so(protocols, tmp_path):
    study = protocols.copy(tmp_path / "study")
    study.set("datasets.superset.without", ["savee"])
    study.set("datasets.cross_corpus.without", ["savee"])
    study.set("experiments.superset_11fold.folds.count", 3)
    study.snakemake(f"{SUPERSET}/report.html", "results/cross_corpus/report.html")
    for experiment in ("superset_11fold", "cross_corpus"):
        words = report(study, experiment)
        assert "Incomplete dataset. SAVEE belongs to the dataset and was not available." in words
    tested = [fold["actors"]["test"] for fold in audit(study, "superset_11fold")["folds"]]
    assert [len(actors) for actors in tested] == [39, 39, 39]
    (fold,) = audit(study, "cross_corpus")["folds"]
    assert fold["actors"]["test"] == ["tess/OAF", "tess/YAF"]
    assert {actor.partition("/")[0] for actor in fold["actors"]["train"]} == {"ravdess", "crema_d"}


def test_a_random_split_by_clip_is_called_optimistic(protocols, tmp_path):
    study = protocols.copy(tmp_path / "study")
    study.set("experiments.ravdess_random_by_clip.folds.count", 2)
    study.snakemake("results/ravdess_random_by_clip/report.html")
    words = report(study, "ravdess_random_by_clip")
    assert "Optimistic test." in words
    assert "never heard its speaker" not in words
    assert audit(study, "ravdess_random_by_clip")["optimistic_test"]


@pytest.mark.parametrize(
    ("experiment", "folds"),
    [("ravdess_emobox", 6), ("crema_d_5fold", 5), ("superset_holdout", 1)],
)
def test_listed_actors_are_those_of_the_corpora(protocols, tmp_path, experiment, folds):
    study = protocols.copy(tmp_path / "study")
    study.snakemake(f"results/{experiment}/folds.parquet")
    tested = [fold["actors"]["test"] for fold in audit(study, experiment)["folds"]]
    assert len(tested) == folds
    if experiment == "superset_holdout":
        assert tested == [[f"ravdess/{number:02d}" for number in range(1, 5)]]
    else:
        actors = clips(study, experiment.partition("_5")[0].partition("_emo")[0])["actor"]
        assert sorted(actor for group in tested for actor in group) == sorted(set(actors))


LEFT_OUT = (
    "Left out: iemocap_5fold. IEMOCAP is given to registered users only: ask for it at "
    "https://sail.usc.edu/iemocap/iemocap_release.htm and set corpora.iemocap.path to your copy."
)


def test_a_dry_run_of_everything_says_once_what_is_left_out(tmp_path):
    study = new_study(tmp_path / "study")
    study.config = the_study()
    said = study.snakemake("-n").stdout
    assert said.count(LEFT_OUT) == 1
    assert said.count("ask for it at") == 2
    assert "results/crema_d_5fold/report.html" in said
    assert "results/superset_11fold/report.html" not in said


def test_a_run_of_everything_leaves_out_what_cannot_be_had(study):
    study.set("corpora.iemocap", {})
    study.set("datasets.iemocap", {"corpora": ["iemocap"]})
    wanted = {"dataset": "iemocap", "folds": {"by": "session", "leave_one_out": 5}}
    study.set("experiments.iemocap_5fold", wanted | {"models": ["logistic_regression"]})
    study.set("experiments.small.models", ["logistic_regression"])
    study.set("experiments.small.augment", [])
    study.set("comparisons", {})
    said = study.snakemake().stdout
    assert said.count(LEFT_OUT) == 1
    assert (study / "results/small/report.html").exists()
    assert study.would_run() == {}


def test_what_cannot_be_had_is_refused_in_one_sentence_when_it_is_asked_for(study):
    study.config = the_study()
    assert refused(study, f"{IEMOCAP}/report.html")[-1] == (
        "IEMOCAP is given to registered users only: ask for it at "
        "https://sail.usc.edu/iemocap/iemocap_release.htm and set corpora.iemocap.path to your "
        "copy, or list it under `without` in the datasets that have it."
    )


LABEL_MAP = {"Wut": "angry", "Freude": "happy", "NA": "neutral"}


@pytest.fixture
def own_corpus(study, write_clip):
    """A manifest in German: four speakers, two of unknown gender; pandas would call NA missing."""
    rows = ["path,actor,emotion,gender"]
    for actor, gender in (("anna", "female"), ("bert", "male"), ("cem", ""), ("dora", "")):
        for number, emotion in enumerate(["Wut", "Freude", "NA"] * 3):
            name = f"{actor}_{number}.wav"
            write_clip(f"ton/{name}", voice(1.2, 16000, len(rows)))
            rows.append(f"ton/{name},{actor},{emotion},{gender}")
    path = write_clip("mine.wav", voice(1, 8000)).with_suffix(".csv")
    path.write_text("\n".join(rows))
    corpus = {"manifest": str(path), "label_map": LABEL_MAP}
    study.set("corpora", {"mine": corpus})
    study.set("datasets", {"mine": {"corpora": ["mine"]}})
    study.set("models.by_gender", {"estimator": "logistic_regression", "features": "gender"})
    small = study.config["experiments"]["small"]
    own = {"dataset": "mine", "augment": [], "models": ["logistic_regression", "by_gender"]}
    study.set("experiments", {"small": small | own})
    study.set("comparisons", {})
    return study


def test_a_corpus_of_ones_own_from_csv_to_report(own_corpus):
    study = own_corpus
    study.snakemake("results/small/report.html")
    words = report(study, "small")
    assert "Unknown for 18 clips, whose gender feature is 0.5." in words
    predictions = pd.read_parquet(study / "results/small/predictions.parquet")
    assert set(predictions["emotion"]) == {"angry", "happy", "neutral"}
    gender = pd.read_parquet(study / "results/features/gender/mine/original.parquet")
    values = gender.groupby(gender["clip"].str.extract(r"ton/(\w+)_", expand=False))["gender"]
    assert values.agg(set).to_dict() == {"anna": {0}, "bert": {1}, "cem": {0.5}, "dora": {0.5}}
    assert study.would_run("results/small/report.html") == {}


def test_an_edited_manifest_is_read_again(own_corpus):
    study = own_corpus
    study.snakemake("results/datasets/mine.parquet")
    manifest = study.config["corpora"]["mine"]["manifest"]
    study.set("corpora.mine.label_map", {"Wut": "angry"})
    assert study.would_run("results/datasets/mine.parquet") == {"clips": 1, "dataset": 1}
    study.set("corpora.mine.label_map", LABEL_MAP)
    assert study.would_run("results/datasets/mine.parquet") == {}
    with Path(manifest).open("a") as file:
        file.write("\nton/gone.wav,anna,Wut,female")
    assert study.would_run("results/datasets/mine.parquet") == {"clips": 1, "dataset": 1}


def test_a_manifest_that_makes_no_sense_is_refused_in_one_sentence(own_corpus, tmp_path):
    study = own_corpus
    (tmp_path / "bad.csv").write_text("path,speaker,emotion\na.wav,1,angry\n")
    study.set("corpora.mine.manifest", str(tmp_path / "bad.csv"))
    assert refused(study, "results/small/report.html")[-1] == (
        f"{tmp_path}/bad.csv has no column 'actor'; its columns are path, speaker, emotion."
    )
