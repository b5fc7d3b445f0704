"""The signed-rank test against enumeration, and Holm's correction against values from R."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from serfusion.evaluation.differences import holm, signed_rank_p


@pytest.mark.parametrize("zeros", [0, 4])
@pytest.mark.parametrize(
    "differences",
    [[0.1, -0.2, 0.3, 0.4, 0.5, 0.6, -0.7, 0.8], [0.1, 0.1, -0.1, 0.2, 0.2, 0.3, 0.3]],
    ids=["without ties", "with ties"],
)
def test_the_signed_rank_p_is_the_share_of_all_signs_as_extreme(differences, zeros):
    ranks = rankdata(np.abs(differences))
    sums = [np.dot(ranks, signs) for signs in product((-1, 1), repeat=len(ranks))]
    observed = np.abs(np.dot(ranks, np.sign(differences)))
    expected = np.mean(np.abs(sums) >= observed - 1e-9)
    with_zeros = np.array([*differences, *[0.0] * zeros])
    assert signed_rank_p(with_zeros) == pytest.approx(expected)


def test_equal_fractions_are_ties_whatever_their_last_digits():
    exact = np.array([1, 1, 1, -1, 1, 1, -1, 2, 1, 1, 1, 3, 1, 1, 1, 2])
    assert signed_rank_p((exact + 20) / 60 - 20 / 60) == signed_rank_p(exact / 60)


def test_holm_gives_the_figures_of_a_worked_example():
    """R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")."""
    corrected = holm([0.01, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(corrected, [0.03, 0.06, 0.06, 0.02])


FROM_R = [
    (0.838541367553, 1),
    (0.642193923795, 1),
    (0.680845947633, 1),
    (0.967833824309, 1),
    (0.71626938238, 1),
    (0.177096952723, 1),
    (5.23656777208e-05, 5.23656777208e-04),
    (0.0202732688798, 0.1419128821586),
    (0.00028140506198, 0.00253264555782),
    (0.0149877310796, 0.1199018486368),
]
"""p-values and what R's package multtest makes of them, as statsmodels 0.15 publishes both."""


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [
        tuple(zip(*FROM_R, strict=True)),
        ([0.002, 0.004, 0.006, 0.008, 0.01, 0.012], [0.012, 0.02, 0.024, 0.024, 0.024, 0.024]),
        (
            [0.001, 0.002, 0.003, 0.004, 0.005, 0.05, 0.06, 0.07, 0.08, 0.09],
            [0.01, 0.018, 0.024, 0.028, 0.03, 0.25, 0.25, 0.25, 0.25, 0.25],
        ),
    ],
)
def test_holm_gives_the_figures_of_r(p_values, expected):
    np.testing.assert_allclose(holm(p_values), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [([], []), ([0.2], [0.2]), ([1], [1]), ([0, 1], [0, 1]), ([0.01] * 3, [0.03] * 3)],
)
def test_holm_of_none_of_one_and_of_ties(p_values, expected):
    corrected = holm(p_values)
    assert corrected.dtype == np.float64
    assert corrected.tolist() == expected


@settings(max_examples=30)  # statsmodels collects garbage in each call
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_is_its_definition_step_by_step(p_values):
    """Holm 1979: the i-th smallest of n is multiplied by n - i + 1, and none is below the last."""
    corrected, largest = {}, 0.0
    for step, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, (len(p_values) - step) * p_values[place])
        corrected[place] = min(1.0, largest)
    assert holm(p_values).tolist() == [corrected[place] for place in range(len(p_values))]


@settings(max_examples=10)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_holm_is_the_closure_of_bonferroni(p_values):
    places = range(len(p_values))
    subsets = [chosen for size in places for chosen in combinations(places, size + 1)]
    for place, corrected in enumerate(holm(p_values)):
        expected = max(
            min(1, len(chosen) * min(p_values[other] for other in chosen))
            for chosen in subsets
            if place in chosen
        )
        assert corrected == pytest.approx(expected)
