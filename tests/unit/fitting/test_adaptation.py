"""Adaptation: which clips are drawn, what is removed, and that no label is read."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serfusion.errors import Refusal
from serfusion.fitting.adaptation import Moments, adapted, drawn, shrunk
from serfusion.fitting.rows import Rows
from serfusion.study.names import ORIGINAL
from speech import clip_table

COLUMNS = 3
PLAIN = {"to": "speaker", "clips": 3, "statistics": "mean", "shrink": 1.0, "emotion": None}
SEED = 17


def made_rows(actors_by_role: dict[str, range], seed: int = 0, augmented: bool = True):
    """Return a dataset and rows of its actors, each with a mean and a deviation of its own."""
    random = np.random.default_rng(seed)
    dataset = clip_table(1 + max(max(actors) for actors in actors_by_role.values()))
    number = dataset["actor"].str.split("/").str[1].astype(int) - 1
    rows = {}
    for role, actors in actors_by_role.items():
        clips = dataset[number.isin(actors)]
        copies = [ORIGINAL, "noise"] if augmented and role == "train" else [ORIGINAL]
        keys = pd.concat([clips[["clip"]].assign(augmentation=copy) for copy in copies])
        keys = keys.sort_values(["clip", "augmentation"], ignore_index=True)
        place = keys["clip"].map(dict(zip(dataset["clip"], number, strict=True))).to_numpy()
        values = random.normal(size=(len(keys), COLUMNS)) * (1 + place[:, None])
        values = (values + 10 * place[:, None]).astype(np.float32)
        rows[role] = Rows(keys, values, np.zeros(len(keys), np.int64))
    return dataset, rows


ROLES = {"train": range(3), "validation": range(3, 5), "test": range(5, 7)}


def by_clip(rows: Rows) -> dict[tuple[str, str], list[float]]:
    keys = zip(rows.keys["clip"], rows.keys["augmentation"], strict=True)
    return dict(zip(keys, rows.values.tolist(), strict=True))


adaptations = st.fixed_dictionaries(
    {
        "to": st.sampled_from(["speaker", "corpus"]),
        "clips": st.sampled_from([1, 2, 5, "all"]),
        "statistics": st.sampled_from(["mean", "mean_and_deviation"]),
        "shrink": st.sampled_from([0.0, 1.0, 7.5]),
        "emotion": st.none(),
    }
)


@settings(deadline=None, max_examples=25)
@given(adapt=adaptations, seed=st.integers(0, 99))
def test_no_label_is_read(adapt, seed):
    dataset, rows = made_rows(ROLES)
    shuffled = dataset.assign(
        emotion=dataset["emotion"].sample(frac=1, random_state=seed).to_numpy()
    )
    first, second = (adapted(rows, table, adapt, SEED) for table in (dataset, shuffled))
    assert first[1] == second[1]
    for role in rows:
        np.testing.assert_array_equal(first[0][role].values, second[0][role].values)
    without = adapted(rows, dataset.drop(columns="emotion"), adapt, SEED)
    np.testing.assert_array_equal(first[0]["test"].values, without[0]["test"].values)


@settings(deadline=None, max_examples=25)
@given(adapt=adaptations, seed=st.integers(0, 99))
def test_clips_that_are_drawn_are_not_scored(adapt, seed):
    dataset, rows = made_rows(ROLES)
    result, used = adapted(rows, dataset, adapt, seed)
    everyone = set(rows["test"].keys["clip"])
    scored = set(result["test"].keys["clip"])
    if adapt["clips"] == "all":
        assert used == {} and scored == everyone
        return
    names = [clip for clips in used.values() for clip in clips]
    assert not scored & set(names) and scored | set(names) == everyone
    groups = 2 if adapt["to"] == "speaker" else 1
    assert [len(clips) for clips in used.values()] == [adapt["clips"]] * groups
    assert len(result["train"].values) == len(rows["train"].values)
    missing = len(rows["validation"].values) - len(result["validation"].values)
    assert missing == groups * adapt["clips"]
    for group, clips in used.items():
        column = "actor" if adapt["to"] == "speaker" else "corpus"
        assert set(dataset.set_index("clip").loc[clips, column]) == {group}


@settings(deadline=None, max_examples=25)
@given(adapt=adaptations, order=st.integers(0, 99))
def test_the_order_of_rows_and_clips_changes_nothing(adapt, order):
    dataset, rows = made_rows(ROLES)
    mixed = {}
    for role, role_rows in rows.items():
        places = np.random.default_rng(order).permutation(len(role_rows.values))
        keys = role_rows.keys.iloc[places].reset_index(drop=True)
        mixed[role] = Rows(keys, role_rows.values[places], role_rows.targets[places])
    straight, used = adapted(rows, dataset, adapt, SEED)
    other, used_too = adapted(mixed, dataset.sample(frac=1, random_state=order), adapt, SEED)
    assert used == used_too
    for role in rows:
        expected, values = by_clip(straight[role]), by_clip(other[role])
        assert expected.keys() == values.keys()
        for key in expected:
            assert values[key] == pytest.approx(expected[key], rel=1e-5, abs=1e-4)


def test_infinite_shrinkage_leaves_rows_as_they_are():
    dataset, rows = made_rows(ROLES)
    for statistics in ("mean", "mean_and_deviation"):
        adapt = PLAIN | {"statistics": statistics, "shrink": float("inf")}
        result, _ = adapted(rows, dataset, adapt, SEED)
        np.testing.assert_array_equal(result["train"].values, rows["train"].values)
        expected = by_clip(rows["test"])
        assert all(expected[key] == values for key, values in by_clip(result["test"]).items())


def test_half_precision_survives():
    dataset, rows = made_rows(ROLES)
    half = {
        role: Rows(part.keys, part.values.astype(np.float16), part.targets)
        for role, part in rows.items()
    }
    result, _ = adapted(half, dataset, PLAIN | {"shrink": float("inf")}, SEED)
    assert result["train"].values.dtype == np.float16
    np.testing.assert_array_equal(result["train"].values, half["train"].values)


def test_training_clips_whose_groups_have_the_usual_mean_stay_as_they_are():
    """Each actor's clips are balanced around zero, and adapted by all of them."""
    dataset, rows = made_rows(ROLES, augmented=False)
    train = rows["train"]
    actors = train.keys["clip"].map(dataset.set_index("clip")["actor"]).to_numpy()
    values = np.zeros_like(train.values)
    for actor in np.unique(actors):
        places = np.flatnonzero(actors == actor)
        values[places] = np.where(np.arange(len(places)) % 2, 1, -1)[:, None]
    rows = rows | {"train": Rows(train.keys, values, train.targets)}
    result, _ = adapted(rows, dataset, PLAIN | {"clips": "all"}, SEED)
    np.testing.assert_allclose(result["train"].values, values, atol=1e-6)


