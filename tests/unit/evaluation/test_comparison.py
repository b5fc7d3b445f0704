"""Comparisons against scikit-learn, hand computation and a plain bootstrap; the table of arms."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, recall_score

from serfusion.errors import Refusal
from serfusion.evaluation.comparison import compare, comparison_table
from serfusion.evaluation.differences import holm
from serfusion.evaluation.intervals import pooled_scores

NAMES = np.array(["angry", "happy", "sad"])


def random_predictions(
    accuracy: float, seed: int, actors: int = 9, clips: int = 12
) -> pd.DataFrame:
    """Return predictions for the same clips, of which about a share of `accuracy` is correct."""
    random = np.random.default_rng(seed)
    number = np.arange(actors * clips)
    truth = NAMES[number % 3]
    correct = random.random(len(number)) < accuracy + 0.2 * np.sin(number // clips)
    return pd.DataFrame(
        {
            "clip": [f"made/{n:03d}" for n in number],
            "actor": [f"made/{n // clips:02d}" for n in number],
            "fold": 1 + number // clips % 3,
            "emotion": truth,
            "predicted": np.where(correct, truth, random.choice(NAMES, len(number))),
        }
    )


FIRST, SECOND = random_predictions(0.6, 1), random_predictions(0.4, 2)


def test_the_differences_are_those_of_scikit_learns_figures():
    row = compare(FIRST, SECOND.sample(frac=1, random_state=0), seed=3)
    assert (row["clips"], row["actors"]) == (108, 9)
    for metric, score in (
        ("accuracy", accuracy_score),
        ("uar", lambda truth, predicted: recall_score(truth, predicted, average="macro")),
    ):
        first, second = (score(side["emotion"], side["predicted"]) for side in (FIRST, SECOND))
        assert row[metric] == pytest.approx(first)
        assert row[f"other_{metric}"] == pytest.approx(second)
        assert row[f"{metric}_difference"] == pytest.approx(first - second)


def test_the_interval_is_that_of_a_plain_paired_bootstrap_over_actors():
    row = compare(FIRST, SECOND, seed=3)
    actors = FIRST["actor"].astype("category").cat.codes
    emotions = FIRST["emotion"].map(list(NAMES).index)
    clips, first, second = (np.zeros((9, 3)) for _ in range(3))
    np.add.at(clips, (actors, emotions), 1)
    np.add.at(first, (actors, emotions), FIRST["emotion"] == FIRST["predicted"])
    np.add.at(second, (actors, emotions), SECOND["emotion"] == SECOND["predicted"])
    places = np.random.default_rng(4).integers(0, 9, (20000, 9))
    recalls = [
        correct[places].sum(axis=1) / clips[places].sum(axis=1) for correct in (first, second)
    ]
    drawn = (recalls[0] - recalls[1]).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert row["uar_difference_low"] == pytest.approx(low, abs=0.015)
    assert row["uar_difference_high"] == pytest.approx(high, abs=0.015)


def test_pairing_narrows_the_interval_where_actors_are_hard_for_both():
    worse = random_predictions(0.5, 1)
    better = worse.copy()
    first_wrong = (worse["predicted"] != worse["emotion"]).groupby(worse["actor"]).idxmax()
    better.loc[first_wrong, "predicted"] = worse.loc[first_wrong, "emotion"]
    row = compare(better, worse, seed=3)
    limits = row["accuracy_difference_low"], row["accuracy_difference_high"]
    assert limits == pytest.approx((1 / 12, 1 / 12))
    unpaired = pooled_scores(worse, list(NAMES), seed=3)
    assert unpaired["accuracy_high"] - unpaired["accuracy_low"] > 0.1


def test_a_model_against_itself_shows_nothing():
    row = compare(FIRST, FIRST, seed=3)
    assert row["p"] == 1
    for metric in ("accuracy", "uar"):
        for figure in ("difference", "difference_low", "difference_high"):
            assert row[f"{metric}_{figure}"] == 0


def test_swapped_sides_change_the_sign_and_not_the_p():
    forth, back = compare(FIRST, SECOND, seed=3), compare(SECOND, FIRST, seed=3)
    assert forth["p"] == back["p"]
    for metric in ("accuracy", "uar"):
        assert forth[metric] == back[f"other_{metric}"]
        assert forth[f"{metric}_difference"] == -back[f"{metric}_difference"]
        low, high = f"{metric}_difference_low", f"{metric}_difference_high"
        assert forth[low] == pytest.approx(-back[high])
        assert forth[high] == pytest.approx(-back[low])


def test_a_single_actor_has_no_interval_and_no_significance():
    row = compare(
        random_predictions(0.9, 1, actors=1), random_predictions(0.1, 2, actors=1), seed=3
    )
    assert np.isnan([row["uar_difference_low"], row["uar_difference_high"]]).all()
    assert row["p"] == 1


def test_only_shared_clips_count():
    row = compare(FIRST, SECOND[SECOND["emotion"] != "sad"], seed=3)
    shared = FIRST[FIRST["emotion"] != "sad"]
    assert row["clips"] == 72
    assert row["accuracy"] == pytest.approx((shared["emotion"] == shared["predicted"]).mean())


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (
            SECOND.assign(clip="elsewhere/" + SECOND["clip"]),
            "the two have no test clip in common; compare models of the same corpora.",
        ),
        (
            SECOND.assign(emotion=SECOND["emotion"].replace("sad", "happy")),
            "the emotion of made/002 is sad on one side and happy on the other; use datasets that "
            "agree on it.",
        ),
    ],
)
def test_predictions_that_cannot_be_compared_are_refused(second, sentence):
    with pytest.raises(Refusal) as refusal:
        compare(FIRST, second, seed=3)
    assert str(refusal.value) == sentence


def with_probabilities(predictions: pd.DataFrame, model: str, names=NAMES) -> pd.DataFrame:
    """Return predictions with probabilities: 0.6 for the predicted emotion, less for the next."""
    predicted = predictions["predicted"].map(list(names).index)
    for number, name in enumerate(names):
        steps = (number - predicted) % len(names)
        predictions = predictions.assign(**{f"p_{name}": 0.6 / (1 + steps)})
    return predictions.assign(model=model)


ARMS = [
    {"question": None, "label": "whole", "experiment": "a", "model": "m"},
    {"question": "Q?", "label": "part", "experiment": "a", "model": "n"},
    {"question": "Q?", "label": "fewer", "experiment": "b", "model": "m"},
]


def tables(few: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "a": pd.concat([with_probabilities(FIRST, "m"), with_probabilities(SECOND, "n")]),
        "b": with_probabilities(few, "m", NAMES[:2]),
    }


def test_the_table_has_each_arm_on_the_clips_it_shares_with_the_baseline():
    few = FIRST[FIRST["emotion"] != "sad"].assign(predicted="angry")
    table = comparison_table(ARMS, tables(few), seed=3).set_index("label")
    whole, part, fewer = table.loc["whole"], table.loc["part"], table.loc["fewer"]
    assert table["clips"].tolist() == [108, 108, 72]
    assert table["emotions"].tolist() == [3, 3, 2]
    alone = pooled_scores(SECOND, list(NAMES), seed=3)
    for figure in ("accuracy", "accuracy_low", "uar_high"):
        assert part[figure] == alone[figure]
    by_fold = (SECOND["emotion"] == SECOND["predicted"]).groupby(SECOND["fold"]).mean()
    assert part["accuracy_mean"] == pytest.approx(by_fold.mean())
    assert part["accuracy_std"] == pytest.approx(by_fold.std(ddof=0))
    assert part["baseline_uar"] == whole["uar"]
    assert pd.isna(whole[["question", "accuracy_difference", "p", "p_holm"]]).all()
    assert fewer["accuracy"] == fewer["uar"] == 0.5
    np.testing.assert_array_equal(table["p_holm"].iloc[1:], holm(table["p"].iloc[1:]))


def test_if_emotions_differ_both_models_choose_among_those_that_both_know():
    few = FIRST[FIRST["emotion"] != "sad"]
    few = few.assign(predicted=few["predicted"].replace("sad", "angry"))
    table = comparison_table([ARMS[0], ARMS[2]], tables(few), seed=3)
    arm = table.iloc[1]
    assert arm["accuracy_difference"] == 0 and arm["p"] == 1
    assert arm["baseline_accuracy"] == (few["emotion"] == few["predicted"]).mean()


def test_a_refusal_names_the_arm():
    disjoint = tables(FIRST.assign(clip="x/" + FIRST["clip"], predicted="angry"))
    with pytest.raises(Refusal, match=r"^fewer \(b\) against whole \(a\): the two have no test"):
        comparison_table(ARMS, disjoint, seed=3)
