"""The section of adapted models: its figures, and what it says of them."""

import pandas as pd
import pytest

from experiments import random_experiment, results_of
from protocols import made_up_study, settings
from serfusion.evaluation.adapted import COLUMNS
from serfusion.report.experiment import cautions
from serfusion.report.experiment.adapted import figures, section

SUMMARY = pd.DataFrame(
    [{"model": "base", "clips": 90, "accuracy": 0.6, "accuracy_low": 0.5, "accuracy_high": 0.7}]
)


def row(count, accuracy: float, emotion: str | None = None, **others) -> dict:
    unknown = dict.fromkeys(COLUMNS)
    name = f"adapted_{count}" + (f"_{emotion}" if emotion else "")
    settings = {"to": "speaker", "by_clips": str(count), "statistics": "mean", "shrink": 1.0}
    figures = {
        "accuracy": accuracy,
        "accuracy_low": accuracy - 0.1,
        "accuracy_high": accuracy + 0.1,
        "baseline_accuracy": 0.58,
        "clips": 80,
    }
    return (
        unknown
        | settings
        | figures
        | {"model": name, "baseline": "base", "emotion": emotion}
        | others
    )


TABLE = pd.DataFrame(
    [row("all", 0.72), row(10, 0.7), row(2, 0.64), row(2, 0.55, "happy"), row(5, 0.5, shrink=9.0)]
)


def points(spec: dict) -> list[dict]:
    return [each for data in spec["datasets"].values() for each in data]


def test_a_figure_has_the_models_that_differ_in_their_clips_alone():
    (title, spec), *others = figures(TABLE, SUMMARY)
    assert not others and title == "base, adapted to the speaker by the mean, shrink 1"
    shown = {(at["kind"], at["at"]): at["accuracy"] for at in points(spec)}
    any_emotion, happy = "adapted, clips of any emotion", "warning: happy clips alone"
    same = "not adapted, the same clips"
    assert shown == {
        (any_emotion, "0"): 60,
        (any_emotion, "2"): 64,
        (any_emotion, "10"): 70,
        (any_emotion, "all"): 72,
        (happy, "0"): 60,
        (happy, "2"): 55,
        (same, "2"): 58,
        (same, "10"): 58,
        (same, "all"): 58,
    }
    assert spec["layer"][0]["encoding"]["x"]["sort"] == ["0", "2", "10", "all"]


def test_models_without_a_baseline_have_no_figure():
    assert figures(TABLE.assign(baseline=None), SUMMARY) == []


def test_an_experiment_without_adapted_models_has_no_section():
    assert section(random_experiment(2, 3)) is None


@pytest.mark.parametrize(("counts", "transductive"), [(["2", "all"], True), (["2", "5"], False)])
def test_the_section_says_what_is_transductive(counts, transductive):
    adapt = {"to": "speaker", "statistics": "mean", "emotion": None}
    study = made_up_study(
        corpora={"one": {}},
        datasets={"set": {"corpora": ["one"]}},
        models={
            name: {"adapt": adapt | {"clips": count}}
            for name, count in zip(("first", "second"), counts, strict=True)
        },
        experiments={"one": settings(models=["first", "second"])},
    )
    rows = [row(count, 0.5, model=name) for name, count in zip(study.models, counts, strict=True)]
    said = section(results_of(study, adapted=pd.DataFrame(rows), summary=SUMMARY))
    assert said["transductive"] is transductive and said["warning"] == []
    assert [each["model"] for each in said["rows"]] == ["first", "second"]
    (caution,) = cautions._adapted(results_of(study))
    assert "without clips of its speakers" in caution
    assert all("adapted to the speaker" in each["composition"] for each in said["rows"])
