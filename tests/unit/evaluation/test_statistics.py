"""Scores by emotion and by pair of models, against scikit-learn, SciPy and obvious cases."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap, wilcoxon
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
    recall_score,
)

from real_answers import ANSWERS, FRAGMENT, MODELS, NAMES, long
from serfusion.errors import Refusal
from serfusion.evaluation import intervals
from serfusion.evaluation.by_class import CLASS_METRICS, class_table
from serfusion.evaluation.comparison import compare
from serfusion.evaluation.counts import actor_counts, confusion, model_counts
from serfusion.evaluation.intervals import bootstrap_weights, weighted_counts
from serfusion.evaluation.metrics import class_scores, metric_table, scores
from serfusion.evaluation.model_summary import summary_table
from serfusion.evaluation.pairs import pair_table

SEED = 3


@pytest.fixture
def few_draws(monkeypatch) -> int:
    """Let the bootstrap draw fewer resamples, because the references are slow."""
    monkeypatch.setattr(intervals, "RESAMPLES", 99)
    return 99


def reference(table: pd.DataFrame, model: str) -> np.ndarray:
    """Return scikit-learn's precision, recall and F1, of shape (metrics, classes)."""
    *by_class, _ = precision_recall_fscore_support(
        table["emotion"], table[model], labels=NAMES, zero_division=0
    )
    return np.stack(by_class)


def bootstrapped(statistic, draws: int):
    """Return SciPy's bootstrap interval over actors of a statistic of clips."""
    by_actor = [clips for _, clips in FRAGMENT.groupby("actor")]
    return bootstrap(
        (np.arange(len(by_actor)),),
        lambda drawn: statistic(pd.concat([by_actor[actor] for actor in drawn])),
        n_resamples=draws,
        method="percentile",
        vectorized=False,
        rng=np.random.default_rng(SEED),
    ).confidence_interval


def test_the_counts_are_those_of_each_model_alone():
    counts = model_counts(ANSWERS, MODELS, NAMES)
    for model, by_actor in zip(MODELS, counts, strict=True):
        table = ANSWERS[ANSWERS["model"] == model]
        np.testing.assert_array_equal(by_actor, actor_counts(table, NAMES))


def test_the_counts_of_an_actor_are_scikit_learns():
    counts = actor_counts(ANSWERS[ANSWERS["model"] == MODELS[0]], NAMES)
    for by_actor, (_, clips) in zip(counts, FRAGMENT.groupby("actor"), strict=True):
        expected = confusion_matrix(clips["emotion"], clips[MODELS[0]], labels=NAMES)
        np.testing.assert_array_equal(by_actor, expected)


def test_an_emotion_that_is_not_listed_is_an_error():
    with pytest.raises(ValueError, match="not listed"):
        confusion(["angry", "bored"], ["angry", "angry"], ["angry", "sad"])


def test_weighted_counts_are_the_sum_over_the_drawn_actors():
    random = np.random.default_rng(0)
    counts = random.integers(0, 9, (2, 5, 3, 3))
    for drawn in (random.integers(0, 5, (4, 5)), np.arange(5)):
        weights = bootstrap_weights(drawn)
        expected = counts[:, drawn].sum(axis=-3)
        np.testing.assert_array_equal(weighted_counts(counts, weights), expected)
        np.testing.assert_array_equal(weighted_counts(counts[0], weights), expected[0])


def test_scores_by_emotion_are_scikit_learns():
    table = class_table(ANSWERS, NAMES, SEED)
    assert table[["model", "emotion"]].to_numpy().tolist() == [
        [model, name] for model in MODELS for name in NAMES
    ]
    for model, rows in table.groupby("model"):
        by_class = rows[list(CLASS_METRICS)].to_numpy().T
        np.testing.assert_allclose(by_class, reference(FRAGMENT, model), atol=1e-15)
        assert rows["clips"].tolist() == FRAGMENT["emotion"].value_counts()[NAMES].tolist()
        predicted = FRAGMENT[model].value_counts().reindex(NAMES, fill_value=0)
        assert rows["answers"].tolist() == predicted.tolist()


