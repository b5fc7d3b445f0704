"""What the report says of emotions, pairs of models and floors, worked out from its tables."""

import json

import pandas as pd
import pytest

from serfusion.report.experiment import content, statistics, statistics_figures
from serfusion.study.resolution import PERMUTED


def pair_rows(*rows, actors: int = 24) -> pd.DataFrame:
    """Return pairs of (model, other, difference, corrected p), intervals a point wide."""
    table = pd.DataFrame(rows, columns=["model", "other", "accuracy_difference", "p_holm"])
    return table.assign(
        accuracy_difference_low=table["accuracy_difference"] - 0.005,
        accuracy_difference_high=table["accuracy_difference"] + 0.005,
        actors=actors,
    )


APART = pair_rows(("a", "b", 0.1, 0.01), ("a", "c", 0.2, 0.001), ("b", "c", 0.1, 0.2))
RANKED = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("pairs", "ranked", "sentence"),
    [
        (pair_rows(), ["a"], "There is one model, and so nothing to tell apart."),
        (
            APART,
            RANKED,
            "2 of 3 pairs of models can be told apart. a, the most accurate, is better than every "
            "other.",
        ),
        (
            APART.assign(p_holm=[0.05, 0.01, 0.01]),
            RANKED,
            "2 of 3 pairs of models can be told apart. a, the most accurate, is better than 1 of "
            "the 2 others; of b that was not shown.",
        ),
        (
            APART.assign(p_holm=[0.5, 0.5, 0.01]),
            RANKED,
            "1 of 3 pairs of models can be told apart. That a, the most accurate, is better than "
            "any other was not shown.",
        ),
        (
            APART.assign(actors=6),
            RANKED,
            "With 6 actors and 3 pairs of models no difference could be shown, however large: the "
            "corrected p cannot be below 0.05.",
        ),
        (
            pair_rows(("a", "b", -0.1, 0.03125), actors=6),
            ["b", "a"],
            "1 of 1 pair of models can be told apart. b, the most accurate, is better than every "
            "other.",
        ),
    ],
)
def test_what_can_be_told_apart(pairs, ranked, sentence):
    assert statistics.verdict(pairs, ranked) == sentence


def test_models_are_named_up_to_a_number():
    assert statistics._names(["a"]) == "a"
    assert statistics._names(["a", "b", "c"]) == "a, b and c"
    assert statistics._names(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def rows_of(chart) -> dict[str, list[dict]]:
    return json.loads(chart.to_json())["datasets"]


def test_the_matrix_has_every_pair_both_ways():
    chart = statistics_figures.pair_matrix(APART, RANKED, 0.05)
    (cells,) = rows_of(chart).values()
    found = {(cell["model"], cell["other"]): cell for cell in cells}
    assert len(found) == 6
    ahead, behind = found["a", "c"], found["c", "a"]
    assert [ahead[key] for key in ("difference", "low", "high", "p")] == [20, 19.5, 20.5, "0.001"]
    assert [behind[key] for key in ("difference", "low", "high")] == [-20, -20.5, -19.5]
    assert (ahead["side"], behind["side"]) == ("row is better", "row is worse")
    assert (ahead["row"], ahead["column"]) == ("1  a", "3")


def test_the_recall_figure_sets_one_model_off_from_the_others_and_from_people():
    classes = pd.DataFrame(
        {"model": ["a", "a", "b", "b"], "emotion": ["happy", "sad"] * 2, "clips": 4}
    ).assign(recall=[0.25, 0.5, 0.75, 1], recall_low=0.1, recall_high=1)
    charts = rows_of(statistics_figures.recalls(classes, "a", {"sad": 0.25}))
    rows = [row for data in charts.values() for row in data]
    assert {(row["who"], row["emotion"], row["recall"]) for row in rows} == {
        ("a", "happy", 25),
        ("a", "sad", 50),
        ("other models", "happy", 75),
        ("other models", "sad", 100),
        ("people, by vote", "sad", 25),
    }
    assert len(rows_of(statistics_figures.recalls(classes, "a", {}))) == 2


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


def experiment(corpora: list[str], reported: dict | None = None) -> content.Experiment:
    study = {
        "corpora": {name: {"title": name.upper()} for name in corpora},
        "datasets": {"d": {"corpora": corpora, "without": []}},
        "models": {"own": {"labels": True}, "lost": {"labels": PERMUTED}},
        "experiments": {"one": {"dataset": "d", "models": ["own", "lost"], "reported": reported}},
    }
    names = ("dataset", "rejected", "folds", "audit", "predictions", "metrics", "records")
    return content.Experiment(
        name="one",
        study=study,
        usable={},
        curves={},
        searches={},
        summary=pd.DataFrame({"model": ["own", "lost"], "accuracy": [0.3, 0.5]}),
        statistics={"floors": FLOORS},
        **dict.fromkeys(names),
    )


def test_a_model_on_permuted_labels_is_a_floor_and_not_compared():
    assert content.compared(experiment(["x"])) == ["own"]
    assert statistics.ranking(experiment(["x"])) == ["own"]


def test_floors_stand_with_their_sources():
    marks = {row["mark"]: row for row in content.marks(experiment(["x"]))}
    assert list(marks) == ["chance", "labels permuted", "people", "people, by vote"]
    assert marks["labels permuted"]["source"] == "lost, trained on shuffled emotions"
    assert marks["people"]["source"] == "them, audio only"
    assert [row["line"] for row in marks.values()] == [True, False, True, True]
    assert statistics.people(FLOORS) == {"sad": 0.2}
    assert statistics.heard(experiment(["x"])) is None


def test_people_who_heard_one_corpus_of_several_are_no_line_in_the_figure():
    reported = {"source": "They", "accuracy": 46, "accuracy_std": 1, "validation_accuracy": 62}
    marks = {row["mark"]: row for row in content.marks(experiment(["x", "y"], reported))}
    assert list(marks)[1:] == [
        "corpus alone",
        "labels permuted",
        "people, X alone",
        "people, by vote, X alone",
        "They, as reported",
    ]
    assert not marks["people, X alone"]["line"]
    assert statistics.heard(experiment(["x", "y"])) == "X"
    said = marks["They, as reported"]
    assert (said["accuracy"], said["accuracy_std"], said["validation_accuracy"]) == (0.46, 1, 62)
    assert marks["chance"]["accuracy_std"] is None
