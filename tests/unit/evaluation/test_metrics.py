"""Scores and intervals against scikit-learn, NumPy and cases with known results."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from serfusion.evaluation.counts import confusion
from serfusion.evaluation.intervals import pooled_scores
from serfusion.evaluation.metrics import METRICS, metric_table, scores
from serfusion.evaluation.model_summary import summary_table
from serfusion.evaluation.prediction_table import prediction_table

NAMES = ["angry", "calm", "happy", "sad"]
LABELS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=60
)


@given(LABELS)
def test_scores_equal_scikit_learn(pairs):
    truth, predicted = (np.array(side) for side in zip(*pairs, strict=True))
    counts = confusion(truth, predicted, NAMES)
    np.testing.assert_array_equal(
        counts, reference.confusion_matrix(truth, predicted, labels=NAMES)
    )
    figures = scores(counts)
    occurring = {"labels": sorted(set(truth)), "average": "macro", "zero_division": 0}
    assert figures["accuracy"] == pytest.approx(reference.accuracy_score(truth, predicted))
    assert figures["uar"] == pytest.approx(reference.recall_score(truth, predicted, **occurring))
    assert figures["macro_precision"] == pytest.approx(
        reference.precision_score(truth, predicted, **occurring)
    )
    assert figures["macro_f1"] == pytest.approx(reference.f1_score(truth, predicted, **occurring))


def test_scores_of_many_matrices_at_once_are_those_of_each():
    counts = np.random.default_rng(0).integers(0, 9, (5, 3, 4, 4))
    together = scores(counts)
    for place in np.ndindex(5, 3):
        alone = scores(counts[place])
        assert all(together[name][place] == pytest.approx(alone[name]) for name in METRICS)


def random_predictions(actors: int, clips: int, accuracy: float, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    rows = []
    for actor in range(actors):
        skill = np.clip(accuracy + random.normal(0, 0.2), 0, 1)
        for number in range(clips):
            truth = NAMES[number % 4]
            correct = random.random() < skill
            rows.append((f"{actor:02d}", truth, truth if correct else random.choice(NAMES)))
    return pd.DataFrame(rows, columns=["actor", "emotion", "predicted"])


def test_the_interval_is_that_of_a_plain_bootstrap_over_actors():
    predictions = random_predictions(12, 20, 0.6)
    row = pooled_scores(predictions, NAMES, seed=3)
    correct = predictions["emotion"] == predictions["predicted"]
    accuracies = correct.groupby(predictions["actor"]).mean()
    random = np.random.default_rng(4)
    drawn = random.choice(accuracies.to_numpy(), (20000, 12)).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert row["accuracy"] == pytest.approx(accuracies.mean())
    assert row["accuracy_low"] == pytest.approx(low, abs=0.015)
    assert row["accuracy_high"] == pytest.approx(high, abs=0.015)


def test_actors_who_are_all_alike_leave_no_uncertainty():
    predictions = random_predictions(6, 8, 1.0).assign(predicted=lambda table: table["emotion"])
    row = pooled_scores(predictions, NAMES, seed=3)
    assert row["uar_low"] == row["uar"] == row["uar_high"] == 1


def test_a_single_actor_has_no_interval():
    row = pooled_scores(random_predictions(1, 20, 0.5), NAMES, seed=3)
    assert np.isnan([row["accuracy_low"], row["accuracy_high"]]).all()


def test_the_same_seed_gives_the_same_interval():
    predictions = random_predictions(8, 10, 0.5)
    assert pooled_scores(predictions, NAMES, 1) == pooled_scores(predictions, NAMES, 1)
    assert pooled_scores(predictions, NAMES, 1) != pooled_scores(predictions, NAMES, 2)


def test_the_summary_is_the_mean_over_folds_and_the_pooled_figure():
    dataset = pd.DataFrame(
        {
            "clip": list("abcd"),
            "corpus": "made",
            "actor": ["made/1", "made/1", "made/2", "made/2"],
            "gender": "female",
            "emotion": ["sad", "happy", "sad", "happy"],
        }
    )
    right = pd.DataFrame({"clip": ["a", "b"], "role": "test", "predicted": ["sad", "happy"]})
    half = pd.DataFrame({"clip": ["c", "d"], "role": "test", "predicted": ["sad", "sad"]})
    predictions = prediction_table([("m", 1, right), ("m", 2, half)], dataset)
    table = metric_table(predictions, ["happy", "sad"])
    assert table[["fold", "n", "accuracy"]].to_numpy().tolist() == [[1, 2, 1.0], [2, 2, 0.5]]
    row = summary_table(
        predictions,
        table,
        ["happy", "sad"],
        parameters={"m": 10.0},
        reported_accuracy={"m": 46.0},
        seed=1,
    ).iloc[0]
    assert row["accuracy_mean"] == 0.75 and row["accuracy_std"] == 0.25
    assert row["accuracy"] == 0.75
    assert (row["accuracy_low"], row["accuracy_high"]) == (0.5, 1.0)
    assert row["parameters"] == 10 and row["reported_accuracy"] == 0.46
