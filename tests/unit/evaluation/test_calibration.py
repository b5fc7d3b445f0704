"""Calibration against scikit-learn, a plain bootstrap and a case worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve

from real_answers import CERTAIN
from serfusion.evaluation.calibration import BINS, bin_numbers, calibration_table

NAMES = ["angry", "happy", "neutral", "sad"]


def random_predictions(actors: int = 9, clips: int = 40, sharpness: float = 2.0) -> pd.DataFrame:
    """Return predictions with probabilities of a softmax, too confident or not enough."""
    random = np.random.default_rng(int(10 * sharpness))
    truth = np.arange(actors * clips) % 4
    scores = random.normal(size=(len(truth), 4)) + 1.2 * np.eye(4)[truth]
    probabilities = np.exp(sharpness * scores)
    probabilities = (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(np.float32)
    columns = {
        "model": f"sharp_{sharpness}",
        "actor": [f"made/{n // clips}" for n in range(len(truth))],
        "emotion": np.array(NAMES)[truth],
        "predicted": np.array(NAMES)[probabilities.argmax(axis=1)],
    }
    columns |= {f"p_{name}": probabilities[:, number] for number, name in enumerate(NAMES)}
    return pd.DataFrame(columns)


PREDICTIONS = pd.concat(
    [random_predictions(), random_predictions(sharpness=0.5), CERTAIN], ignore_index=True
)
TABLE = calibration_table(PREDICTIONS, seed=3)


@pytest.mark.parametrize("model", ["sharp_2.0", "sharp_0.5", "crnn_attention"])
def test_bins_are_those_of_scikit_learn(model):
    predictions = PREDICTIONS[PREDICTIONS["model"] == model]
    confidence = predictions.filter(like="p_").max(axis=1).astype(float)
    correct = predictions["emotion"] == predictions["predicted"]
    share, mean = calibration_curve(correct, confidence, n_bins=BINS)
    bins = TABLE[(TABLE["model"] == model) & TABLE["ece"].isna()]
    assert bins["low"].tolist() == [number / 10 for number in range(10)]
    assert bins["high"].tolist() == [number / 10 for number in range(1, 11)]
    filled = bins[bins["clips"] > 0]
    np.testing.assert_allclose(filled["accuracy"], share)
    np.testing.assert_allclose(filled["confidence"], mean)
    assert bins.loc[bins["clips"] == 0, ["confidence", "accuracy"]].isna().all(axis=None)
    all_clips = TABLE[(TABLE["model"] == model) & TABLE["ece"].notna()].iloc[0]
    gaps = (filled["accuracy"] - filled["confidence"]).abs()
    assert all_clips["ece"] == pytest.approx(np.average(gaps, weights=filled["clips"]))
    assert (all_clips["low"], all_clips["high"], all_clips["clips"]) == (0, 1, len(predictions))
    assert all_clips["accuracy"] == correct.mean() and all_clips["confidence"] == confidence.mean()


def by_hand(actors: list[str]) -> pd.DataFrame:
    """Return four predictions: 0.95 (one correct, one wrong), 0.55 (correct) and 0.35 (wrong)."""
    confidence = np.array([0.95, 0.95, 0.55, 0.35])
    others = {f"p_{name}": (1 - confidence) / 3 for name in NAMES[1:]}
    truth = ["angry", "sad", "angry", "happy"]
    columns = {"model": "m", "actor": actors, "emotion": truth, "predicted": "angry"}
    return pd.DataFrame(columns | {"p_angry": confidence} | others)


def test_the_error_of_four_predictions_is_that_worked_out_by_hand():
    all_clips = calibration_table(by_hand(["a", "a", "b", "b"]), seed=1).iloc[-1]
    assert all_clips["ece"] == pytest.approx((2 * 0.45 + 0.45 + 0.35) / 4)
    # Actor a alone has 0.45, b alone 0.4; each is a quarter of all resamples of two actors.
    assert all_clips["ece_low"] == pytest.approx(0.4) and all_clips["ece_high"] == pytest.approx(
        0.45
    )


def test_a_single_actor_has_no_interval():
    all_clips = calibration_table(by_hand(["a"] * 4), seed=1).iloc[-1]
    assert all_clips["ece"] == pytest.approx(0.425)
    assert np.isnan([all_clips["ece_low"], all_clips["ece_high"]]).all()


def test_the_interval_is_that_of_a_plain_bootstrap_over_actors():
    predictions = PREDICTIONS[PREDICTIONS["model"] == "sharp_2.0"]
    confidence = predictions.filter(like="p_").max(axis=1).to_numpy(dtype=float)
    correct = (predictions["emotion"] == predictions["predicted"]).to_numpy()
    actors = predictions["actor"].astype("category").cat.codes.to_numpy()
    random, errors = np.random.default_rng(8), []
    for _ in range(3000):
        drawn = random.integers(0, 9, 9)
        clips = np.concatenate([np.flatnonzero(actors == actor) for actor in drawn])
        bins = np.ceil(10 * confidence[clips]).astype(int)
        differences = correct[clips] - confidence[clips]
        gaps = [differences[bins == number].sum() for number in range(1, 11)]
        errors.append(np.abs(gaps).sum() / len(clips))
    all_clips = TABLE[(TABLE["model"] == "sharp_2.0") & TABLE["ece"].notna()].iloc[0]
    low, high = np.percentile(errors, [2.5, 97.5])
    assert all_clips["ece_low"] == pytest.approx(low, abs=0.01)
    assert all_clips["ece_high"] == pytest.approx(high, abs=0.01)


def test_bins_are_open_below_and_closed_above():
    assert bin_numbers(np.array([0.1, 0.100001, 0.5, 0.9, 0.95, 1.0])).tolist() == [
        0,
        1,
        4,
        8,
        9,
        9,
    ]


def test_a_model_that_is_always_certain_and_correct_has_no_error():
    predictions = by_hand(["a", "a", "b", "b"]).assign(emotion="angry", p_angry=1.0)
    all_clips = calibration_table(predictions, seed=1).iloc[-1]
    assert (all_clips["ece"], all_clips["ece_low"], all_clips["ece_high"]) == (0, 0, 0)
