"""The paragraph of findings: each sentence with the figures that call for it, and without."""

import numpy as np
import pandas as pd
import pytest

from serfusion.report import content
from serfusion.report.findings import against, findings, ranked

REPORTED = {"source": "The Paper", "model": "b", "accuracy": 46}
MARKS = {"chance": 0.125, "people": 0.624}


def experiment(
    *models,
    reported=None,
    actors=24,
    optimistic_test=False,
    optimistic_validation=False,
    without=(),
    kind="ravdess",
    synthetic=None,
    usable=1439,
):
    """An experiment whose models are given as (name, validation, accuracy, low, high)."""
    corpora = {
        "one": {"kind": kind, "title": "One", "synthetic": synthetic, "path": None},
        "gone": {"kind": "savee", "title": "Gone", "synthetic": None, "path": None},
    }
    dataset = {"corpora": ["one", *without], "without": list(without)}
    study = {
        "corpora": corpora,
        "datasets": {"set": dataset},
        "experiments": {"tried": {"dataset": "set", "reported": reported}},
    }
    metrics = [
        {"model": name, "fold": fold, "role": "validation", "accuracy": validation + shift}
        for name, validation, *_ in models
        for fold, shift in ((1, 0.02), (2, -0.02))
    ]
    columns = ["model", "accuracy", "accuracy_low", "accuracy_high"]
    summary = pd.DataFrame([(name, *rest) for name, _, *rest in models], columns=columns)
    tables = dict.fromkeys(("dataset", "rejected", "folds", "records", "curves", "searches"))
    return content.Experiment(
        name="tried",
        study=study,
        usable={"one": usable},
        audit={
            "optimistic_test": optimistic_test,
            "optimistic_validation": optimistic_validation,
        },
        predictions=pd.DataFrame({"actor": [f"one/{n}" for n in range(actors)]}),
        metrics=pd.DataFrame(metrics),
        summary=summary.assign(accuracy_mean=summary["accuracy"]),
        **tables,
    )


A = ("a", 0.55, 0.50, 0.45, 0.55)
B = ("b", 0.50, 0.52, 0.47, 0.57)
WORSE = ("c", 0.50, 0.30, 0.25, 0.35)
BETTER = ("d", 0.50, 0.70, 0.65, 0.75)
ALONE = ("e", 0.55, 0.50, np.nan, np.nan)


def words(given, marks=None) -> str:
    return " ".join(findings(given, MARKS if marks is None else marks).found)


def cautions(given) -> str:
    return " ".join(findings(given, MARKS).cautions)


def test_the_best_is_the_best_on_validation_and_not_on_test():
    assert ranked(experiment(B, A))["model"].tolist() == ["a", "b"]
    said = words(experiment(B, A))
    assert said.startswith(
        "Of 2 models a is the best on validation clips, with 55.0 % accuracy; it has 50.0 % "
        "accuracy on test clips (95 % interval 45.0 – 55.0)."
    )


def test_a_single_model_is_best_of_nothing():
    said = words(experiment(A))
    assert said.startswith("a has 50.0 % accuracy on test clips (95 % interval 45.0 – 55.0).")
    assert "second" not in said


@pytest.mark.parametrize(
    ("value", "side"),
    [
        (0.449, "above"),
        (0.45, "within"),
        (0.5, "within"),
        (0.55, "within"),
        (0.551, "below"),
    ],
)
def test_an_interval_is_above_below_or_around_a_value(value, side):
    row = pd.Series({"accuracy_low": 0.45, "accuracy_high": 0.55})
    assert against(row, value) == side
    assert against(pd.Series({"accuracy_low": np.nan}), value) is None


def test_the_best_stands_against_every_mark():
    said = words(experiment(A), {"chance": 0.125, "majority class": 0.133, "people": 0.624})
    assert "above chance (12.5 %) and majority class (13.3 %)" in said
    assert "and below people (62.4 %)." in said
    assert "That is not to be told apart from people (52.0 %)." in words(
        experiment(A), {"people": 0.52}
    )
    assert "That is" not in words(experiment(A), {})


