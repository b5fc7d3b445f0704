"""What the page says of failures: that it is what the tables say, and that it stays light."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from experiments import results_of
from protocols import made_up_study, settings
from serfusion.evaluation.calibration import calibration_table
from serfusion.evaluation.groups import group_table
from serfusion.report.experiment import failures
from serfusion.report.experiment.results import Results
from speech import clip_table

NAMES = ["angry", "happy", "neutral", "sad"]
STUDY = made_up_study(
    corpora={"made": {"title": "Made", "licence": "CC0"}, "more": {}},
    datasets={"both": {"corpora": ["made", "more"]}},
    models={},
    experiments={"one": settings(dataset="both")},
)


def random_results(models: int, clips: pd.DataFrame) -> Results:
    random = np.random.default_rng(models)
    keys = clips[["clip", "corpus", "actor", "gender", "emotion"]].assign(fold=1)
    tables = []
    for number in range(models):
        probabilities = random.dirichlet(np.ones(4), len(clips))
        predicted = np.array(NAMES)[probabilities.argmax(axis=1)]
        columns = {f"p_{name}": probabilities[:, at] for at, name in enumerate(NAMES)}
        tables.append(keys.assign(model=f"model_{number}", predicted=predicted, **columns))
    predictions = pd.concat(tables, ignore_index=True)
    return results_of(
        STUDY,
        dataset=clips,
        groups=group_table(predictions, clips, seed=1),
        calibration=calibration_table(predictions, seed=1),
        mistakes={"model": "model_1", "tested": len(clips), "wrong": 0, "clips": []},
    )


CLIPS = pd.concat([clip_table(6), clip_table(1, corpus="more")], ignore_index=True)
SMALL = random_results(3, CLIPS)
VALUES = failures.section(SMALL)


def drawn(spec: dict) -> pd.DataFrame:
    """Return the rows that a figure is drawn from."""
    texts = [rows for rows in spec["datasets"].values() if isinstance(rows, str)]
    return pd.read_csv(io.StringIO(max(texts, key=len)))


def test_the_figure_of_groups_draws_what_the_table_has():
    rows = drawn(VALUES["figures"]["groups"])
    table = SMALL.groups[SMALL.groups["by"].isin(["emotion", "gender", "corpus", "sentence"])]
    assert len(rows) == len(table)
    drawn_rows = rows.set_index(["model", "group"]).sort_index()
    expected = table.set_index(["model", "group"]).sort_index()
    for figure in ("accuracy", "accuracy_low", "accuracy_high"):
        np.testing.assert_allclose(drawn_rows[figure], expected[figure].mul(100).round(1))
    assert (drawn_rows["clips"] == expected["clips"]).all()


def test_the_figure_of_actors_draws_each_with_a_gender():
    rows = drawn(VALUES["figures"]["actors"]).set_index(["model", "group"]).sort_index()
    table = SMALL.groups.query("by == 'actor'").set_index(["model", "group"]).sort_index()
    np.testing.assert_allclose(rows["accuracy"], table["accuracy"].mul(100).round(1))
    assert rows.loc[("model_0", "made/002"), "gender"] == "female"


def test_the_reliability_diagram_draws_the_bins_that_have_clips():
    rows = drawn(VALUES["figures"]["reliability"])
    bins = SMALL.calibration[SMALL.calibration["ece"].isna() & (SMALL.calibration["clips"] > 0)]
    np.testing.assert_allclose(rows["confidence"], bins["confidence"].mul(100).round(1))
    np.testing.assert_allclose(rows["accuracy"], bins["accuracy"].mul(100).round(1))
    assert rows["clips"].tolist() == bins["clips"].tolist()


@pytest.mark.parametrize("name", ["groups", "actors", "reliability"])
def test_every_figure_begins_with_the_model_with_the_highest_validation_accuracy(name):
    (shown,) = VALUES["figures"][name]["params"]
    assert shown["value"] == VALUES["model"] == "model_1"
    assert shown["bind"]["element"] == "#shown-model"
    assert VALUES["figures"][name]["description"]


def test_the_hardest_actor_of_a_model_is_that_with_the_lowest_accuracy():
    for row in VALUES["lowest"]:
        actors = SMALL.groups.query("by == 'actor' and model == @row['model']")
        lowest = actors["accuracy"].min()
        assert row["accuracy"] == lowest
        assert row["actors"] == actors.loc[actors["accuracy"] == lowest, "group"].tolist()
        assert row["clips"] == actors.loc[actors["accuracy"] == lowest, "clips"].sum()
        assert row["overall"] == pytest.approx(
            np.average(actors["accuracy"], weights=actors["clips"])
        )
        assert row["highest"] == actors["accuracy"].max()


def test_what_all_clips_share_is_left_out_and_groups_of_one_actor_are_named():
    assert VALUES["not_shown"] == ["intensity", "length"]
    assert VALUES["single_actor"] == ["more", "more/dogs", "more/kids"]


def test_of_many_sentences_the_hardest_and_the_easiest_are_shown():
    clips = clip_table(5, per_actor=60)
    clips["sentence"] = [f"{number % 60}" for number in range(len(clips))]
    many = random_results(2, clips)
    rows, headings = failures.shown_groups(many.groups, "model_1")
    assert headings["sentence"] == "Sentence: the 8 hardest and the 8 easiest of 60"
    sentences = many.groups.query("by == 'sentence' and model == 'model_1'")
    chosen = rows.query("by == 'sentence' and model == 'model_1'")
    assert len(chosen) == 16
    ordered = sentences["accuracy"].sort_values()
    assert sorted(chosen["accuracy"]) == [*ordered[:8], *ordered[-8:]]
    others = rows.query("by == 'sentence' and model == 'model_0'")
    assert set(others["group"]) == set(chosen["group"])


def test_attributions_say_what_is_known():
    assert VALUES["attributions"] == {"made": "Made, CC0", "more": "more"}


def test_calibration_is_put_into_a_word():
    for row in VALUES["calibration"]:
        surer = row["confidence"] > row["accuracy"]
        assert row["verdict"] == ("over-confident" if surer else "under-confident")


def test_figures_of_thirty_models_and_121_actors_stay_light():
    clips = clip_table(121, per_actor=12)
    clips["sentence"] = [f"{number % 334}" for number in range(len(clips))]
    specs = failures.section(random_results(30, clips))["figures"]
    assert sum(len(json.dumps(spec)) for spec in specs.values()) < 250_000