def test_without_shrinkage_all_clips_get_the_moments_of_training():
    dataset, rows = made_rows(ROLES)
    adapt = PLAIN | {"clips": "all", "statistics": "mean_and_deviation", "shrink": 0.0}
    result, _ = adapted(rows, dataset, adapt, SEED)
    recorded = rows["train"].as_recorded()
    actor = dataset.set_index("clip")["actor"]
    by_actor = pd.DataFrame(recorded.values.astype(float)).groupby(
        recorded.keys["clip"].map(actor).to_numpy()
    )
    mean, variance = recorded.values.mean(axis=0), by_actor.var().mean().to_numpy()
    for part in result.values():
        part = part.as_recorded()
        for _, values in pd.DataFrame(part.values.astype(float)).groupby(
            part.keys["clip"].map(actor).to_numpy()
        ):
            np.testing.assert_allclose(values.mean(), mean, rtol=1e-4)
            np.testing.assert_allclose(values.var(), variance, rtol=1e-3)


def test_the_mean_is_removed_by_its_weight_and_from_copies_too():
    """Of three clips against one, a quarter of the distance remains."""
    dataset, rows = made_rows(ROLES)
    result, used = adapted(rows, dataset, PLAIN, SEED)
    usual = rows["train"].as_recorded().values.mean(axis=0)
    before, after = by_clip(rows["test"]), by_clip(result["test"])
    for actor, clips in used.items():
        mean = np.mean([before[clip, ORIGINAL] for clip in clips], axis=0)
        for (clip, copy), values in after.items():
            if (
                clip.startswith(actor.replace("/", "/"))
                or dataset.set_index("clip").loc[clip, "actor"] == actor
            ):
                expected = np.array(before[clip, copy]) - 0.75 * (mean - usual)
                np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-3)
    before, after = by_clip(rows["train"]), by_clip(result["train"])
    for clip in rows["train"].keys["clip"].unique():
        moved = [np.array(after[clip, copy]) - before[clip, copy] for copy in (ORIGINAL, "noise")]
        np.testing.assert_allclose(*moved, atol=1e-3)


