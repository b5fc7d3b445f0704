"""The words of the report that are worked out from tables."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from experiments import random_experiment
from serfusion.report.experiment import content, figures
from serfusion.report.experiment.page import render
from speech import clip_table

CORPORA = {
    "z": {"kind": "tess", "title": "The Zs", "licence": None, "citation": None, "synthetic": {}},
    "a": {"kind": "tess", "title": None, "licence": "free", "citation": "me", "synthetic": None},
    "gone": {"kind": "tess", "title": "Gone", "synthetic": None},
}


def experiment(folds=None, **tables) -> content.Experiment:
    dataset = {"corpora": ["z", "a", "gone"], "without": ["gone"]}
    study = {
        "corpora": CORPORA,
        "datasets": {"both": dataset},
        "experiments": {"one": {"dataset": "both", "folds": folds}},
    }
    clips = pd.concat([clip_table(12, corpus="a"), clip_table(3, corpus="z")], ignore_index=True)
    clips.loc[clips["actor"] == "z/003", "gender"] = None
    names = ("rejected", "folds", "audit", "predictions", "metrics", "summary", "records", "curves")
    names = (*names, "searches", "statistics")
    empty = dict.fromkeys(names) | {"usable": {"z": 24, "a": 96}}
    return content.Experiment(name="one", study=study, dataset=clips, **empty | tables)


def test_figures_of_many_folds_and_epochs_are_drawn():
    """Altair refuses tables of more than 5,000 rows unless it is told not to."""
    table = pd.DataFrame({"epoch": range(1, 111)}).merge(
        pd.Series(range(24), name="fold"), how="cross"
    )
    curves = [
        f"{role}_{metric}" for role in ("train", "validation") for metric in ("loss", "accuracy")
    ]
    figure = figures.training_curves(
        table.assign(**dict.fromkeys(curves, 0.5)), "m", "loss"
    ).to_dict()
    assert max(map(len, figure["datasets"].values())) == 24 * 110 * 2


def test_no_page_says_nan_of_a_single_actor_or_an_emotion_that_is_not_tested():
    answered, failures = random_experiment(models=2, folds=3)
    summary, by_class = answered.summary.copy(), answered.statistics["classes"].copy()
    summary.loc[:, summary.columns.str.contains("_low|_high|_std")] = float("nan")
    by_class.loc[by_class["emotion"] == "sad", by_class.columns.str.contains("recall|f1")] = float(
        "nan"
    )
    tables = answered.statistics | {"classes": by_class}
    page = render(replace(answered, summary=summary, statistics=tables), failures)
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S))
    assert not re.findall(r"\bnan\b", words)
    assert words.count("not tested") == 2 * 3, "recall and F1; of two models the best stands twice"


def test_clips_are_counted_by_corpus_gender_and_emotion():
    counts = content.clip_counts(experiment())
    assert counts.index.tolist() == [
        ("The Zs", "female"),
        ("The Zs", "gender unknown"),
        ("The Zs", "male"),
        ("a", "female"),
        ("a", "male"),
        ("all", ""),
    ]
    assert counts.loc[("The Zs", "gender unknown")].tolist() == [2, 2, 2, 2, 8]
    assert counts.loc[("all", "")].tolist() == [30, 30, 30, 30, 120]


def test_corpora_are_described_as_far_as_they_are_known():
    first, second = content.corpus_rows(experiment())
    assert (first["title"], first["licence"]) == ("The Zs", "not stated")
    assert first["actors"] == "1 female, 1 male, 1 unknown"
    assert (second["title"], second["citation"], second["clips"]) == ("a", "me", 96)
    assert content.missing_corpora(experiment()) == ["Gone"]
    assert content.synthetic_corpora(experiment()) == ["The Zs"]
    assert content.incomplete_corpora(experiment()) == ["96 of 2,800 clips of a"]
    assert content.incomplete_corpora(experiment(usable={"z": 24, "a": 2790})) == []
    assert content.clips_without_gender(experiment()) == 8


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (None, "from scratch, without ImageNet weights"),
        ("imagenet", "from ImageNet weights (vgg16-397923af.pth)"),
        ("mine.pth", "from weights of your own (vgg16-397923af.pth)"),
    ],
)
def test_a_network_says_which_weights_it_started_from(weights, words):
    started = {"image": "vgg16-397923af.pth", "plain": "scratch"}
    records = pd.DataFrame({"model": list(started), "initial_weights": list(started.values())})
    described = experiment(records=records)
    image = {"network": "vgg16", "features": "mel", "weights": weights}
    described.study["models"] = {"image": image, "plain": {"network": "mlp", "features": "mel"}}
    assert content.initial_weights(described, "image") == words
    assert content.initial_weights(described, "plain") is None


@pytest.mark.parametrize(
    ("actors", "words"),
    [
        (["a/001", "a/002", "a/003", "a/004"], "a 001–004"),
        (["a/011", "a/012", "z/001"], "z 001; a 011, 012"),
        (["a/001", "a/003", "a/004", "a/005", "a/009"], "a 001, 003–005, 009"),
    ],
)
def test_actors_that_follow_one_another_are_a_range(actors, words):
    assert content.actors_in_words(experiment(), actors) == words


def test_what_was_tried_is_counted_over_folds():
    tables = [
        {"C": [1, 5], "validation_accuracy": [0.5, 0.75], "chosen": [False, True], "fold": 1},
        {"C": [1, 5], "validation_accuracy": [0.6, 0.55], "chosen": [True, False], "fold": 2},
        {"C": [1, 5], "validation_accuracy": [0.4, 0.5], "chosen": [False, True], "fold": 3},
    ]
    given = experiment(searches={"svm": pd.concat(map(pd.DataFrame, tables), ignore_index=True)})
    given.study["models"] = {"svm": {"search": {"C": [1, 5]}}, "plain": {"search": {}}}
    tried = content.tried(given)
    assert list(tried) == ["svm", "plain"]
    assert [(row["settings"], row["chosen"]) for row in tried["svm"]] == [
        ("C = 1", 1),
        ("C = 5", 2),
    ]
    assert [row["accuracy"] for row in tried["svm"]] == pytest.approx([0.5, 0.6])
    assert tried["plain"] == []


@pytest.mark.parametrize(
    ("folds", "words"),
    [
        ({"by": "actor", "count": 6}, "6 of consecutive actors, each tested once"),
        ({"by": "session", "leave_one_out": 5}, "5, each session tested alone in turn"),
        (
            {"by": "actor", "stratified": 3},
            "3 of actors alike in corpora, genders and emotions, each tested once",
        ),
        ({"by": "corpus", "test": [["a"]]}, "1, which test what is listed and train on the rest"),
        (
            {"by": "clip", "count": 4},
            "4 of random clips, as many of each emotion in each; speakers on both sides",
        ),
    ],
)
def test_folds_in_words(folds, words):
    assert content.fold_words(experiment(folds)) == words
