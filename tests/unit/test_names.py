"""Names as they are written: one person has one name, one label one spelling."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serfusion.errors import Refusal
from serfusion.names import alike, clean_name, is_missing, name_key, refuse_alike


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jörg", unicodedata.normalize("NFD", "Jörg")),
        ("Anna", "anna"),
        ("Anna ", "Anna"),
        ("Anna\u00a0 Maria", "Anna Maria"),
        ("4", "4.0"),
        ("4", "04"),
        ("spk01", "spk1"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_name_have_one_key(first, second):
    assert name_key(first) == name_key(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("4", "40"), ("1", "10"), ("4.5", "4"), ("a1", "a11"), ("Anna", "Hanna"), ("100", "1")],
)
def test_other_names_have_other_keys(first, second):
    assert name_key(first) != name_key(second)


@given(st.text())
def test_cleaning_a_name_twice_changes_nothing(name):
    cleaned = clean_name(name)
    assert clean_name(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert name_key(cleaned) == name_key(name)


@given(st.lists(st.text(max_size=3), max_size=8))
def test_a_pair_is_two_spellings_of_one_name(names):
    for first, second in alike(names):
        assert first != second and {first, second} <= set(names)
        assert name_key(first) == name_key(second)
    assert len({name_key(name) for name in names}) == len(set(names)) - len(alike(names))


@pytest.mark.parametrize("word", ["", " ", "nan", "NA", "None", "-", "?", "n/a", "Unknown"])
def test_words_for_missing_are_missing(word):
    assert is_missing(word)


@pytest.mark.parametrize("word", ["sad", "nanny", "0", "no", "other", "neutral"])
def test_other_words_are_not(word):
    assert not is_missing(word)


def test_a_refusal_names_the_first_pair():
    with pytest.raises(Refusal) as refusal:
        refuse_alike(["b", "anna", "Anna", "4", "04"], "actors", "corpora.mine", "write one name")
    assert str(refusal.value) == (
        "corpora.mine: the actors '04' and '4' differ only in case, blanks, padding or a final .0 "
        "(and 1 more such pairs): write one name."
    )