def test_more_clips_are_the_fewer_ones_and_others():
    dataset = clip_table(1)
    few, many = (
        drawn(dataset["clip"], "made/01", PLAIN | {"clips": count}, SEED) for count in (2, 5)
    )
    assert many[:2] == few and len(set(many)) == 5
    assert drawn(dataset["clip"], "made/01", PLAIN | {"clips": 5}, SEED + 1) != many


def test_clips_of_one_emotion_are_drawn_for_the_test_alone():
    dataset, rows = made_rows(ROLES)
    emotions = dataset.set_index("clip")["emotion"]
    emotion = emotions.iloc[0]
    available = int(
        (dataset["actor"] == dataset["actor"].iloc[0])
        .eq(True)
        .mul(dataset["emotion"] == emotion)
        .sum()
    )
    adapt = PLAIN | {"clips": min(2, available), "emotion": emotion}
    result, used = adapted(rows, dataset, adapt, SEED)
    assert {emotions[clip] for clips in used.values() for clip in clips} == {emotion}
    plain, _ = adapted(rows, dataset, adapt | {"emotion": None}, SEED)
    for role in ("train", "validation"):
        np.testing.assert_array_equal(result[role].values, plain[role].values)


def test_too_few_clips_are_refused():
    dataset, rows = made_rows(ROLES)
    each = int((dataset["actor"] == dataset["actor"].iloc[0]).sum())
    with pytest.raises(Refusal, match=r"none is left to be scored: set adapt.clips lower, or to"):
        adapted(rows, dataset, PLAIN | {"clips": each}, SEED)
    with pytest.raises(Refusal, match=f"clips to draw from, and the model adapts by {each + 1}"):
        adapted(rows, dataset, PLAIN | {"clips": each + 1}, SEED)
    few = int((dataset[dataset["actor"] == dataset["actor"].iloc[0]]["emotion"] == "happy").sum())
    with pytest.raises(Refusal, match=f"has {few} happy clips to draw from"):
        adapted(rows, dataset, PLAIN | {"clips": few + 1, "emotion": "happy"}, SEED)


def test_a_training_group_with_fewer_clips_takes_what_it_has():
    names = pd.Series(["a", "b"])
    assert sorted(drawn(names, "g", PLAIN | {"clips": 5}, SEED, scored=False)) == ["a", "b"]


def test_a_model_that_is_not_adapted_keeps_its_rows():
    dataset, rows = made_rows(ROLES)
    assert adapted(rows, dataset, None, SEED) == (rows, {})


def test_constant_columns_do_not_divide_by_zero():
    dataset, rows = made_rows(ROLES)
    constant = {
        role: Rows(part.keys, np.full_like(part.values, 2), part.targets)
        for role, part in rows.items()
    }
    adapt = PLAIN | {"clips": 1, "statistics": "mean_and_deviation", "shrink": 0.0}
    result, _ = adapted(constant, dataset, adapt, SEED)
    assert (result["test"].values == 2).all()


def test_shrunk_moments():
    usual, group = (Moments(np.array([m]), np.array([v])) for m, v in ((0.0, 1.0), (10.0, 5.0)))
    estimated = shrunk(group, usual, clips=5, shrink=5)
    assert estimated.mean == pytest.approx(5) and estimated.variance == pytest.approx(1 + 4 * 4 / 9)
    assert shrunk(group, usual, clips=1, shrink=0).variance == 1
    assert shrunk(group, usual, clips=1, shrink=0).mean == 10
