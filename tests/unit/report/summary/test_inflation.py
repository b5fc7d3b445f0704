"""Which experiments are one another's variants, and what a leak would have claimed."""

import pandas as pd
import pytest
import yaml

from protocols import CLIPS, made_up_study, settings
from serfusion.report.summary import inflation
from serfusion.report.summary.protocols import BY_VALIDATION, INDEPENDENT, RANDOM, protocol_of
from serfusion.study import entries
from studies import ROOT


def experiments(**resolved: dict) -> dict[str, entries.Experiment]:
    datasets = {"set": {"corpora": ["one"]}, "other": {"corpora": ["one"]}}
    return made_up_study({"one": {}}, datasets, {}, resolved).experiments


def setting_of(resolved: dict) -> str:
    return inflation.setting_of(experiments(one=resolved)["one"])


@pytest.mark.parametrize(
    ("test", "validation", "protocol"),
    [
        (False, False, INDEPENDENT),
        (False, True, BY_VALIDATION),
        (True, True, RANDOM),
        (True, False, RANDOM),
    ],
)
def test_a_protocol_is_what_the_audit_found(test, validation, protocol):
    audit = {"optimistic_test": test, "optimistic_validation": validation}
    assert protocol_of(audit) == protocol


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (settings(validation="clip"), True),
        (settings(CLIPS, "clip"), True),
        (settings({"by": "actor", "count": 5}), False),
        (settings({"by": "clip", "count": 5}), False),
        (settings({"by": "actor", "test": [["a"]] * 6}), False),
        (settings(share=0.3), False),
        (settings(validation="clip", share=0.3), False),
        (settings(dataset="other"), False),
        (settings(augment=()), False),
    ],
)
def test_variants_differ_in_nothing_but_the_protocol(other, same):
    assert (setting_of(settings()) == setting_of(other)) is same


def test_the_order_of_augmentations_is_no_difference():
    one, other = settings(augment=("a", "b")), settings(augment=("b", "a"))
    assert setting_of(one) == setting_of(other)


@pytest.mark.parametrize("dataset, count", [("ravdess", "6fold"), ("superset", "11fold")])
def test_the_study_has_its_three_protocols(dataset, count):
    experiments = entries.load(yaml.safe_load((ROOT / "config.yaml").read_text())).experiments
    names = [f"{dataset}_{count}", f"{dataset}_{count}_by_clip", f"{dataset}_random_by_clip"]
    drawn = [(experiments[name].folds, experiments[name].validation) for name in names]
    assert [(folds["by"], validation["by"]) for folds, validation in drawn] == [
        ("actor", "actor"),
        ("actor", "clip"),
        ("clip", "clip"),
    ]
    assert len({inflation.setting_of(experiments[name]) for name in names}) == 1
    holdout = experiments[f"{dataset}_holdout"]
    assert inflation.setting_of(holdout) != inflation.setting_of(experiments[names[0]])


EXPERIMENTS = experiments(
    small=settings(),
    large=settings(),
    validated=settings(validation="clip"),
    random=settings(CLIPS, "clip"),
    elsewhere=settings(dataset="other"),
)
ROWS = pd.DataFrame(
    [
        ("small", "svm", 0.99, 0.99),
        ("random", "svm", 0.60, 0.61),
        ("random", "mlp", 0.70, 0.71),
        ("large", "svm", 0.40, 0.45),
        ("large", "mlp", 0.50, 0.55),
        ("large", "cnn", 0.50, 0.55),
        ("validated", "svm", 0.41, 0.65),
        ("elsewhere", "svm", 0.30, 0.30),
        ("elsewhere", "mlp", 0.30, 0.30),
    ],
    columns=["experiment", "model", "accuracy", "validation"],
).assign(
    dataset=lambda rows: [EXPERIMENTS[name].dataset.name for name in rows["experiment"]],
    protocol=lambda rows: (
        rows["experiment"]
        .map({"validated": BY_VALIDATION, "random": RANDOM}.get)
        .fillna(INDEPENDENT)
    ),
)


@pytest.fixture
def compared() -> pd.DataFrame:
    return inflation.side_by_side(ROWS, EXPERIMENTS)


def test_models_stand_side_by_side_where_two_protocols_are_run(compared):
    svm = compared[compared["model"] == "svm"]
    assert svm["protocol"].tolist() == [INDEPENDENT, BY_VALIDATION, RANDOM]
    assert svm["experiment"].tolist() == ["large", "validated", "random"]
    mlp = compared[compared["model"] == "mlp"]
    assert mlp["experiment"].tolist() == ["large", "random"]
    assert set(compared["model"]) == {"svm", "mlp"}
    assert set(compared["dataset"]) == {"set"}


def test_a_leak_claims_its_own_figure_and_the_test_without_it_holds(compared):
    claimed = inflation.claims(compared).set_index(["model", "protocol"])
    figures = {key: (row["claimed"], row["holds"]) for key, row in claimed.iterrows()}
    assert figures == {
        ("svm", BY_VALIDATION): (0.65, 0.40),
        ("svm", RANDOM): (0.60, 0.40),
        ("mlp", RANDOM): (0.70, 0.50),
    }
    assert claimed["excess"].tolist() == pytest.approx([0.25, 0.20, 0.20])


def test_without_the_honest_protocol_the_test_of_validation_by_clip_holds():
    rows = ROWS[ROWS["experiment"].isin(["validated", "random"])]
    claimed = inflation.claims(inflation.side_by_side(rows, EXPERIMENTS))
    assert claimed["protocol"].tolist() == [BY_VALIDATION, RANDOM]
    assert claimed["holds"].tolist() == [0.41, 0.41]


def test_the_sentences_say_what_a_leak_would_have_claimed(compared):
    first, second = inflation.sentences(inflation.claims(compared))
    assert first == (
        "Reporting validation by clip would have claimed an accuracy of 65.0 %, where unseen "
        "speakers give 40.0 %: a difference of +25.0 points."
    )
    assert second == (
        "Testing on a random split by clip would have claimed an accuracy of 60.0 to 70.0 %, where "
        "unseen speakers give 40.0 to 50.0 %: a difference of +20.0 points."
    )


def test_one_protocol_claims_nothing():
    rows = ROWS[ROWS["experiment"] == "large"]
    compared = inflation.side_by_side(rows, EXPERIMENTS)
    assert compared.empty
    assert inflation.claims(compared).empty
    assert inflation.sentences(inflation.claims(compared)) == []
