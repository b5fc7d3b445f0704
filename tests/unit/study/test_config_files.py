"""Configuration files as they are written."""

from pathlib import Path

import pytest

from serfusion.errors import Refusal
from serfusion.study.config_files import inherited, refuse_repeated_keys
from studies import ROOT

TWICE = """
corpora:
  demo: {}
experiments:
  mine:
    dataset: demo
    folds: {by: actor, count: 4}
  mine:
    dataset: other
"""


@pytest.fixture
def write(tmp_path):
    """A function that writes a file of this name and returns its path."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


def test_a_key_that_stands_twice_is_refused_with_both_lines(write):
    path = write("mine.yaml", TWICE)
    with pytest.raises(Refusal) as refusal:
        refuse_repeated_keys(path)
    assert str(refusal.value) == (
        f"{path}: the key experiments.mine is in line 5 and in line 8: keep one."
    )


@pytest.mark.parametrize("text", ["seed: 1\nseed: 2\n", "a: [{b: 1, b: 2}]\n", "{x: {y: 1, y: 1}}"])
def test_it_is_refused_at_any_depth(write, text):
    with pytest.raises(Refusal, match="keep one"):
        refuse_repeated_keys(write("mine.yaml", text))


def test_merge_keys_and_empty_files_are_no_repetition(write):
    refuse_repeated_keys(write("mine.yaml", "a: &a {x: 1}\nb: &b {y: 1}\nc: {<<: *a, <<: *b}\n"))
    refuse_repeated_keys(write("empty.yaml", ""))
    refuse_repeated_keys(ROOT / "config.yaml")


def test_what_an_entry_keeps_of_its_namesake_is_said(write):
    base = write("config.yaml", "experiments: {demo: {dataset: a, augment: [x], title: T}}\n")
    path = write("mine.yaml", "experiments: {demo: {dataset: b}}\nmodels: {mine: {}}\n")
    assert inherited(path, base) == [
        f"{path}: experiments.demo changes an entry of {base}, from which it keeps augment, title. "
        "If it is meant to be another one, give it another name."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "experiments: {other: {dataset: b}}\n",
        "experiments: {demo: {dataset: a}}\n",
        "experiments: {demo: {dataset: b, augment: [], title: null}}\n",
        "seed: 3\n",
        "",
    ],
    ids=["another name", "the same content", "all of it", "no entry", "nothing"],
)
def test_nothing_is_said_where_nothing_is_taken_over(write, text):
    base = write("config.yaml", "experiments: {demo: {dataset: a, augment: [x], title: T}}\n")
    assert inherited(write("mine.yaml", text), base) == []
