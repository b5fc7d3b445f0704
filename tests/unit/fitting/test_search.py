"""The search for settings: what is tried, what is chosen, and what it may look at."""

import numpy as np
import pandas as pd
import pytest

from fits import NAMES, description
from fits import settings as training_settings
from serfusion.files import write_csv
from serfusion.fitting import estimators, networks
from serfusion.fitting.candidates import applied, candidates, chosen, words
from serfusion.fitting.rows import Rows
from serfusion.fitting.search import search


def logistic(seen, settings, training):
    return estimators.trial(seen, NAMES, "logistic_regression", settings, training, seed=17)


def mlp(seen, settings, training_):
    return networks.trial(seen, NAMES, "mlp", settings, training_, seed=17)


def scripted(answers):
    """A trial that answers as it is told, whatever it is given."""
    given = iter(answers)
    return lambda *_: np.array(next(given), np.float32)


def four(targets) -> dict[str, Rows]:
    keys = pd.DataFrame({"clip": list("abcd"), "augmentation": "original"})
    side = Rows(keys, np.zeros((4, 1), np.float32), np.array(targets))
    return {"train": side, "validation": side}


def test_candidates_are_all_combinations_in_order():
    grid = {"C": [1, 5], "gamma": ["scale", 0.01]}
    assert [words(candidate) for candidate in candidates(grid)] == [
        "C = 1, gamma = scale",
        "C = 1, gamma = 0.01",
        "C = 5, gamma = scale",
        "C = 5, gamma = 0.01",
    ]
    assert candidates({}) == []


def test_a_candidate_takes_the_place_of_settings_of_both_kinds():
    settings, training_ = {"width": 8, "hidden": 4}, {"balance": "none", "epochs": 5}
    found = applied({"width": None, "epochs": 2}, settings, training_)
    assert found == ({"width": None, "hidden": 4}, {"balance": "none", "epochs": 2})
    assert (settings["width"], training_["epochs"]) == (8, 5)


def test_the_table_is_what_scikit_learn_finds(sides):
    grid = {"C": [1e-5, 0.01, 1], "balance": ["none", "weights"]}
    table = search(sides, grid, {"C": 1.0}, {"balance": "none"}, logistic)
    assert table["C"].tolist() == ["1e-05", "1e-05", "0.01", "0.01", "1", "1"]
    assert table["balance"].tolist() == ["none", "weights"] * 3
    for row in table.itertuples():
        fitted, _ = estimators.fit(
            sides, "logistic_regression", {"C": float(row.C)}, {"balance": row.balance}, seed=17
        )
        given = fitted.predict_proba(sides["validation"].values, 3)
        targets = sides["validation"].targets
        assert row.validation_accuracy == (given.argmax(axis=1) == targets).mean()
        loss = -np.log(given[np.arange(60), targets]).mean()
        assert row.validation_loss == pytest.approx(loss)
    assert table["chosen"].sum() == 1
    assert table.loc[table["chosen"], "validation_accuracy"].item() == (
        table["validation_accuracy"].max()
    )


@pytest.mark.parametrize(
    ("trial", "grid", "own", "given"),
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
def test_scrambled_test_clips_change_nothing(sides, trial, grid, own, given):
    test = sides["test"]
    scrambled = Rows(test.keys, -test.values[::-1], 2 - test.targets)
    without = {role: side for role, side in sides.items() if role != "test"}
    tables = [
        search(seen, grid, own, given, trial)
        for seen in (sides, sides | {"test": scrambled}, without)
    ]
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], other, check_exact=True)


def test_a_trial_is_never_given_the_test_side(sides):
    seen = []

    def trial(given, *_):
        seen.append(sorted(given))
        return np.full((60, 3), 1 / 3)

    search(sides, {"C": [1, 2]}, {"C": 1}, {}, trial)
    assert seen == [["train", "validation"]] * 2


def test_a_network_is_tried_as_it_is_trained(sides, tmp_path):
    given = training_settings(epochs=3)
    table = search(sides, {"learning_rate": [0.01]}, description()["settings"], given, mlp)
    fitted = networks.fit(
        sides,
        description(),
        given | {"learning_rate": 0.01},
        seed=17,
        checkpoint=tmp_path / "m.ckpt",
    )
    best = fitted.curves.loc[fitted.curves["epoch"] == fitted.record["best_epoch"]]
    assert table["validation_accuracy"].item() == pytest.approx(best["validation_accuracy"].item())
    assert table["validation_loss"].item() == pytest.approx(best["validation_loss"].item())


SURE, UNSURE, WRONG = [0.9, 0.1], [0.6, 0.4], [0.1, 0.9]


@pytest.mark.parametrize(
    ("answers", "best"),
    [
        ([[UNSURE] * 4, [SURE] * 3 + [WRONG]], 0),
        ([[UNSURE] * 4, [SURE] * 4], 1),
        ([[SURE] * 4, [UNSURE] * 4], 0),
        ([[UNSURE] * 4, [SURE] * 4, [SURE] * 4], 1),
    ],
    ids=["accuracy before loss", "the lower loss", "the lower loss first", "the first of equals"],
)
def test_ties(answers, best):
    grid = {"C": list(range(len(answers)))}
    table = search(four([0, 0, 0, 0]), grid, {"C": 9}, {}, scripted(answers))
    assert table["chosen"].tolist() == [at == best for at in range(len(answers))]


def test_an_emotion_that_was_thought_impossible_leaves_the_loss_finite():
    table = search(four([0, 0, 0, 1]), {"C": [1]}, {"C": 1}, {}, scripted([[[1, 0]] * 4]))
    assert table["validation_loss"].item() == pytest.approx(-np.log(1e-12) / 4)


def test_what_was_chosen_is_read_back_with_its_types(tmp_path):
    grid = {"depth": [3, None], "gamma": ["scale", 1e-5], "hidden": [[12, 10]]}
    answers = [[UNSURE] * 4] * 3 + [[SURE] * 4]
    table = search(four([0] * 4), grid, dict.fromkeys(grid), {}, scripted(answers))
    write_csv(table, tmp_path / "search.csv")
    assert chosen(tmp_path / "search.csv", grid) == {
        "depth": None,
        "gamma": 1e-5,
        "hidden": [12, 10],
    }
    assert (
        (tmp_path / "search.csv").read_text().splitlines()[-1].startswith('null,1e-05,"[12, 10]"')
    )
    assert chosen(None, {}) == {}
