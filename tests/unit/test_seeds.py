"""Seeds that depend on what is drawn for."""

from hypothesis import given
from hypothesis import strategies as st

from serfusion.seeds import seed_for


@given(st.integers(0, 2**40), st.text(), st.text())
def test_seeds_are_32_bits_and_depend_on_every_name(seed, one, other):
    assert 0 <= seed_for(seed, one, other) < 2**32
    assert seed_for(seed, one, other) == seed_for(seed, one, other)
    assert (seed_for(seed, one) == seed_for(seed, other)) == (one == other)
