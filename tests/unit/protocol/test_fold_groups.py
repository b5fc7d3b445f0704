"""The natural order of units, held against a definition in a few lines."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from natsort import natsorted

from serfusion.protocol.fold_groups import natural_key


def definition(name: str) -> list[str | int]:
    """Return a sort key: the text of a name as it is, and the numbers in it as numbers."""
    parts = re.split(r"(\d+)", name)
    return [int(part) if number % 2 else part for number, part in enumerate(parts)]


def is_plain(name: str) -> bool:
    """Return whether natsort changes no character of a name, and sees no number in ² or ①."""
    decomposed = unicodedata.normalize("NFD", name) == name
    return decomposed and not any(char.isdigit() and not char.isdecimal() for char in name)


CHARACTERS = st.one_of(st.sampled_from("0123456789"), st.sampled_from("aZ/_- .+"), st.characters())
NAMES = st.text(CHARACTERS, max_size=8).filter(is_plain)


@given(NAMES, NAMES)
def test_keys_compare_as_the_definition_says(first, second):
    assert (natural_key(first) < natural_key(second)) == (definition(first) < definition(second))
    assert (natural_key(first) == natural_key(second)) == (definition(first) == definition(second))


@given(st.lists(NAMES))
def test_names_are_sorted_as_the_definition_says(names):
    assert natsorted(names) == sorted(names, key=natural_key) == sorted(names, key=definition)


@given(NAMES, NAMES, NAMES)
def test_a_range_covers_the_names_that_the_definition_puts_between(low, name, high):
    within = natural_key(low) <= natural_key(name) <= natural_key(high)
    assert within == (definition(low) <= definition(name) <= definition(high))


def test_2_comes_before_10_and_accents_after_their_letter():
    names = ["a/10", "a/2", "a/b1", "a/01", "b/1", "a/é", "a/f", "a/e"]
    expected = ["a/01", "a/2", "a/10", "a/b1", "a/e", "a/é", "a/f", "b/1"]
    assert natsorted(names) == expected