def test_their_mean_recall_is_the_uar():
    counts = model_counts(ANSWERS, MODELS, NAMES).sum(axis=1)
    recalls = class_scores(counts)["recall"]
    np.testing.assert_allclose(recalls.mean(axis=1), scores(counts)["uar"])


def test_intervals_by_emotion_are_scipys_bootstrap_of_scikit_learns_scores(few_draws):
    table = class_table(ANSWERS, NAMES, SEED)
    first = table[table["model"] == "cnn1d_frames"].iloc[0]
    expected = bootstrapped(lambda clips: reference(clips, "cnn1d_frames")[:, 0], few_draws)
    for place, metric in enumerate(CLASS_METRICS):
        assert first[f"{metric}_low"] == pytest.approx(expected.low[place])
        assert first[f"{metric}_high"] == pytest.approx(expected.high[place])


@pytest.mark.parametrize("model", MODELS)
def test_the_summary_is_scikit_learns_scores_and_scipys_bootstrap_of_them(few_draws, model):
    measures = {
        "accuracy": accuracy_score,
        "uar": lambda truth, predicted: recall_score(
            truth, predicted, average="macro", zero_division=0
        ),
        "macro_f1": lambda truth, predicted: f1_score(
            truth, predicted, average="macro", zero_division=0
        ),
    }
    predictions = ANSWERS[ANSWERS["model"] == model].assign(role="test")
    folds = metric_table(predictions, NAMES)
    others = {"parameters": {model: 1}, "reported_accuracy": {}, "seed": SEED}
    row = summary_table(predictions, folds, NAMES, **others).iloc[0]
    for name, measure in measures.items():
        by_fold = [measure(fold["emotion"], fold[model]) for _, fold in FRAGMENT.groupby("fold")]
        assert row[f"{name}_mean"] == pytest.approx(np.mean(by_fold))
        assert row[f"{name}_std"] == pytest.approx(np.std(by_fold))
        assert row[name] == pytest.approx(measure(FRAGMENT["emotion"], FRAGMENT[model]))
        expected = bootstrapped(
            lambda clips, measure=measure: measure(clips["emotion"], clips[model]), few_draws
        )
        assert row[f"{name}_low"] == pytest.approx(expected.low)
        assert row[f"{name}_high"] == pytest.approx(expected.high)


def test_an_emotion_that_is_never_predicted_has_precision_and_f1_of_zero():
    wide = FRAGMENT.assign(mute=FRAGMENT["emotion"].replace("sad", "calm"))
    table = class_table(long(wide, ["mute"]), NAMES, SEED).set_index("emotion")
    sad = table.loc["sad"]
    assert sad["answers"] == 0
    assert (sad[["precision", "recall", "f1", "precision_high", "recall_high"]] == 0).all()
    assert (table.loc["happy", ["precision", "recall_low", "f1_high"]] == 1).all()


@pytest.mark.filterwarnings("error")
def test_an_emotion_that_some_resamples_lack_has_no_interval_of_its_recall():
    one = FRAGMENT["actor"].iloc[0]
    few = FRAGMENT[(FRAGMENT["emotion"] != "sad") | (FRAGMENT["actor"] == one)]
    table = class_table(long(few, MODELS[:1]), NAMES, SEED).set_index("emotion")
    unknown = ["recall_low", "recall_high", "f1_low", "f1_high"]
    assert table.loc["sad", unknown].isna().all()
    assert table.loc["sad", ["recall", "precision_low"]].notna().all()
    assert table.loc["happy", unknown].notna().all()


def test_a_single_actor_has_no_intervals():
    one = ANSWERS[ANSWERS["actor"] == ANSWERS["actor"].iloc[0]]
    assert class_table(one, NAMES, SEED).filter(like="_low").isna().all(axis=None)
    table = pair_table(one, MODELS, NAMES, SEED)
    assert table.filter(like="_high").isna().all(axis=None)
    assert table["p_holm"].tolist() == [1, 1, 1]


