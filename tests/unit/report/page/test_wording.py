"""How pages write lists and figures."""

import pytest

from serfusion.report.page.wording import counted, listed, percent, points


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_in_words(words, text):
    assert listed(words) == text


def test_a_number_with_its_noun():
    assert [counted(1, "actor"), counted(0, "actor"), counted(1440, "clip")] == [
        "1 actor",
        "0 actors",
        "1,440 clips",
    ]


def test_shares_are_written_in_percent_without_a_negative_zero():
    assert [percent(share) for share in (0.6243, -0.031, -0.0001)] == ["62.4", "−3.1", "0.0"]
    assert percent(0.6243, 0) == "62"
    assert [points(share) for share in (0.0312, -0.031, -0.0001)] == ["+3.1", "−3.1", "+0.0"]
