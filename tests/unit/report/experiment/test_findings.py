"""The paragraph of findings: each sentence with the figures that call for it, and without."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from serfusion.report.experiment import content
from serfusion.report.experiment.findings import against, findings, ranked

REPORTED = {"source": "The Paper", "model": "b", "accuracy": 46}
PAIR = ["model", "other", *("accuracy_difference" + end for end in ("", "_low", "_high")), "p_holm"]
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
    pairs=None,
):
    """An experiment whose models are given as (name, validation, accuracy, low, high).

    Its pairs are (model, other, difference, low, high, p), by default without an interval.
    """
    names = [name for name, *_ in models]
    pairs = pairs or [(*pair, *[np.nan] * 4) for pair in combinations(names, 2)]
    corpora = {
        "one": {"kind": kind, "title": "One", "synthetic": synthetic, "path": None},
        "gone": {"kind": "savee", "title": "Gone", "synthetic": None, "path": None},
    }
    dataset = {"corpora": ["one", *without], "without": list(without)}
    study = {
        "corpora": corpora,
        "datasets": {"set": dataset},
        "experiments": {"tried": {"dataset": "set", "reported": reported, "models": names}},
        "models": {name: {"labels": True} for name in names},
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
        statistics={"pairs": pd.DataFrame(pairs, columns=PAIR)},
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
    ("ahead", "low", "high", "p", "verdict"),
    [
        (
            0.2,
            0.1,
            0.3,
            0.001,
            "20.0 points ahead of b",
        ),
        (-0.2, -0.3, -0.1, 0.001, "20.0 points behind b"),
        (0.2, 0.1, 0.3, 0.2, "does not tell the two apart."),
        (0.02, -0.1, 0.3, 0.001, "does not tell the two apart."),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_runner_up_is_told_apart_by_the_pair(ahead, low, high, p, verdict, turned):
    names, figures = ("a", "b"), (ahead, low, high)
    if turned:
        names, figures = ("b", "a"), (-ahead, -high, -low)
    said = words(experiment(A, B, pairs=[(*names, *figures, p)]))
    assert verdict in said
    assert f"difference {100 * low:.1f} to {100 * high:.1f}, p {p:.3f} after" in said
    apart = p < 0.05 and not low <= 0 <= high
    assert said.endswith("can be told apart." if apart else "does not tell the two apart.")


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
