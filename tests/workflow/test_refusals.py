"""Bad input, through Snakemake: one plain sentence, and nothing that was computed is lost."""

import os

import pytest

from serfusion.study import entries
from speech import voice
from studies import refused, said

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("modles", {}, "config.yaml: unknown key 'modles'; did you mean 'models'?"),
        (
            "experiments.small.models",
            ["conv2d"],
            "experiments.small.models: nothing is called 'conv2d'; did you mean 'conv1d'?",
        ),
        (
            "corpora.ravdess",
            {"path": "/no/such/folder"},
            "corpora.ravdess.path: there is no folder /no/such/folder; set it to the folder that "
            "holds the corpus, or to null.",
        ),
    ],
)
def test_a_mistake_in_the_configuration(study, place, value, sentence):
    study.set(place, value)
    assert sentence in refused(study, "-n")


def test_an_impossible_number_of_folds_loses_nothing(finished, tmp_path):
    study = finished.copy(tmp_path / "study")
    study.set("experiments.small.folds.count", 5)
    assert ("5 folds by actor are too many for 4 actors: set folds.count to at most 4.") in refused(
        study
    )
    study.set("experiments.small.folds.count", 2)
    assert study.would_run() == {}


def test_an_impossible_number_of_folds_in_a_first_run(study):
    study.set("experiments.small.folds.count", 5)
    (sentence,) = said(refused(study, "results/small/folds.parquet"))
    assert sentence.startswith("5 folds by actor are too many for 4")


@pytest.mark.parametrize("take", ["take {2}", "take <b>"])
def test_a_file_whose_name_snakemake_cannot_read(study, write_clip, tmp_path, take):
    write_clip("Actor_01/03-01-01-01-01-01-01.wav", voice(1, 16000))
    file = write_clip(f"Actor_01/{take}.wav", voice(1, 16000))
    study.set("corpora.ravdess", {"path": str(tmp_path / "Actor_01")})
    study.set("datasets.demo.corpora", ["ravdess"])
    (sentence,) = {line for line in refused(study, "-n") if "braces" in line}
    assert sentence.endswith(
        f"corpora.ravdess: {file} has braces or angle brackets in its name, which Snakemake cannot "
        "read; rename it."
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(study):
    (study / "results").mkdir(mode=0o500)
    assert any(
        "ermission denied" in line for line in refused(study, "results/datasets/demo.parquet")
    )


def test_the_small_study_is_a_study(study):
    assert entries.load(study.config).experiments["small"].validation["by"] == "actor"
