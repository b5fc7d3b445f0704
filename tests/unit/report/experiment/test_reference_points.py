"""Floors, people and reported figures, which the models are compared with."""

import pandas as pd

from experiments import results_of
from protocols import made_up_study, settings
from serfusion.report.experiment import emotions_and_pairs
from serfusion.report.experiment.reference_points import reference_points
from serfusion.report.experiment.results import Results
from serfusion.study.names import PERMUTED

FLOORS = pd.DataFrame(
    {
        "floor": ["chance", "corpus alone", "labels permuted", "people", *["people, by vote"] * 2],
        "model": [None, None, "lost", None, None, None],
        "corpus": [None, None, None, "x", "x", "x"],
        "emotion": [None] * 5 + ["sad"],
        "accuracy": [0.125, 0.2, 0.13, 0.4, 0.45, 0.2],
        "source": ["one of 8", "its corpus", "trained on shuffled emotions", "them", "votes", "v"],
    }
).assign(accuracy_low=float("nan"), accuracy_high=float("nan"), uar=float("nan"))


def results(corpora: list[str], reported: dict | None = None) -> Results:
    study = made_up_study(
        {name: {"title": name.upper()} for name in corpora},
        {"d": {"corpora": corpora}},
        {"kept": {}, "lost": {"labels": PERMUTED}},
        {"one": settings(dataset="d", models=["kept", "lost"], reported=reported)},
    )
    summary = pd.DataFrame({"model": ["kept", "lost"], "accuracy": [0.3, 0.5]})
    return results_of(study, summary=summary, floors=FLOORS)


def test_a_model_on_permuted_labels_is_a_floor_and_not_compared():
    assert results(["x"]).compared == ["kept"]
    assert emotions_and_pairs.ranked(results(["x"])) == ["kept"]


def test_floors_stand_with_their_sources():
    points = {row["name"]: row for row in reference_points(results(["x"]))}
    assert list(points) == ["chance", "labels permuted", "people", "people, by vote"]
    assert points["labels permuted"]["source"] == "lost, trained on shuffled emotions"
    assert points["people"]["source"] == "them, audio only"
    assert [row["line"] for row in points.values()] == [True, False, True, True]
    assert emotions_and_pairs.people(FLOORS) == {"sad": 0.2}
    assert emotions_and_pairs.heard_corpus(results(["x"])) is None


def test_people_who_heard_one_corpus_of_several_are_no_line_in_the_figure():
    reported = {
        "source": "They",
        "model": None,
        "accuracy": 46,
        "accuracy_std": 1,
        "validation_accuracy": 62,
    }
    points = {row["name"]: row for row in reference_points(results(["x", "y"], reported))}
    assert list(points)[1:] == [
        "corpus alone",
        "labels permuted",
        "people, X alone",
        "people, by vote, X alone",
        "They, as reported",
    ]
    assert not points["people, X alone"]["line"]
    assert emotions_and_pairs.heard_corpus(results(["x", "y"])) == "X"
    point = points["They, as reported"]
    assert (point["accuracy"], point["accuracy_std"], point["validation_accuracy"]) == (0.46, 1, 62)
    assert points["chance"]["accuracy_std"] is None
