"""The cost of models: their own, that of an ensemble's members, and that of extractors."""

import pandas as pd

from protocols import made_up_study, settings
from serfusion.report.page.models import Cost, costs

STUDY = made_up_study(
    corpora={"one": {}},
    datasets={"set": {"corpora": ["one"]}},
    models={
        "cnn": {},
        "other_cnn": {},
        "mlp": {"features": None, "deep": "cnn"},
        "lstm": {"features": None, "deep": "cnn"},
        "rnn": {"features": None, "deep": "other_cnn"},
        "svm": {},
        "pair": {"ensemble": ["mlp", "lstm"]},
        "all": {"ensemble": ["mlp", "rnn", "svm"]},
    },
    experiments={"one": settings(models=["svm", "pair", "all"])},
)
PARAMETERS = {"cnn": 1000, "other_cnn": 300, "mlp": 5, "lstm": 7, "rnn": 9, "svm": 11}
SECONDS = {"cnn": 20.0, "other_cnn": 8.0, "mlp": 1.0, "lstm": 2.0, "rnn": 3.0, "svm": 0.5}
RECORDS = pd.DataFrame(
    [
        {
            "model": name,
            "fold": fold,
            "parameters": PARAMETERS.get(name, 0),
            "train_seconds": SECONDS.get(name, 0.25),
            "device": "cuda:0" if name == "lstm" else "cpu",
        }
        for name in (*PARAMETERS, "pair", "all")
        for fold in (1, 2)
    ]
)


def cost(name: str) -> Cost:
    return costs([STUDY.models[name]], RECORDS)[name]


def test_a_model_costs_its_training_and_its_extractor():
    assert cost("svm") == Cost(1.0, ["cpu"], 0, 0)
    assert cost("mlp") == Cost(2.0, ["cpu"], 1000, 40.0)


def test_an_ensemble_costs_all_its_members_and_each_extractor_once():
    assert cost("pair") == Cost(2 * (1.0 + 2.0 + 0.25), ["cpu", "cuda:0"], 1000, 40.0)
    assert cost("all") == Cost(2 * (1.0 + 3.0 + 0.5 + 0.25), ["cpu"], 1300, 56.0)


def test_what_an_ensemble_needs_is_trained_first():
    trained = [model.name for model in STUDY.experiments["one"].trained]
    assert set(trained) == {*PARAMETERS, "pair", "all"}
    for name in ("pair", "all"):
        needed = STUDY.models[name].needs
        assert all(trained.index(model.name) < trained.index(name) for model in needed)
    assert STUDY.models["pair"].composition == "mean of mlp + lstm"