@pytest.mark.parametrize(
    ("figure", "where"),
    [(46, "lies below the"), (50, "lies within the"), (60, "lies above the")],
)
def test_a_reported_figure_stands_against_its_own_model(figure, where):
    reported = REPORTED | {"accuracy": figure}
    given = experiment(A, B, reported=reported)
    said = words(given, MARKS | {content.reported_mark(reported): figure / 100})
    assert (
        f"The {figure} % that The Paper reported {where} 95 % interval of b here, "
        "which has 52.0 % (95 % interval 47.0 – 57.0)."
    ) in said
    assert said.count("The Paper") == 1


def test_a_figure_reported_for_all_models_stands_against_the_best():
    assert "interval of a here" in words(experiment(A, B, reported=REPORTED | {"model": None}))


def test_nothing_reported_is_not_spoken_of():
    assert "reported" not in words(experiment(A, B))


@pytest.mark.parametrize(
    ("validation", "end"),
    [
        (0.55, "is 5.0 points above its test accuracy."),
        (0.45, "is 5.0 points below its test accuracy."),
        (0.505, "is within a point of its test accuracy."),
    ],
)
def test_validation_is_held_against_test(validation, end):
    given = ("a", validation, 0.50, 0.45, 0.55)
    assert f"The validation accuracy of a {end}" in words(experiment(given))
    assert (
        f"The validation accuracy of a, on clips of speakers who are also trained on, {end}"
    ) in words(experiment(given, optimistic_validation=True))


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        (B, "the intervals overlap, and alone do not tell the two apart."),
        (WORSE, "worse, for the intervals do not overlap."),
        (BETTER, "better, for the intervals do not overlap."),
    ],
)
def test_the_runner_up_is_told_apart_if_the_intervals_are(second, verdict):
    name, _, accuracy, *_ = second
    said = words(experiment(A, second))
    assert f"{name}, the second on validation clips, has {100 * accuracy:.1f} % (95 %" in said
    assert said.endswith(verdict)


def test_without_an_interval_nothing_is_compared():
    said = words(experiment(ALONE, ("f", 0.5, 0.4, np.nan, np.nan), reported=REPORTED, actors=1))
    assert "no interval, for a single actor was tested" in said
    assert "That is" not in said
    assert "reported" not in said
    assert "second" not in said


def test_acted_speech_and_one_training_are_always_a_caution():
    said = cautions(experiment(A))
    assert "in One they are acted." in said
    assert "not what another seed would." in said
    assert len(findings(experiment(A), MARKS).cautions) == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"synthetic": {}}, "Anything about people from synthetic speech: One."),
        ({"optimistic_test": True}, "test clips come from speakers who are also trained on."),
        ({"optimistic_validation": True}, "never heard from validation figures"),
        ({"actors": 4}, "only 4 actors were tested"),
        ({"actors": 1}, "a single actor was tested"),
        ({"without": ["gone"]}, "Anything about the whole dataset: Gone was not at hand."),
        ({"usable": 700}, "at hand were 700 of 1,439 clips of One."),
    ],
)
def test_a_caution_stands_where_its_cause_does(given, sentence):
    assert sentence in cautions(experiment(A, **given))
    assert sentence not in cautions(experiment(A))


def test_synthetic_speech_and_that_of_the_users_own_are_not_called_acted():
    assert "acted" not in cautions(experiment(A, synthetic={}))
    assert "acted" not in cautions(experiment(A, kind="demo"))
    assert "acted" not in cautions(experiment(A, kind="manifest"))


def test_ten_actors_are_no_longer_few():
    assert "intervals are rough" in cautions(experiment(A, actors=9))
    assert "intervals are rough" not in cautions(experiment(A, actors=10))
