"""The paragraph of findings: each sentence with the figures that call for it, and without."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from experiments import results_of
from protocols import made_up_study, settings
from serfusion.report.experiment.cautions import cautions
from serfusion.report.experiment.findings import ranked, sentences, side_of
from serfusion.report.experiment.results import Results

REPORTED = {"source": "The Paper", "model": "b", "accuracy": 46}
PAIR = ["model", "other", *("accuracy_difference" + end for end in ("", "_low", "_high")), "p_holm"]
LINES = {"chance": 0.125, "people": 0.624}


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
    lines=None,
) -> Results:
    """Return the results of an experiment with models (name, validation, accuracy, low, high).

    Its pairs are (model, other, difference, low, high, p), by default without an interval; its
    lines are floors with their accuracies.
    """
    names = [name for name, *_ in models]
    pairs = pairs or [(*pair, *[np.nan] * 4) for pair in combinations(names, 2)]
    corpora = {
        "one": {"kind": kind, "title": "One", "synthetic": synthetic},
        "gone": {"kind": "savee", "title": "Gone"},
    }
    study = made_up_study(
        corpora,
        {"set": {"corpora": ["one", *without], "without": list(without)}},
        {name: {} for name in names},
        {"one": settings(models=names, reported=reported)},
    )
    metrics = [
        {"model": name, "fold": fold, "role": "validation", "accuracy": validation + shift}
        for name, validation, *_ in models
        for fold, shift in ((1, 0.02), (2, -0.02))
    ]
    columns = ["model", "accuracy", "accuracy_low", "accuracy_high"]
    summary = pd.DataFrame([(name, *rest) for name, _, *rest in models], columns=columns)
    return results_of(
        study,
        usable_clips={"one": usable},
        audit={
            "folds": [],
            "optimistic_test": optimistic_test,
            "optimistic_validation": optimistic_validation,
        },
        predictions=pd.DataFrame({"actor": [f"one/{n}" for n in range(actors)]}),
        metrics=pd.DataFrame(metrics),
        summary=summary.assign(accuracy_mean=summary["accuracy"]),
        pairs=pd.DataFrame(pairs, columns=PAIR),
        floors=floor_rows(LINES if lines is None else lines),
    )


def floor_rows(lines: dict[str, float]) -> pd.DataFrame:
    """Return floors of all emotions together."""
    rows = pd.DataFrame({"floor": list(lines), "accuracy": list(lines.values())})
    unknown = ["accuracy_low", "accuracy_high", "uar"]
    return rows.assign(emotion=None, source="somewhere", **dict.fromkeys(unknown, np.nan))


A = ("a", 0.55, 0.50, 0.45, 0.55)
B = ("b", 0.50, 0.52, 0.47, 0.57)
WORSE = ("c", 0.50, 0.30, 0.25, 0.35)
BETTER = ("d", 0.50, 0.70, 0.65, 0.75)
ALONE = ("e", 0.55, 0.50, np.nan, np.nan)


def words(results: Results) -> str:
    return " ".join(sentences(results))


def cautions_of(results: Results) -> str:
    return " ".join(cautions(results))


def test_the_best_is_the_best_on_validation_and_not_on_test():
    assert ranked(experiment(B, A))["model"].tolist() == ["a", "b"]
    text = words(experiment(B, A))
    assert text.startswith(
        "Of 2 models, a has the highest validation accuracy, 55.0 %; its test accuracy is 50.0 % "
        "(95 % interval 45.0 – 55.0)."
    )


def test_a_single_model_is_best_of_nothing():
    text = words(experiment(A))
    assert text.startswith("a has a test accuracy of 50.0 % (95 % interval 45.0 – 55.0).")
    assert "second" not in text


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
    assert side_of(row, value) == side
    assert side_of(pd.Series({"accuracy_low": np.nan}), value) is None


def test_the_best_stands_against_every_line():
    lines = {"chance": 0.125, "majority class": 0.133, "people": 0.624}
    text = words(experiment(A, lines=lines))
    assert (
        "This interval lies above chance (12.5 %) and majority class (13.3 %), and lies below "
        "people (62.4 %)."
    ) in text
    within = words(experiment(A, lines={"people": 0.52}))
    assert "This interval includes people (52.0 %)." in within
    assert "This interval" not in words(experiment(A, lines={}))


@pytest.mark.parametrize(
    ("figure", "where"),
    [(46, "lies below the"), (50, "lies within the"), (60, "lies above the")],
)
def test_a_reported_figure_stands_against_its_own_model(figure, where):
    text = words(experiment(A, B, reported=REPORTED | {"accuracy": figure}))
    assert (
        f"The accuracy of {figure} % that The Paper reported {where} 95 % interval of b here, "
        "whose accuracy is 52.0 % (95 % interval 47.0 – 57.0)."
    ) in text
    assert text.count("The Paper") == 1


def test_a_figure_reported_for_all_models_stands_against_the_best():
    assert "interval of a here" in words(experiment(A, B, reported=REPORTED | {"model": None}))


def test_nothing_reported_is_not_spoken_of():
    assert "reported" not in words(experiment(A, B))


@pytest.mark.parametrize(
    ("validation", "end"),
    [
        (0.55, "is 5.0 percentage points above its test accuracy."),
        (0.45, "is 5.0 percentage points below its test accuracy."),
        (0.505, "is within one percentage point of its test accuracy."),
    ],
)
def test_validation_is_held_against_test(validation, end):
    model = ("a", validation, 0.50, 0.45, 0.55)
    assert f"The validation accuracy of a {end}" in words(experiment(model))
    assert (
        "The validation accuracy of a, on clips of speakers who are also in the training data, "
        f"{end}"
    ) in words(experiment(model, optimistic_validation=True))


@pytest.mark.parametrize(
    ("ahead", "low", "high", "p", "verdict"),
    [
        (0.2, 0.1, 0.3, 0.001, "the difference is statistically significant."),
        (-0.2, -0.3, -0.1, 0.001, "the difference is statistically significant."),
        (0.2, 0.1, 0.3, 0.2, "the difference is not statistically significant."),
        (
            0.02,
            -0.1,
            0.3,
            0.001,
            "the interval includes zero, so the difference is not taken as shown.",
        ),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_runner_up_is_told_apart_by_the_pair(ahead, low, high, p, verdict, turned):
    names, figures = ("a", "b"), (ahead, low, high)
    if turned:
        names, figures = ("b", "a"), (-ahead, -high, -low)
    text = words(experiment(A, B, pairs=[(*names, *figures, p)]))
    side = "above" if ahead > 0 else "below"
    assert (
        f"its accuracy is {100 * abs(ahead):.1f} percentage points {side} that of b, which has the "
        "second-highest validation accuracy"
    ) in text
    interval = f"{100 * low:.1f} to {100 * high:.1f}".replace("-", "−")
    assert f"difference {interval}, p = {p:.3f} after" in text
    assert text.endswith(f": {verdict}")


def test_without_an_interval_nothing_is_compared():
    text = words(experiment(ALONE, ("f", 0.5, 0.4, np.nan, np.nan), reported=REPORTED, actors=1))
    assert "no interval, because a single actor was tested" in text
    assert "This interval" not in text
    assert "reported" not in text
    assert "second" not in text


def test_acted_speech_and_one_training_are_always_a_caution():
    text = cautions_of(experiment(A))
    assert "in One, they are acted." in text
    assert "not what another seed would." in text
    assert len(cautions(experiment(A))) == 2


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        ({"synthetic": {}}, "Anything about human speech: One is synthetic."),
        (
            {"optimistic_test": True},
            "the speakers of the test clips are also in the training data.",
        ),
        ({"optimistic_validation": True}, "on unseen speakers, from validation figures:"),
        ({"actors": 4}, "only 4 actors were tested"),
        ({"actors": 1}, "a single actor was tested"),
        ({"without": ["gone"]}, "Anything about the whole dataset: Gone was not available."),
        ({"usable": 700}, "only 700 of 1,439 clips of One were available."),
    ],
)
def test_a_caution_stands_where_its_cause_does(cause, sentence):
    assert sentence in cautions_of(experiment(A, **cause))
    assert sentence not in cautions_of(experiment(A))


def test_synthetic_speech_and_that_of_the_users_own_are_not_called_acted():
    assert "acted" not in cautions_of(experiment(A, synthetic={}))
    assert "acted" not in cautions_of(experiment(A, kind="demo"))
    assert "acted" not in cautions_of(experiment(A, kind="manifest"))


def test_ten_actors_are_no_longer_few():
    assert "intervals are rough" in cautions_of(experiment(A, actors=9))
    assert "intervals are rough" not in cautions_of(experiment(A, actors=10))
