"""Calibration against scikit-learn, a plain bootstrap and a case worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve

from real_answers import CERTAIN
from serfusion.evaluation.calibration import BINS, bin_of, calibration_table

NAMES = ["angry", "happy", "neutral", "sad"]


def sure(actors: int = 9, clips: int = 40, sharpness: float = 2.0) -> pd.DataFrame:
    """Return made-up answers with the probabilities of a softmax, surer than right or less."""
    random = np.random.default_rng(int(10 * sharpness))
    truth = np.arange(actors * clips) % 4
    scores = random.normal(size=(len(truth), 4)) + 1.2 * np.eye(4)[truth]
    chances = np.exp(sharpness * scores)
    chances = (chances / chances.sum(axis=1, keepdims=True)).astype(np.float32)
    answers = {
        "model": f"sharp_{sharpness}",
        "actor": [f"made/{n // clips}" for n in range(len(truth))],
        "emotion": np.array(NAMES)[truth],
        "predicted": np.array(NAMES)[chances.argmax(axis=1)],
    }
    return pd.DataFrame(answers | {f"p_{name}": chances[:, at] for at, name in enumerate(NAMES)})


PREDICTIONS = pd.concat([sure(), sure(sharpness=0.5), CERTAIN], ignore_index=True)
TABLE = calibration_table(PREDICTIONS, seed=3)


@pytest.mark.parametrize("model", ["sharp_2.0", "sharp_0.5", "crnn_attention"])
def test_bins_are_those_of_scikit_learn(model):
    own = PREDICTIONS[PREDICTIONS["model"] == model]
    confidence = own.filter(like="p_").max(axis=1).astype(float)
    right = own["emotion"] == own["predicted"]
    share, mean = calibration_curve(right, confidence, n_bins=BINS)
    bins = TABLE[(TABLE["model"] == model) & TABLE["ece"].isna()]
    assert bins["low"].tolist() == [at / 10 for at in range(10)]
    assert bins["high"].tolist() == [at / 10 for at in range(1, 11)]
    filled = bins[bins["clips"] > 0]
    np.testing.assert_allclose(filled["accuracy"], share)
    np.testing.assert_allclose(filled["confidence"], mean)
    assert bins.loc[bins["clips"] == 0, ["confidence", "accuracy"]].isna().all(axis=None)
    whole = TABLE[(TABLE["model"] == model) & TABLE["ece"].notna()].iloc[0]
    gaps = (filled["accuracy"] - filled["confidence"]).abs()
    assert whole["ece"] == pytest.approx(np.average(gaps, weights=filled["clips"]))
    assert (whole["low"], whole["high"], whole["clips"]) == (0, 1, len(own))
    assert whole["accuracy"] == right.mean() and whole["confidence"] == confidence.mean()


def by_hand(actors: list[str]) -> pd.DataFrame:
    """Return four answers, sure by 0.95 (right and wrong), 0.55 (right) and 0.35 (wrong)."""
    top = np.array([0.95, 0.95, 0.55, 0.35])
    others = {f"p_{name}": (1 - top) / 3 for name in NAMES[1:]}
    truth = ["angry", "sad", "angry", "happy"]
    answers = {"model": "m", "actor": actors, "emotion": truth, "predicted": "angry"}
    return pd.DataFrame(answers | {"p_angry": top} | others)


def test_the_error_of_four_answers_is_that_worked_out_by_hand():
    whole = calibration_table(by_hand(["a", "a", "b", "b"]), seed=1).iloc[-1]
    assert whole["ece"] == pytest.approx((2 * 0.45 + 0.45 + 0.35) / 4)
    # a alone has 0.45, b alone 0.4; the extremes of drawing two of two are each twice.
    assert whole["ece_low"] == pytest.approx(0.4) and whole["ece_high"] == pytest.approx(0.45)


def test_a_single_actor_has_no_interval():
    whole = calibration_table(by_hand(["a"] * 4), seed=1).iloc[-1]
    assert whole["ece"] == pytest.approx(0.425)
    assert np.isnan([whole["ece_low"], whole["ece_high"]]).all()


def test_the_interval_is_that_of_a_plain_bootstrap_over_actors():
    own = PREDICTIONS[PREDICTIONS["model"] == "sharp_2.0"]
    confidence = own.filter(like="p_").max(axis=1).to_numpy(dtype=float)
    right = (own["emotion"] == own["predicted"]).to_numpy()
    actors = own["actor"].astype("category").cat.codes.to_numpy()
    random, errors = np.random.default_rng(8), []
    for _ in range(3000):
        drawn = random.integers(0, 9, 9)
        clips = np.concatenate([np.flatnonzero(actors == actor) for actor in drawn])
        bins = np.ceil(10 * confidence[clips]).astype(int)
        gaps = [(right[clips] - confidence[clips])[bins == number].sum() for number in range(1, 11)]
        errors.append(np.abs(gaps).sum() / len(clips))
    whole = TABLE[(TABLE["model"] == "sharp_2.0") & TABLE["ece"].notna()].iloc[0]
    low, high = np.percentile(errors, [2.5, 97.5])
    assert whole["ece_low"] == pytest.approx(low, abs=0.01)
    assert whole["ece_high"] == pytest.approx(high, abs=0.01)


def test_bins_are_open_below_and_closed_above():
    assert bin_of(np.array([0.1, 0.100001, 0.5, 0.9, 0.95, 1.0])).tolist() == [0, 1, 4, 8, 9, 9]


def test_a_model_that_is_always_surely_right_has_no_error():
    answers = by_hand(["a", "a", "b", "b"]).assign(emotion="angry", p_angry=1.0)
    whole = calibration_table(answers, seed=1).iloc[-1]
    assert (whole["ece"], whole["ece_low"], whole["ece_high"]) == (0, 0, 0)
