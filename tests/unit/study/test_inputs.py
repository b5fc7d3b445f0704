"""What the reference says of odd inputs is held by the test that it names."""

import re

import pytest

from serfusion.study.reference import input_descriptions
from studies import ROOT

OUTCOMES = {"read", "mended", "left out", "shown", "refused"}


@pytest.mark.parametrize("entry", input_descriptions(), ids=lambda entry: entry["input"][:40])
def test_every_outcome_has_a_test(entry):
    assert entry["outcome"] in OUTCOMES
    file, _, name = entry["test"].partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_forty_kinds_and_more_are_described():
    assert len({entry["input"] for entry in input_descriptions()}) >= 40
