"""Figures by emotion and by pair of models, against scikit-learn, scipy and what is plain."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap, wilcoxon
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    precision_recall_fscore_support,
    recall_score,
)

from real_answers import ANSWERS, FRAGMENT, MODELS, NAMES, long
from serfusion.errors import Refusal
from serfusion.evaluation import by_class, counts, intervals, metrics, model_summary, paired, pairs

SEED = 3


@pytest.fixture
def few_draws(monkeypatch) -> int:
    """Have the bootstrap draw less often, for the sake of those it is held against."""
    monkeypatch.setattr(intervals, "RESAMPLES", 99)
    return 99


def reference(table: pd.DataFrame, model: str) -> np.ndarray:
    """Return scikit-learn's precision, recall and F1, of shape (metrics, classes)."""
    found = precision_recall_fscore_support(
        table["emotion"], table[model], labels=NAMES, zero_division=0
    )
    return np.stack(found[:3])


def bootstrapped(statistic, draws: int):
    """Return scipy's interval of a statistic of clips, over actors who are drawn."""
    by_actor = [clips for _, clips in FRAGMENT.groupby("actor")]
    return bootstrap(
        (np.arange(len(by_actor)),),
        lambda drawn: statistic(pd.concat([by_actor[place] for place in drawn])),
        n_resamples=draws,
        method="percentile",
        vectorized=False,
        rng=np.random.default_rng(SEED),
    ).confidence_interval


def test_the_counts_are_those_of_each_model_by_itself():
    together = counts.model_counts(ANSWERS, MODELS, NAMES)
    for model, own in zip(MODELS, together, strict=True):
        table = ANSWERS[ANSWERS["model"] == model]
        np.testing.assert_array_equal(own, intervals.actor_counts(table, NAMES))


def test_drawn_counts_are_those_of_the_drawn_actors_one_by_one():
    random = np.random.default_rng(0)
    given = random.integers(0, 9, (2, 5, 3, 3))
    for drawn in (random.integers(0, 5, (4, 5)), np.arange(5)):
        expected = given[:, drawn].sum(axis=-3)
        np.testing.assert_array_equal(counts.drawn_counts(given, drawn), expected)


def test_figures_by_emotion_are_scikit_learns():
    table = by_class.class_table(ANSWERS, NAMES, SEED)
    assert table[["model", "emotion"]].to_numpy().tolist() == [
        [model, name] for model in MODELS for name in NAMES
    ]
    for model, own in table.groupby("model"):
        found = own[list(by_class.CLASS_METRICS)].to_numpy().T
        np.testing.assert_allclose(found, reference(FRAGMENT, model), atol=1e-15)
        assert own["clips"].tolist() == FRAGMENT["emotion"].value_counts()[NAMES].tolist()
        named = FRAGMENT[model].value_counts().reindex(NAMES, fill_value=0)
        assert own["answers"].tolist() == named.tolist()


def test_their_mean_recall_is_the_uar():
    model_counts = counts.model_counts(ANSWERS, MODELS, NAMES).sum(axis=1)
    recalls = by_class.class_scores(model_counts)["recall"]
    np.testing.assert_allclose(recalls.mean(axis=1), metrics.scores(model_counts)["uar"])


def test_intervals_by_emotion_are_scipys_bootstrap_of_scikit_learns_figures(few_draws):
    table = by_class.class_table(ANSWERS, NAMES, SEED)
    own = table[table["model"] == "cnn1d_frames"]
    expected = bootstrapped(lambda clips: reference(clips, "cnn1d_frames")[:, 0], few_draws)
    for place, metric in enumerate(by_class.CLASS_METRICS):
        assert own[f"{metric}_low"].iloc[0] == pytest.approx(expected.low[place])
        assert own[f"{metric}_high"].iloc[0] == pytest.approx(expected.high[place])


@pytest.mark.parametrize("model", MODELS)
def test_the_summary_is_scikit_learns_figures_and_scipys_bootstrap_of_them(few_draws, model):
    measures = {
        "accuracy": accuracy_score,
        "uar": lambda truth, said: recall_score(truth, said, average="macro", zero_division=0),
        "macro_f1": lambda truth, said: f1_score(truth, said, average="macro", zero_division=0),
    }
    answers = ANSWERS[ANSWERS["model"] == model].assign(role="test")
    folds = metrics.metric_table(answers, NAMES)
    own = {"parameters": {model: 1}, "reported_accuracy": {}, "seed": SEED}
    row = model_summary.summarise(answers, folds, NAMES, **own).iloc[0]
    for name, measure in measures.items():
        by_fold = [measure(own["emotion"], own[model]) for _, own in FRAGMENT.groupby("fold")]
        assert row[f"{name}_mean"] == pytest.approx(np.mean(by_fold))
        assert row[f"{name}_std"] == pytest.approx(np.std(by_fold))
        assert row[name] == pytest.approx(measure(FRAGMENT["emotion"], FRAGMENT[model]))
        expected = bootstrapped(
            lambda clips, measure=measure: measure(clips["emotion"], clips[model]), few_draws
        )
        assert row[f"{name}_low"] == pytest.approx(expected.low)
        assert row[f"{name}_high"] == pytest.approx(expected.high)


