"""What every page says of an experiment's folds."""

import pytest

from protocols import made_up_study, settings
from serfusion.report.page.protocol import folds_in_words


@pytest.mark.parametrize(
    ("folds", "words"),
    [
        (
            {"by": "actor", "count": 6},
            "6 folds of consecutive actors; each actor is tested once",
        ),
        (
            {"by": "session", "leave_one_out": 5},
            "5 folds, leaving one session out in each",
        ),
        (
            {"by": "actor", "stratified": 3},
            "3 folds of actors, stratified by corpus, gender and emotion; "
            "each actor is tested once",
        ),
        (
            {"by": "corpus", "test": [["a"]]},
            "1 fold, testing the listed corpora and training on the rest",
        ),
        (
            {"by": "clip", "count": 4},
            "4 folds of random clips, stratified by emotion; "
            "speakers are in both training and test",
        ),
    ],
)
def test_folds_in_words(folds, words):
    datasets = {"set": {"corpora": ["a"]}}
    study = made_up_study({"a": {}}, datasets, {}, {"one": settings(folds)})
    assert folds_in_words(study.experiments["one"]) == words
