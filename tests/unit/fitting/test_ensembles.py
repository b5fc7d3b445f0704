"""The ensemble: means of probabilities, a temperature from validation clips, and its record."""

import numpy as np
import pandas as pd
import pytest

from serfusion.errors import Refusal
from serfusion.fitting.ensembles import average

EMOTIONS = ["angry", "happy", "sad"]
COLUMNS = [f"p_{name}" for name in EMOTIONS]
ROLES = ["train"] * 6 + ["validation"] * 60 + ["test"] * 9
TRUE = pd.Series(
    np.random.default_rng(0).choice(EMOTIONS, len(ROLES)), [f"c{n}" for n in range(len(ROLES))]
)
RECORDS = [{"parameters": 10, "train_seconds": 3.0}, {"parameters": 7, "train_seconds": 1.0}]


def answers(seed: int, sharpness: float = 1.0) -> pd.DataFrame:
    """Answers that are right more often than not."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=(len(TRUE), 3)) + 1.5 * np.eye(3)[np.searchsorted(EMOTIONS, TRUE)]
    values = np.exp(sharpness * scores)
    table = pd.DataFrame(values / values.sum(axis=1, keepdims=True), columns=COLUMNS)
    table = table.astype(np.float32)
    table.insert(0, "clip", TRUE.index)
    table.insert(1, "role", ROLES)
    table.insert(2, "predicted", np.array(EMOTIONS)[values.argmax(axis=1)])
    return table


def loss(table: pd.DataFrame, probabilities: np.ndarray, role: str) -> float:
    kept = (table["role"] == role).to_numpy()
    targets = np.searchsorted(EMOTIONS, table["clip"].map(TRUE)[kept])
    return -np.log(probabilities[kept][np.arange(kept.sum()), targets]).mean()


def test_it_decides_by_the_mean_of_the_probabilities():
    members = [answers(1), answers(2, 3.0), answers(3)]
    table, *_ = average(members, RECORDS, TRUE)
    means = np.mean([member[COLUMNS].to_numpy(float) for member in members], axis=0)
    assert table["predicted"].tolist() == [EMOTIONS[place] for place in means.argmax(axis=1)]
    np.testing.assert_array_equal(table[COLUMNS].to_numpy().argmax(axis=1), means.argmax(axis=1))
    pd.testing.assert_frame_equal(table[["clip", "role"]], members[0][["clip", "role"]])
    assert table.columns.tolist() == members[0].columns.tolist()


def test_its_probabilities_are_a_power_of_the_mean_that_fits_validation_best():
    members = [answers(1, 4.0), answers(2, 4.0)]
    table, temperature, _ = average(members, RECORDS, TRUE)
    means = np.mean([member[COLUMNS].to_numpy(float) for member in members], axis=0)

    def tempered(temperature):
        powers = means ** (1 / temperature)
        return powers / powers.sum(axis=1, keepdims=True)

    ours = table[COLUMNS].to_numpy(float)
    np.testing.assert_allclose(ours, tempered(temperature), atol=1e-6)
    np.testing.assert_allclose(ours.sum(axis=1), 1, atol=1e-6)
    best = loss(table, ours, "validation")
    assert best <= loss(table, means, "validation")
    for factor in (0.9, 1.1):
        assert best < loss(table, tempered(factor * temperature), "validation")


def test_test_clips_change_nothing_elsewhere():
    members = [answers(1), answers(2)]
    scrambled = [member.copy() for member in members]
    tested = np.array(ROLES) == "test"
    for member in scrambled:
        member.loc[tested, COLUMNS] = member.loc[tested, COLUMNS].to_numpy()[::-1]
    others = TRUE.where(~tested, "sad")
    (table, temperature, _), (other, again, _) = (
        average(members, RECORDS, TRUE),
        average(scrambled, RECORDS, others),
    )
    pd.testing.assert_frame_equal(table[~tested], other[~tested])
    assert temperature == again


def test_members_of_probability_zero_leave_it_finite():
    member = answers(1)
    member[COLUMNS] = np.eye(3, dtype=np.float32)[[0] * len(member)]
    table, *_ = average([member, member], RECORDS, TRUE)
    assert np.isfinite(table[COLUMNS].to_numpy()).all()


def test_its_record_counts_what_its_members_hold():
    *_, record = average([answers(1), answers(2)], RECORDS, TRUE)
    assert record["parameters"] == 17
    assert record["rows"] == ROLES.count("validation")


def test_members_with_answers_to_other_clips_are_refused():
    with pytest.raises(Refusal, match="have answers to different clips: delete their"):
        average([answers(1), answers(2)[::-1].reset_index(drop=True)], RECORDS, TRUE)