def test_an_emotion_that_is_never_answered_has_precision_and_f1_of_zero():
    wide = FRAGMENT.assign(mute=FRAGMENT["emotion"].replace("sad", "calm"))
    table = by_class.class_table(long(wide, ["mute"]), NAMES, SEED).set_index("emotion")
    sad = table.loc["sad"]
    assert sad["answers"] == 0
    assert (sad[["precision", "recall", "f1", "precision_high", "recall_high"]] == 0).all()
    assert (table.loc["happy", ["precision", "recall_low", "f1_high"]] == 1).all()


@pytest.mark.filterwarnings("error")
def test_an_emotion_that_some_draws_are_without_has_no_interval_of_its_recall():
    one = FRAGMENT["actor"].iloc[0]
    few = FRAGMENT[(FRAGMENT["emotion"] != "sad") | (FRAGMENT["actor"] == one)]
    table = by_class.class_table(long(few, MODELS[:1]), NAMES, SEED).set_index("emotion")
    unknown = ["recall_low", "recall_high", "f1_low", "f1_high"]
    assert table.loc["sad", unknown].isna().all()
    assert table.loc["sad", ["recall", "precision_low"]].notna().all()
    assert table.loc["happy", unknown].notna().all()


def test_a_single_actor_has_no_intervals():
    one = ANSWERS[ANSWERS["actor"] == ANSWERS["actor"].iloc[0]]
    assert by_class.class_table(one, NAMES, SEED).filter(like="_low").isna().all(axis=None)
    table = pairs.pair_table(one, MODELS, NAMES, SEED)
    assert table.filter(like="_high").isna().all(axis=None)
    assert table["p_holm"].tolist() == [1, 1, 1]


def test_every_pair_has_the_figures_of_a_comparison_of_just_the_two():
    table = pairs.pair_table(ANSWERS, MODELS, NAMES, SEED)
    assert table[["model", "other"]].to_numpy().tolist() == [
        list(pair) for pair in combinations(MODELS, 2)
    ]
    for row in table.to_dict("records"):
        one, other = (ANSWERS[ANSWERS["model"] == row[side]] for side in ("model", "other"))
        expected = paired.compare(one, other, SEED)
        assert {key: row[key] for key in expected} == pytest.approx(expected, abs=1e-15)


def test_the_p_of_a_pair_is_scipys_of_the_actors_accuracies():
    table = pairs.pair_table(ANSWERS, MODELS, NAMES, SEED)
    by_actor = FRAGMENT[MODELS].eq(FRAGMENT["emotion"], axis=0).groupby(FRAGMENT["actor"]).mean()
    for row in table.itertuples():
        apart = (by_actor[row.model] - by_actor[row.other]).round(12)
        assert row.p == pytest.approx(wilcoxon(apart[apart != 0]).pvalue)
    ordered = np.sort(table["p"])
    stepped = np.minimum(1, np.maximum.accumulate(ordered * [3, 2, 1]))
    np.testing.assert_allclose(np.sort(table["p_holm"]), stepped)


def test_the_interval_of_a_pair_is_scipys_bootstrap_of_both_models_together(few_draws):
    table = pairs.pair_table(ANSWERS, MODELS, NAMES, SEED)
    row = table[(table["model"] == MODELS[0]) & (table["other"] == MODELS[2])].iloc[0]

    def apart(clips):
        ours, others = (
            recall_score(clips["emotion"], clips[model], average="macro", zero_division=0)
            for model in (MODELS[0], MODELS[2])
        )
        return ours - others

    expected = bootstrapped(apart, few_draws)
    assert row["uar_difference_low"] == pytest.approx(expected.low)
    assert row["uar_difference_high"] == pytest.approx(expected.high)


def test_models_that_differ_on_known_clips():
    """One wrong answer of four for each of five actors: 25 points, without doubt as to how many."""
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
    table = pairs.pair_table(long(wide, models), models, emotions, SEED)
    ahead, equal, behind = table.to_dict("records")
    for metric in ("accuracy", "uar"):
        for end in ("", "_low", "_high"):
            assert ahead[f"{metric}_difference{end}"] == 0.25
            assert equal[f"{metric}_difference{end}"] == 0
            assert behind[f"{metric}_difference{end}"] == -0.25
    assert ahead["p"] == behind["p"] == 2 / 2**5
    assert equal["p"] == 1
    assert [row["p_holm"] for row in (ahead, equal, behind)] == [3 / 16, 1, 3 / 16]


def test_the_order_of_the_answers_does_not_matter():
    shuffled = ANSWERS.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        pairs.pair_table(ANSWERS, MODELS, NAMES, SEED),
        pairs.pair_table(shuffled, MODELS, NAMES, SEED),
    )


@pytest.mark.parametrize("models", [[], MODELS[:1]])
def test_fewer_than_two_models_have_no_pairs(models):
    table = pairs.pair_table(ANSWERS, models, NAMES, SEED)
    assert table.empty
    assert list(table) == list(pairs.pair_table(ANSWERS, MODELS, NAMES, SEED))


def test_models_that_answered_different_clips_are_refused():
    with pytest.raises(Refusal, match="crnn_attention and logistic_regression answered different"):
        pairs.pair_table(ANSWERS.iloc[:-1], MODELS, NAMES, SEED)
