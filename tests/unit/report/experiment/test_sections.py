"""What the sections on data, scores, search and audit say, worked out from tables."""

import pandas as pd
import pytest

from experiments import HONEST, results_of
from protocols import made_up_study, settings
from serfusion.report.experiment import audit, cautions, data, scores, search
from serfusion.report.experiment.results import Results
from serfusion.report.page.protocol import caveats
from speech import clip_table

CORPORA = {
    "z": {"title": "The Zs", "synthetic": {}},
    "a": {"licence": "free", "citation": "me"},
    "gone": {"title": "Gone"},
}
WEIGHTS = "vgg16-397923af.pth"


def results(models: dict | None = None, **tables) -> Results:
    study = made_up_study(
        CORPORA,
        {"both": {"corpora": ["z", "a", "gone"], "without": ["gone"]}},
        models or {},
        {"one": settings(dataset="both", models=models or ())},
    )
    clips = pd.concat([clip_table(12, corpus="a"), clip_table(3, corpus="z")], ignore_index=True)
    clips.loc[clips["actor"] == "z/003", "gender"] = None
    return results_of(study, **{"dataset": clips, "usable_clips": {"z": 24, "a": 96}} | tables)


def test_clips_are_counted_by_corpus_gender_and_emotion():
    counts = data.clip_counts(results())
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
    first, second = data.corpus_rows(results())
    assert (first["title"], first["licence"]) == ("The Zs", "not stated")
    assert first["actors"] == "1 female, 1 male, 1 unknown"
    assert (second["title"], second["citation"], second["clips"]) == ("a", "me", 96)
    assert caveats(results()).missing == ["Gone"]
    assert caveats(results()).synthetic == ["The Zs"]
    assert caveats(results()).incomplete == ["96 of 2,800 clips of a"]
    assert caveats(results(usable_clips={"z": 24, "a": 2790})).incomplete == []
    rejected = pd.DataFrame({"path": [], "reason": []})
    assert data.section(results(rejected=rejected))["without_gender"] == 8


def test_encoders_are_described_as_far_as_they_are_known():
    encoder = {"kind": "encoder", "layers": [4, 5], "frames": None, "precision": "int8"}
    nowhere = encoder | {"model": None, "revision": None, "path": None}
    features = {
        "whisper": nowhere | {"model": "openai/whisper-small", "revision": "9" * 40},
        "other": nowhere | {"model": "somebody/else", "revision": "8" * 40},
        "mine": nowhere | {"path": "models/mine"},
        "acoustic": {"kind": "acoustic"},
    }
    datasets = {"both": {"corpora": ["a"]}}
    experiments = {"one": settings(dataset="both", models=[])}
    study = made_up_study(CORPORA, datasets, {}, experiments, features=features)
    whisper, other, mine = data.encoder_rows(results_of(study))
    assert whisper["title"] == "Whisper small"
    assert whisper["citation"].startswith("Radford et al.")
    assert (whisper["licence"], whisper["parameters"]) == ("Apache-2.0", 244_000_000)
    assert (whisper["layers"], whisper["precision"]) == ([4, 5], "int8")
    assert (other["title"], other["licence"], other["parameters"]) == ("somebody/else", None, None)
    assert (mine["title"], mine["path"]) == ("your own", "models/mine")


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (None, "from scratch, without ImageNet weights"),
        ("imagenet", f"from ImageNet weights ({WEIGHTS})"),
        ("mine.pth", f"from weights of your own ({WEIGHTS})"),
    ],
)
def test_a_network_says_which_weights_it_started_from(weights, words):
    records = pd.DataFrame({"model": ["image", "plain"], "initial_weights": [WEIGHTS, "scratch"]})
    models = {"image": {"network": "vgg16", "weights": weights}, "plain": {"network": "mlp"}}
    experiment = results(models, records=records)
    assert scores.initial_weights(experiment.study.models["image"], experiment) == words
    assert scores.initial_weights(experiment.study.models["plain"], experiment) is None


@pytest.mark.parametrize(
    ("actors", "words"),
    [
        (["a/001", "a/002", "a/003", "a/004"], "a 001–004"),
        (["a/011", "a/012", "z/001"], "z 001; a 011, 012"),
        (["a/001", "a/003", "a/004", "a/005", "a/009"], "a 001, 003–005, 009"),
    ],
)
def test_actors_that_follow_one_another_are_a_range(actors, words):
    assert audit.actor_ranges(results(), actors) == words


def test_what_was_tried_is_counted_over_folds():
    tables = [
        {"C": [1, 5], "validation_accuracy": [0.5, 0.75], "chosen": [False, True], "fold": 1},
        {"C": [1, 5], "validation_accuracy": [0.6, 0.55], "chosen": [True, False], "fold": 2},
        {"C": [1, 5], "validation_accuracy": [0.4, 0.5], "chosen": [False, True], "fold": 3},
    ]
    models = {"svm": {"search": {"C": [1, 5]}}, "plain": {}}
    searches = {"svm": pd.concat(map(pd.DataFrame, tables), ignore_index=True)}
    rows = search.candidate_rows(results(models, searches=searches))
    assert list(rows) == ["svm", "plain"]
    assert [(row["hyperparameters"], row["chosen"]) for row in rows["svm"]] == [
        ("C = 1", 1),
        ("C = 5", 2),
    ]
    assert [row["accuracy"] for row in rows["svm"]] == pytest.approx([0.5, 0.6])
    assert rows["plain"] == []


WINDOW = {"kind": "acoustic", "offset_s": 0.6, "duration_s": 2.5, "trim_db": None}


def test_what_windows_hear_is_shown():
    experiment = results({"plain": {"network": "mlp", "features": "acoustic"}})
    experiment.study.features.update(acoustic=WINDOW, gender={"kind": "gender"})
    clips = experiment.dataset
    assert data.window_rows(experiment) == [
        {
            "features": "acoustic",
            "window": "0.6 s to 3.1 s",
            "seen": pytest.approx(0.9),
            "half": 0,
            "silent": 0,
        }
    ]
    clips.loc[:2, ["sound_start_s", "sound_end_s", "duration_s"]] = [3.2, 3.9, 4.0]
    clips.loc[3, ["sound_end_s", "duration_s"]] = [60.0, 60.0]
    (row,) = data.window_rows(experiment)
    assert (row["half"], row["silent"]) == (4, 3)
    assert row["seen"] == pytest.approx((116 * 0.9 + 2.5) / (116 + 3 * 0.7 + 59.5))
    experiment.study.features["acoustic"] = WINDOW | {"trim_db": 40}
    (row,) = data.window_rows(experiment)
    assert row["window"] == "0.6 s to 3.1 s of the clip without silence at its ends"
    assert row["silent"] == 0


def test_an_emotion_that_was_never_trained_on_is_named():
    folds = [
        {"fold": 1, "not_trained": ["sad"]},
        {"fold": 2, "not_trained": []},
        {"fold": 3, "not_trained": ["calm", "sad"]},
    ]
    said = cautions._emotions(results(audit=HONEST | {"folds": folds}))
    assert said == [
        "That sad is hard to recognise: folds 1 and 3 test it without a training clip of it, so "
        "that no answer can be right.",
        "That calm is hard to recognise: fold 3 tests it without a training clip of it, so that no "
        "answer can be right.",
    ]
