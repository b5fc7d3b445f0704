"""The page of an experiment as a whole."""

import re
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest

from experiments import random_experiment
from serfusion.report.experiment import curves
from serfusion.report.experiment.page import render
from serfusion.report.experiment.results import Results
from serfusion.study.entries import Study

REPORTED = {
    "source": "The Paper",
    "model": "model_2",
    "accuracy": 46,
    "accuracy_std": 1,
    "validation_accuracy": 62,
    "speaker_independent": True,
    "note": "Its own way.",
}


def plain(page: str) -> str:
    page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page).replace("\xa0", " ")))


def test_figures_of_many_folds_and_epochs_are_drawn():
    """Altair refuses tables of more than 5,000 rows unless it is told not to."""
    table = pd.DataFrame({"epoch": range(1, 111)}).merge(
        pd.Series(range(24), name="fold"), how="cross"
    )
    columns = [
        f"{role}_{metric}" for role in ("train", "validation") for metric in ("loss", "accuracy")
    ]
    figure = curves.training_curves(
        table.assign(**dict.fromkeys(columns, 0.5)), "m", "loss"
    ).to_dict()
    assert max(map(len, figure["datasets"].values())) == 24 * 110 * 2


def test_no_page_says_nan_of_a_single_actor_or_an_emotion_that_is_not_tested():
    results = random_experiment(models=2, folds=3)
    summary, classes = results.summary.copy(), results.classes.copy()
    summary.loc[:, summary.columns.str.contains("_low|_high|_std")] = float("nan")
    classes.loc[classes["emotion"] == "sad", classes.columns.str.contains("recall|f1")] = float(
        "nan"
    )
    page = render(replace(results, summary=summary, classes=classes))
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S))
    assert not re.findall(r"\bnan\b", words)
    assert words.count("not tested") == 2 * 3, "recall and F1; of two models the best stands twice"


def with_reported(results: Results, model: str | None) -> Results:
    """Return results whose experiment has a figure that was reported for a model."""
    resolved = results.study.resolved
    entry = resolved["experiments"]["made"] | {"reported": REPORTED | {"model": model}}
    study = Study.of(resolved | {"experiments": {"made": entry}})
    return replace(results, study=study, experiment=study.experiments["made"])


@pytest.mark.parametrize("model", ["model_2", None])
def test_a_reported_figure_stands_beside_the_models(model):
    page = plain(render(with_reported(random_experiment(models=2, folds=3), model)))
    assert "The Paper, as reported 46.0 ± 1" in page
    assert (
        "The Paper reported a test accuracy of 46 ± 1 % and a validation accuracy of 62 %" in page
    )
    assert "The accuracy of 46 % that The Paper reported lies" in page
    assert ("; its system is called model_2 here. Its own way." in page) is (model == "model_2")


def test_a_figure_reported_for_a_model_that_is_not_evaluated_is_left_out():
    results = random_experiment(models=2, folds=3)
    page = render(with_reported(results, "gone"))
    repeat = page.index('<section id="repeat"')
    words = plain(page[:repeat])
    assert "The Paper" not in words and "as reported" not in words and "gone" not in words
    assert page.index("The Paper") > repeat, "only the printed configuration has it"
    assert "as model_1 classified them" in words
