"""What the report says of emotions and of pairs of models, worked out from its tables."""

import json

import pandas as pd
import pytest

from serfusion.report.experiment import emotions_and_pairs
from serfusion.report.experiment import emotions_and_pairs_figures as figures


def pair_rows(*rows, actors: int = 24) -> pd.DataFrame:
    """Return pairs of (model, other, difference, corrected p), intervals a point wide."""
    table = pd.DataFrame(rows, columns=["model", "other", "accuracy_difference", "p_holm"])
    return table.assign(
        accuracy_difference_low=table["accuracy_difference"] - 0.005,
        accuracy_difference_high=table["accuracy_difference"] + 0.005,
        actors=actors,
    )


PAIRS = pair_rows(("a", "b", 0.1, 0.01), ("a", "c", 0.2, 0.001), ("b", "c", 0.1, 0.2))
RANKED = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("pairs", "ranked", "sentence"),
    [
        (pair_rows(), ["a"], "There is only one model, so there is no pair to compare."),
        (
            PAIRS,
            RANKED,
            "2 of 3 pairs of models differ significantly in accuracy. "
            "The most accurate model, a, is significantly better than every other.",
        ),
        (
            PAIRS.assign(p_holm=[0.05, 0.01, 0.01]),
            RANKED,
            "2 of 3 pairs of models differ significantly in accuracy. "
            "The most accurate model, a, is significantly better than 1 of the 2 others; "
            "the difference from b is not significant.",
        ),
        (
            PAIRS.assign(p_holm=[0.5, 0.5, 0.01]),
            RANKED,
            "1 of 3 pairs of models differs significantly in accuracy. "
            "The most accurate model, a, is not significantly better than any other.",
        ),
        (
            PAIRS.assign(actors=6),
            RANKED,
            "With 6 actors and 3 pairs of models, no difference can be significant, however large: "
            "the corrected p cannot fall below 0.05.",
        ),
        (
            pair_rows(("a", "b", -0.1, 0.03125), actors=6),
            ["b", "a"],
            "1 of 1 pair of models differs significantly in accuracy. "
            "The most accurate model, b, is significantly better than every other.",
        ),
    ],
)
def test_which_models_differ_significantly(pairs, ranked, sentence):
    assert emotions_and_pairs.verdict(pairs, ranked) == sentence


def test_models_are_named_up_to_a_number():
    assert emotions_and_pairs.names(["a"]) == "a"
    assert emotions_and_pairs.names(["a", "b", "c"]) == "a, b and c"
    assert emotions_and_pairs.names(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def rows_of(chart) -> dict[str, list[dict]]:
    return json.loads(chart.to_json())["datasets"]


def test_the_matrix_has_every_pair_both_ways():
    chart = figures.pair_matrix(PAIRS, RANKED)
    (cells,) = rows_of(chart).values()
    by_pair = {(cell["model"], cell["other"]): cell for cell in cells}
    assert len(by_pair) == 6
    ahead, behind = by_pair["a", "c"], by_pair["c", "a"]
    assert [ahead[key] for key in ("difference", "low", "high", "p")] == [20, 19.5, 20.5, "0.001"]
    assert [behind[key] for key in ("difference", "low", "high")] == [-20, -20.5, -19.5]
    assert (ahead["side"], behind["side"]) == ("row is better", "row is worse")
    assert (ahead["row"], ahead["column"]) == ("1  a", "3")


def test_the_recall_figure_sets_one_model_off_from_the_others_and_from_people():
    classes = pd.DataFrame(
        {"model": ["a", "a", "b", "b"], "emotion": ["happy", "sad"] * 2, "clips": 4}
    ).assign(recall=[0.25, 0.5, 0.75, 1], recall_low=0.1, recall_high=1)
    charts = rows_of(figures.recalls(classes, "a", {"sad": 0.25}))
    rows = [row for data in charts.values() for row in data]
    assert {(row["who"], row["emotion"], row["recall"]) for row in rows} == {
        ("a", "happy", 25),
        ("a", "sad", 50),
        ("other models", "happy", 75),
        ("other models", "sad", 100),
        ("people, by vote", "sad", 25),
    }
    assert len(rows_of(figures.recalls(classes, "a", {}))) == 2
