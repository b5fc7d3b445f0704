"""Accuracy by group against scikit-learn, the pooled bootstrap and cases with known results."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score

from real_answers import ANSWERS, FRAGMENT, MODELS
from real_answers import NAMES as EMOTIONS
from serfusion.evaluation import groups
from serfusion.evaluation.intervals import pooled_scores
from serfusion.evaluation.ranking import ranked_by_validation
from speech import clip_table

NAMES = ["angry", "happy", "neutral", "sad"]


def random_predictions(clips: pd.DataFrame, models=("one", "other")) -> pd.DataFrame:
    """Return predictions, about half of them correct, in random order."""
    random = np.random.default_rng(5)
    keys = clips[["clip", "corpus", "actor", "gender", "emotion"]]
    tables = [
        keys.assign(
            fold=1,
            model=model,
            predicted=np.where(
                random.random(len(clips)) < 0.4, clips["emotion"], random.choice(NAMES, len(clips))
            ),
        ).sample(frac=1, random_state=1)
        for model in models
    ]
    return pd.concat(tables, ignore_index=True)


CLIPS = pd.concat([clip_table(7), clip_table(4, per_actor=12, corpus="more")], ignore_index=True)
CLIPS["duration_s"] = np.linspace(1, 4, len(CLIPS)).astype("float32")
PREDICTIONS = random_predictions(CLIPS)
TABLE = groups.group_table(PREDICTIONS, CLIPS, seed=3)


@pytest.mark.parametrize("by", ["emotion", "gender", "actor", "corpus"])
def test_figures_are_those_of_each_groups_clips_alone(by):
    rows = TABLE[TABLE["by"] == by].set_index(["model", "group"])
    assert len(rows) == 2 * CLIPS[by].nunique()
    for key, group in PREDICTIONS.groupby(["model", by]):
        row = rows.loc[key]
        assert row["accuracy"] == accuracy_score(group["emotion"], group["predicted"])
        assert (row["clips"], row["actors"]) == (len(group), group["actor"].nunique())
        alone = pooled_scores(group, NAMES, seed=3)
        for limit in ("accuracy_low", "accuracy_high"):
            np.testing.assert_allclose(row[limit], alone[limit])


@pytest.mark.parametrize("by", ["emotion", "gender", "actor", "intensity"])
def test_figures_of_real_predictions_are_those_of_each_groups_clips_alone(by):
    name = r"-(?P<intensity>0[12])-(?P<sentence>0[12])-0[12]-(?P<actor>\d\d)$"
    fields = FRAGMENT["clip"].str.extract(name)
    odd = fields["actor"].astype(int) % 2 == 1
    clips = FRAGMENT[["clip", "actor", "emotion"]].assign(
        corpus="ravdess",
        gender=np.where(odd, "male", "female"),
        intensity=fields["intensity"].map({"01": "normal", "02": "strong"}),
        sentence=fields["sentence"],
        duration_s=3.5,
    )
    rows = groups.group_table(ANSWERS, clips, seed=3).query("by == @by")
    assert len(rows) == len(MODELS) * clips[by].nunique()
    for row in rows.to_dict("records"):
        predictions = ANSWERS[ANSWERS["model"] == row["model"]]
        in_group = predictions["clip"].isin(clips.loc[clips[by] == row["group"], "clip"])
        group = predictions[in_group]
        alone = pooled_scores(group, EMOTIONS, seed=3)
        assert row["accuracy"] == accuracy_score(group["emotion"], group["predicted"])
        for limit in ("accuracy_low", "accuracy_high"):
            np.testing.assert_allclose(row[limit], alone[limit])


def test_the_interval_is_that_of_a_plain_bootstrap_pooled_scores():
    group = PREDICTIONS[(PREDICTIONS["model"] == "other") & (PREDICTIONS["gender"] == "female")]
    correct = group["emotion"] == group["predicted"]
    counts = correct.groupby(group["actor"]).agg(["sum", "size"]).to_numpy()
    random = np.random.default_rng(4)
    drawn = counts[random.integers(0, len(counts), (20000, len(counts)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    row = TABLE.query("model == 'other' and by == 'gender' and group == 'female'").iloc[0]
    assert row["accuracy_low"] == pytest.approx(low, abs=0.02)
    assert row["accuracy_high"] == pytest.approx(high, abs=0.02)


def test_every_clip_is_in_one_group_of_each_kind():
    clips = TABLE.groupby(["model", "by"])["clips"].sum()
    assert (clips == len(CLIPS)).all()
    correct = (TABLE["accuracy"] * TABLE["clips"]).groupby([TABLE["model"], TABLE["by"]]).sum()
    for (model, _), number in correct.items():
        predictions = PREDICTIONS[PREDICTIONS["model"] == model]
        expected = (predictions["emotion"] == predictions["predicted"]).sum()
        assert number == pytest.approx(expected)


def test_a_group_of_a_single_actor_has_no_interval():
    has_interval = TABLE[["accuracy_low", "accuracy_high"]].notna().all(axis=1)
    assert (has_interval == (TABLE["actors"] > 1)).all()
    assert not has_interval[TABLE["by"] == "actor"].any()


def test_clips_of_unknown_property_are_a_group_and_an_unknown_property_is_left_out():
    clips = CLIPS.assign(gender=CLIPS["gender"].where(CLIPS["actor"] != "made/001"))
    table = groups.group_table(random_predictions(clips), clips, seed=3)
    genders = table.query("by == 'gender' and model == 'one'").set_index("group")
    assert list(genders.index) == ["female", "male", "unknown"]
    assert (genders.loc["unknown", "clips"], genders.loc["unknown", "actors"]) == (8, 1)
    assert set(table["by"]) == set(groups.BY) - {"intensity"}


def test_rows_are_in_the_order_of_models_and_in_natural_order():
    assert list(TABLE["model"].unique()) == ["one", "other"]
    assert list(TABLE["by"].unique()) == [by for by in groups.BY if by != "intensity"]
    sentences = TABLE.query("by == 'sentence' and model == 'one'")["group"]
    assert list(sentences) == ["made/dogs", "made/kids", "more/dogs", "more/kids"]
    shuffled = PREDICTIONS.groupby("model", sort=False).sample(frac=1, random_state=9)
    again = groups.group_table(shuffled, CLIPS.sample(frac=1, random_state=2), seed=3)
    pd.testing.assert_frame_equal(again, TABLE)


def test_lengths_are_in_quarters_named_by_their_bounds():
    lengths = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8])
    assert groups.length_quarters(lengths).tolist() == (
        ["1.00 to 2.75 s"] * 2
        + ["2.75 to 4.50 s"] * 2
        + ["4.50 to 6.25 s"] * 2
        + ["6.25 to 8.00 s"] * 2
    )


@pytest.mark.parametrize(
    ("lengths", "names"),
    [
        ([2.0] * 5, {"2.00 to 2.00 s"}),
        ([1.0] * 9 + [3.0], {"1.00 to 3.00 s"}),
        ([1.0, 2, 2, 2, 3], {"1.00 to 2.00 s", "2.00 to 3.00 s"}),
        ([2.001, 2.002, 2.003, 2.004], {"2.00 to 2.00 s"}),
    ],
)
def test_equal_quartiles_give_fewer_quarters(lengths, names):
    assert set(groups.length_quarters(pd.Series(lengths))) == names


def test_models_are_ranked_by_validation_not_by_test():
    rows = [("a", 1, "validation", 0.4), ("a", 2, "validation", 0.8), ("a", 1, "test", 0.9)]
    rows += [("b", 1, "validation", 0.7), ("b", 2, "validation", 0.6), ("b", 1, "test", 0.1)]
    rows += [("floor", 1, "validation", 1.0)]
    metrics = pd.DataFrame(rows, columns=["model", "fold", "role", "accuracy"])
    ranked = ranked_by_validation(metrics, ["a", "b"])
    assert ranked.index.tolist() == ["b", "a"]
    np.testing.assert_allclose(ranked, [0.65, 0.6])
    equal = ranked_by_validation(metrics.assign(accuracy=0.5), ["b", "a"])
    assert equal.index.tolist() == ["b", "a"]
