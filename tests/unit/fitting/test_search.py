"""The search for settings: the candidates, the choice, and the rows that it uses."""

import numpy as np
import pandas as pd
import pytest

from fits import NAMES, description
from fits import settings as training_settings
from serfusion.files import write_csv
from serfusion.fitting import estimators, networks
from serfusion.fitting.candidates import (
    apply_candidate,
    candidate_text,
    candidates,
    chosen_candidate,
)
from serfusion.fitting.rows import Rows
from serfusion.fitting.search import search


def logistic(rows_by_role, settings, training):
    return estimators.trial(rows_by_role, NAMES, "logistic_regression", settings, training, seed=17)


def mlp(rows_by_role, settings, training):
    return networks.trial(rows_by_role, NAMES, "mlp", settings, training, seed=17)


def scripted(predictions):
    """A trial that returns these predictions in turn, whatever its arguments."""
    remaining = iter(predictions)
    return lambda *_: np.array(next(remaining), np.float32)


def four(targets) -> dict[str, Rows]:
    keys = pd.DataFrame({"clip": list("abcd"), "augmentation": "original"})
    rows = Rows(keys, np.zeros((4, 1), np.float32), np.array(targets))
    return {"train": rows, "validation": rows}


def test_candidates_are_all_combinations_in_order():
    grid = {"C": [1, 5], "gamma": ["scale", 0.01]}
    assert [candidate_text(candidate) for candidate in candidates(grid)] == [
        "C = 1, gamma = scale",
        "C = 1, gamma = 0.01",
        "C = 5, gamma = scale",
        "C = 5, gamma = 0.01",
    ]
    assert candidates({}) == []


def test_a_candidate_takes_the_place_of_settings_of_both_kinds():
    settings, training = {"width": 8, "hidden": 4}, {"balance": "none", "epochs": 5}
    changed = apply_candidate({"width": None, "epochs": 2}, settings, training)
    assert changed == ({"width": None, "hidden": 4}, {"balance": "none", "epochs": 2})
    assert (settings["width"], training["epochs"]) == (8, 5)


def test_the_table_is_what_scikit_learn_finds(rows_by_role):
    grid = {"C": [1e-5, 0.01, 1], "balance": ["none", "weights"]}
    table = search(rows_by_role, grid, {"C": 1.0}, {"balance": "none"}, logistic)
    assert table["C"].tolist() == ["1e-05", "1e-05", "0.01", "0.01", "1", "1"]
    assert table["balance"].tolist() == ["none", "weights"] * 3
    for row in table.itertuples():
        fitted, _ = estimators.fit(
            rows_by_role,
            "logistic_regression",
            {"C": float(row.C)},
            {"balance": row.balance},
            seed=17,
        )
        probabilities = fitted.predict_proba(rows_by_role["validation"].values, 3)
        targets = rows_by_role["validation"].targets
        assert row.validation_accuracy == (probabilities.argmax(axis=1) == targets).mean()
        loss = -np.log(probabilities[np.arange(60), targets]).mean()
        assert row.validation_loss == pytest.approx(loss)
    assert table["chosen"].sum() == 1
    assert table.loc[table["chosen"], "validation_accuracy"].item() == (
        table["validation_accuracy"].max()
    )


@pytest.mark.parametrize(
    ("trial", "grid", "settings", "training"),
    [
        (logistic, {"C": [0.01, 1]}, {"C": 1.0}, {"balance": "none"}),
        (
            mlp,
            {"hidden": [[4], [12, 10]], "learning_rate": [0.1, 0.001]},
            description()["settings"],
            training_settings(epochs=2),
        ),
    ],
    ids=["estimator", "network"],
)
def test_scrambled_test_clips_change_nothing(rows_by_role, trial, grid, settings, training):
    test = rows_by_role["test"]
    scrambled = Rows(test.keys, -test.values[::-1], 2 - test.targets)
    without_test = {role: rows for role, rows in rows_by_role.items() if role != "test"}
    tables = [
        search(rows, grid, settings, training, trial)
        for rows in (rows_by_role, rows_by_role | {"test": scrambled}, without_test)
    ]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], table, check_exact=True)


def test_a_trial_does_not_get_the_test_rows(rows_by_role):
    roles = []

    def trial(rows, *_):
        roles.append(sorted(rows))
        return np.full((60, 3), 1 / 3)

    search(rows_by_role, {"C": [1, 2]}, {"C": 1}, {}, trial)
    assert roles == [["train", "validation"]] * 2


def test_a_network_is_tried_as_it_is_trained(rows_by_role, tmp_path):
    training = training_settings(epochs=3)
    grid = {"learning_rate": [0.01]}
    table = search(rows_by_role, grid, description()["settings"], training, mlp)
    fitted = networks.fit(
        rows_by_role,
        description(),
        training | {"learning_rate": 0.01},
        seed=17,
        checkpoint=tmp_path / "m.ckpt",
    )
    best = fitted.curves.loc[fitted.curves["epoch"] == fitted.record["best_epoch"]]
    assert table["validation_accuracy"].item() == pytest.approx(best["validation_accuracy"].item())
    assert table["validation_loss"].item() == pytest.approx(best["validation_loss"].item())


SURE, UNSURE, WRONG = [0.9, 0.1], [0.6, 0.4], [0.1, 0.9]


@pytest.mark.parametrize(
    ("predictions", "best"),
    [
        ([[UNSURE] * 4, [SURE] * 3 + [WRONG]], 0),
        ([[UNSURE] * 4, [SURE] * 4], 1),
        ([[SURE] * 4, [UNSURE] * 4], 0),
        ([[UNSURE] * 4, [SURE] * 4, [SURE] * 4], 1),
    ],
    ids=["accuracy before loss", "the lower loss", "the lower loss first", "the first of equals"],
)
def test_ties(predictions, best):
    grid = {"C": list(range(len(predictions)))}
    table = search(four([0, 0, 0, 0]), grid, {"C": 9}, {}, scripted(predictions))
    assert table["chosen"].tolist() == [index == best for index in range(len(predictions))]


def test_the_loss_is_finite_if_the_true_emotion_had_probability_zero():
    table = search(four([0, 0, 0, 1]), {"C": [1]}, {"C": 1}, {}, scripted([[[1, 0]] * 4]))
    assert table["validation_loss"].item() == pytest.approx(-np.log(1e-12) / 4)


def test_what_was_chosen_is_read_back_with_its_types(tmp_path):
    grid = {"depth": [3, None], "gamma": ["scale", 1e-5], "hidden": [[12, 10]]}
    predictions = [[UNSURE] * 4] * 3 + [[SURE] * 4]
    table = search(four([0] * 4), grid, dict.fromkeys(grid), {}, scripted(predictions))
    write_csv(table, tmp_path / "search.csv")
    assert chosen_candidate(tmp_path / "search.csv", grid) == {
        "depth": None,
        "gamma": 1e-5,
        "hidden": [12, 10],
    }
    assert (
        (tmp_path / "search.csv").read_text().splitlines()[-1].startswith('null,1e-05,"[12, 10]"')
    )
    assert chosen_candidate(None, {}) == {}
