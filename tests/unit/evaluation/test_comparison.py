"""Paired figures against hand computation, enumeration and a plain bootstrap; the arms' table."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata
from sklearn.metrics import accuracy_score, recall_score
from statsmodels.stats.multitest import multipletests

from serfusion.errors import Refusal
from serfusion.evaluation import comparison, intervals, paired

NAMES = np.array(["angry", "happy", "sad"])


def made(right: float, seed: int, actors: int = 9, clips: int = 12) -> pd.DataFrame:
    """Return made-up answers to the same clips, of which about `right` are right."""
    random = np.random.default_rng(seed)
    number = np.arange(actors * clips)
    truth = NAMES[number % 3]
    hit = random.random(len(number)) < right + 0.2 * np.sin(number // clips)
    return pd.DataFrame(
        {
            "clip": [f"made/{n:03d}" for n in number],
            "actor": [f"made/{n // clips:02d}" for n in number],
            "fold": 1 + number // clips % 3,
            "emotion": truth,
            "predicted": np.where(hit, truth, random.choice(NAMES, len(number))),
        }
    )


ONE, OTHER = made(0.6, 1), made(0.4, 2)


def test_the_differences_are_those_of_scikit_learns_figures():
    found = paired.compare(ONE, OTHER.sample(frac=1, random_state=0), seed=3)
    assert (found["clips"], found["actors"]) == (108, 9)
    for metric, score in (
        ("accuracy", accuracy_score),
        ("uar", lambda truth, answer: recall_score(truth, answer, average="macro")),
    ):
        ours, others = (score(side["emotion"], side["predicted"]) for side in (ONE, OTHER))
        assert found[metric] == pytest.approx(ours)
        assert found[f"other_{metric}"] == pytest.approx(others)
        assert found[f"{metric}_difference"] == pytest.approx(ours - others)


def test_the_interval_is_that_of_a_plain_paired_bootstrap_over_actors():
    found = paired.compare(ONE, OTHER, seed=3)
    actors = ONE["actor"].astype("category").cat.codes
    emotions = ONE["emotion"].map(list(NAMES).index)
    clips, one, other = (np.zeros((9, 3)) for _ in range(3))
    np.add.at(clips, (actors, emotions), 1)
    np.add.at(one, (actors, emotions), ONE["emotion"] == ONE["predicted"])
    np.add.at(other, (actors, emotions), OTHER["emotion"] == OTHER["predicted"])
    places = np.random.default_rng(4).integers(0, 9, (20000, 9))
    recalls = [hits[places].sum(axis=1) / clips[places].sum(axis=1) for hits in (one, other)]
    drawn = (recalls[0] - recalls[1]).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert found["uar_difference_low"] == pytest.approx(low, abs=0.015)
    assert found["uar_difference_high"] == pytest.approx(high, abs=0.015)


def test_pairing_narrows_the_interval_where_actors_are_hard_for_both():
    answers = made(0.5, 1)
    better = answers.copy()
    first_wrong = (answers["predicted"] != answers["emotion"]).groupby(answers["actor"]).idxmax()
    better.loc[first_wrong, "predicted"] = answers.loc[first_wrong, "emotion"]
    found = paired.compare(better, answers, seed=3)
    limits = found["accuracy_difference_low"], found["accuracy_difference_high"]
    assert limits == pytest.approx((1 / 12, 1 / 12))
    alone = intervals.over_actors(answers, list(NAMES), seed=3)
    assert alone["accuracy_high"] - alone["accuracy_low"] > 0.1


def test_a_model_against_itself_shows_nothing():
    found = paired.compare(ONE, ONE, seed=3)
    assert found["p"] == 1
    for metric in ("accuracy", "uar"):
        for figure in ("difference", "difference_low", "difference_high"):
            assert found[f"{metric}_{figure}"] == 0


def test_swapped_sides_change_the_sign_and_not_the_p():
    there, back = paired.compare(ONE, OTHER, seed=3), paired.compare(OTHER, ONE, seed=3)
    assert there["p"] == back["p"]
    for metric in ("accuracy", "uar"):
        assert there[metric] == back[f"other_{metric}"]
        assert there[f"{metric}_difference"] == -back[f"{metric}_difference"]
        low, high = f"{metric}_difference_low", f"{metric}_difference_high"
        assert there[low] == pytest.approx(-back[high])
        assert there[high] == pytest.approx(-back[low])


def test_a_single_actor_has_no_interval_and_no_significance():
    found = paired.compare(made(0.9, 1, actors=1), made(0.1, 2, actors=1), seed=3)
    assert np.isnan([found["uar_difference_low"], found["uar_difference_high"]]).all()
    assert found["p"] == 1


def test_only_shared_clips_count():
    found = paired.compare(ONE, OTHER[OTHER["emotion"] != "sad"], seed=3)
    own = ONE[ONE["emotion"] != "sad"]
    assert found["clips"] == 72
    assert found["accuracy"] == pytest.approx((own["emotion"] == own["predicted"]).mean())


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (
            OTHER.assign(clip="elsewhere/" + OTHER["clip"]),
            "the two have no test clip in common; compare models of the same corpora.",
        ),
        (
            OTHER.assign(emotion=OTHER["emotion"].replace("sad", "happy")),
            "the emotion of made/002 is sad on one side and happy on the other; use datasets that "
            "agree on it.",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(other, sentence):
    with pytest.raises(Refusal) as refusal:
        paired.compare(ONE, other, seed=3)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("zeros", [0, 4])
@pytest.mark.parametrize(
    "differences",
    [[0.1, -0.2, 0.3, 0.4, 0.5, 0.6, -0.7, 0.8], [0.1, 0.1, -0.1, 0.2, 0.2, 0.3, 0.3]],
    ids=["without ties", "with ties"],
)
def test_the_signed_rank_p_is_the_share_of_all_signs_as_extreme(differences, zeros):
    ranks = rankdata(np.abs(differences))
    sums = [np.dot(ranks, signs) for signs in product((-1, 1), repeat=len(ranks))]
    found = np.abs(np.dot(ranks, np.sign(differences)))
    expected = np.mean(np.abs(sums) >= found - 1e-9)
    given_zeros = np.array([*differences, *[0.0] * zeros])
    assert paired.signed_rank_p(given_zeros) == pytest.approx(expected)


def test_equal_fractions_are_ties_whatever_their_last_digits():
    exact = np.array([1, 1, 1, -1, 1, 1, -1, 2, 1, 1, 1, 3, 1, 1, 1, 2])
    assert paired.signed_rank_p((exact + 20) / 60 - 20 / 60) == paired.signed_rank_p(exact / 60)


def test_holm_gives_the_figures_of_a_worked_example():
    """R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")."""
    corrected = paired.holm([0.01, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(corrected, [0.03, 0.06, 0.06, 0.02])


@settings(max_examples=20)  # statsmodels collects garbage each time
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_is_that_of_statsmodels(p_values):
    expected = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(paired.holm(p_values), expected, rtol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_holm_is_the_closure_of_bonferroni(p_values):
    places = range(len(p_values))
    subsets = [chosen for size in places for chosen in combinations(places, size + 1)]
    for place, corrected in enumerate(paired.holm(p_values)):
        expected = max(
            min(1, len(chosen) * min(p_values[other] for other in chosen))
            for chosen in subsets
            if place in chosen
        )
        assert corrected == pytest.approx(expected)


def predictions(answers: pd.DataFrame, model: str, names=NAMES) -> pd.DataFrame:
    """Return answers with probabilities: 0.6 for what was answered, less for the next ones."""
    for name in names:
        place = (list(names).index(name) - answers["predicted"].map(list(names).index)) % len(names)
        answers = answers.assign(**{f"p_{name}": 0.6 / (1 + place)})
    return answers.assign(model=model)


ARMS = [
    {"question": None, "label": "whole", "experiment": "a", "model": "m"},
    {"question": "Q?", "label": "part", "experiment": "a", "model": "n"},
    {"question": "Q?", "label": "fewer", "experiment": "b", "model": "m"},
]


def tables(few: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "a": pd.concat([predictions(ONE, "m"), predictions(OTHER, "n")]),
        "b": predictions(few, "m", NAMES[:2]),
    }


def test_the_table_has_each_arm_on_the_clips_it_shares_with_the_baseline():
    few = ONE[ONE["emotion"] != "sad"].assign(predicted="angry")
    table = comparison.comparison_table(ARMS, tables(few), seed=3).set_index("label")
    whole, part, fewer = table.loc["whole"], table.loc["part"], table.loc["fewer"]
    assert table["clips"].tolist() == [108, 108, 72]
    assert table["emotions"].tolist() == [3, 3, 2]
    alone = intervals.over_actors(OTHER, list(NAMES), seed=3)
    for figure in ("accuracy", "accuracy_low", "uar_high"):
        assert part[figure] == alone[figure]
    by_fold = (OTHER["emotion"] == OTHER["predicted"]).groupby(OTHER["fold"]).mean()
    assert part["accuracy_mean"] == pytest.approx(by_fold.mean())
    assert part["accuracy_std"] == pytest.approx(by_fold.std(ddof=0))
    assert part["baseline_uar"] == whole["uar"]
    assert pd.isna(whole[["question", "accuracy_difference", "p", "p_holm"]]).all()
    assert fewer["accuracy"] == fewer["uar"] == 0.5
    np.testing.assert_array_equal(table["p_holm"].iloc[1:], paired.holm(table["p"].iloc[1:]))


def test_where_emotions_differ_either_side_chooses_among_those_both_know():
    few = ONE[ONE["emotion"] != "sad"]
    few = few.assign(predicted=few["predicted"].replace("sad", "angry"))
    table = comparison.comparison_table([ARMS[0], ARMS[2]], tables(few), seed=3)
    arm = table.iloc[1]
    assert arm["accuracy_difference"] == 0 and arm["p"] == 1
    assert arm["baseline_accuracy"] == (few["emotion"] == few["predicted"]).mean()


def test_a_refusal_names_the_arm():
    nobody = tables(ONE.assign(clip="x/" + ONE["clip"], predicted="angry"))
    with pytest.raises(Refusal, match=r"^fewer \(b\) against whole \(a\): the two have no test"):
        comparison.comparison_table(ARMS, nobody, seed=3)