def test_every_pair_has_the_figures_of_a_comparison_of_only_these_two():
    table = pair_table(ANSWERS, MODELS, NAMES, SEED)
    assert table[["model", "other"]].to_numpy().tolist() == [
        list(pair) for pair in combinations(MODELS, 2)
    ]
    for row in table.to_dict("records"):
        first, second = (ANSWERS[ANSWERS["model"] == row[side]] for side in ("model", "other"))
        expected = compare(first, second, SEED)
        assert {key: row[key] for key in expected} == pytest.approx(expected, abs=1e-15)


def test_the_p_of_a_pair_is_scipys_of_the_actors_accuracies():
    table = pair_table(ANSWERS, MODELS, NAMES, SEED)
    by_actor = FRAGMENT[MODELS].eq(FRAGMENT["emotion"], axis=0).groupby(FRAGMENT["actor"]).mean()
    for row in table.itertuples():
        differences = (by_actor[row.model] - by_actor[row.other]).round(12)
        assert row.p == pytest.approx(wilcoxon(differences[differences != 0]).pvalue)
    ordered = np.sort(table["p"])
    stepped = np.minimum(1, np.maximum.accumulate(ordered * [3, 2, 1]))
    np.testing.assert_allclose(np.sort(table["p_holm"]), stepped)


def test_the_interval_of_a_pair_is_scipys_bootstrap_of_both_models_together(few_draws):
    table = pair_table(ANSWERS, MODELS, NAMES, SEED)
    row = table[(table["model"] == MODELS[0]) & (table["other"] == MODELS[2])].iloc[0]

    def difference(clips):
        first, second = (
            recall_score(clips["emotion"], clips[model], average="macro", zero_division=0)
            for model in (MODELS[0], MODELS[2])
        )
        return first - second

    expected = bootstrapped(difference, few_draws)
    assert row["uar_difference_low"] == pytest.approx(expected.low)
    assert row["uar_difference_high"] == pytest.approx(expected.high)


def test_models_that_differ_on_known_clips():
    """One wrong prediction of four for each of five actors: exactly 25 points of difference."""
    actors, emotions = 5, ["angry", "calm", "happy", "sad"]
    wide = pd.DataFrame(
        {
            "clip": [f"c{n}" for n in range(4 * actors)],
            "actor": [f"a{n // 4}" for n in range(4 * actors)],
            "fold": 1,
            "emotion": emotions * actors,
            "right": emotions * actors,
            "again": emotions * actors,
            "wrong": ["angry", "calm", "happy", "happy"] * actors,
        }
    )
    models = ["right", "wrong", "again"]
    table = pair_table(long(wide, models), models, emotions, SEED)
    ahead, equal, behind = table.to_dict("records")
    for metric in ("accuracy", "uar"):
        for end in ("", "_low", "_high"):
            assert ahead[f"{metric}_difference{end}"] == 0.25
            assert equal[f"{metric}_difference{end}"] == 0
            assert behind[f"{metric}_difference{end}"] == -0.25
    assert ahead["p"] == behind["p"] == 2 / 2**5
    assert equal["p"] == 1
    assert [row["p_holm"] for row in (ahead, equal, behind)] == [3 / 16, 1, 3 / 16]


def test_the_order_of_the_predictions_does_not_matter():
    shuffled = ANSWERS.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        pair_table(ANSWERS, MODELS, NAMES, SEED),
        pair_table(shuffled, MODELS, NAMES, SEED),
    )


@pytest.mark.parametrize("models", [[], MODELS[:1]])
def test_fewer_than_two_models_have_no_pairs(models):
    table = pair_table(ANSWERS, models, NAMES, SEED)
    assert table.empty
    assert list(table) == list(pair_table(ANSWERS, MODELS, NAMES, SEED))


def test_models_with_predictions_for_different_clips_are_refused():
    with pytest.raises(Refusal) as refusal:
        pair_table(ANSWERS.iloc[:-1], MODELS, NAMES, SEED)
    assert str(refusal.value) == (
        "crnn_attention and logistic_regression have predictions for different test clips: delete "
        "the experiment's predictions and run again."
    )
