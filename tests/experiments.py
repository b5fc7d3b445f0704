"""An experiment of any size made from random numbers, to see its report without running it."""

import numpy as np
import pandas as pd

from serfusion.clips.dataset import classes
from serfusion.evaluation.by_class import class_table
from serfusion.evaluation.calibration import calibration_table
from serfusion.evaluation.floors import floor_table
from serfusion.evaluation.groups import group_table
from serfusion.evaluation.metrics import METRICS
from serfusion.evaluation.model_summary import INTERVAL_METRICS
from serfusion.evaluation.pairs import pair_table
from serfusion.protocol.audit import audit
from serfusion.report.experiment.content import Experiment
from serfusion.report.experiment.failures import Failures
from speech import clip_table

SEED = 17
EPOCHS = 50
NETWORK = {"settings": {"width": 256}, "training": {"epochs": EPOCHS}}
FIT = {"parameters": 12345, "train_seconds": 61.5, "device": "cpu", "initial_weights": "scratch"}


def random_experiment(
    models: int, folds: int, actors_per_fold: int = 4
) -> tuple[Experiment, Failures]:
    """Return an experiment whose models, all of them networks, answered at random.

    Its tables have the shape of real ones and do not follow from one another.
    """
    random = np.random.default_rng(SEED)
    actors = folds * actors_per_fold
    dataset = clip_table(actors)
    emotions = classes(dataset)
    names = [f"model_{number}" for number in range(1, models + 1)]
    place = dataset["actor"].str.split("/").str[1].astype(int) - 1
    table = pd.concat(
        [
            dataset[["clip"]].assign(fold=fold, role=_roles(place // actors_per_fold + 1, fold))
            for fold in range(1, folds + 1)
        ],
        ignore_index=True,
    )
    tested = table[table["role"] == "test"].merge(dataset, on="clip")
    answers = [_answers(tested, emotions, random).assign(model=name) for name in names]
    settings = {
        "title": f"{models} models, {folds} folds",
        "dataset": "made",
        "folds": {"by": "actor", "count": folds},
        "validation": {"by": "actor", "share": 0.15},
        "augment": ["noise"],
        "models": names,
        "reported": None,
    }
    corpus = {"kind": "tess", "title": "Made", "citation": None, "licence": None, "synthetic": {}}
    study = {
        "seed": SEED,
        "corpora": {"made": corpus},
        "datasets": {"made": {"corpora": ["made"], "without": []}},
        "augmentations": {"noise": {"snr_db": 15}},
        "models": {
            name: {
                "network": "conv1d",
                "features": "acoustic",
                "fuse": [],
                "search": {},
                "labels": True,
            }
            | NETWORK
            for name in names
        },
        "experiments": {"made": settings},
    }
    records = [
        FIT | {"model": name, "fold": fold, "versions": {}}
        for name in names
        for fold in range(1, folds + 1)
    ]
    predictions = pd.concat(answers, ignore_index=True)
    groups = group_table(predictions, dataset, SEED)
    none = {"model": names[0], "tested": len(tested), "wrong": 0, "clips": []}
    experiment = Experiment(
        name="made",
        study=study,
        dataset=dataset,
        usable={"made": len(dataset)},
        rejected=pd.DataFrame({"path": ["a, b.wav"], "reason": ['called "silent"']}),
        folds=table,
        audit=audit(dataset, table, folds_by="actor", validation_by="actor"),
        predictions=predictions,
        metrics=_metrics(names, folds, random),
        summary=_summary(names, random),
        records=pd.DataFrame(records),
        curves={name: _curves(folds, random) for name in names},
        searches={},
        statistics={
            "classes": class_table(predictions, emotions, SEED),
            "pairs": pair_table(predictions, names, emotions, SEED),
            "floors": floor_table(dataset, table, predictions[:0], [], emotions, SEED),
        },
    )
    return experiment, Failures(groups, calibration_table(predictions, SEED), none)


def _roles(tested_in: pd.Series, fold: int) -> pd.Series:
    following = fold % tested_in.max() + 1
    return tested_in.map(lambda own: {fold: "test", following: "validation"}.get(own, "train"))


def _answers(clips: pd.DataFrame, emotions: list[str], random: np.random.Generator) -> pd.DataFrame:
    probabilities = random.dirichlet(np.ones(len(emotions)), len(clips))
    columns = [f"p_{emotion}" for emotion in emotions]
    predicted = np.array(emotions)[probabilities.argmax(axis=1)]
    return clips.assign(predicted=predicted).join(pd.DataFrame(probabilities, columns=columns))


def _metrics(names: list[str], folds: int, random: np.random.Generator) -> pd.DataFrame:
    table = pd.DataFrame(
        [
            (name, fold, role, 100)
            for name in names
            for fold in range(1, folds + 1)
            for role in ("train", "validation", "test")
        ],
        columns=["model", "fold", "role", "n"],
    )
    return table.assign(**{metric: random.random(len(table)) for metric in METRICS})


def _summary(names: list[str], random: np.random.Generator) -> pd.DataFrame:
    table = pd.DataFrame({"model": names})
    for metric in INTERVAL_METRICS:
        middle = random.uniform(0.1, 0.9, len(names))
        table = table.assign(
            **{
                f"{metric}_mean": middle,
                f"{metric}_std": random.uniform(0.01, 0.15, len(names)),
                metric: middle,
                f"{metric}_low": middle - 0.05,
                f"{metric}_high": middle + 0.05,
            }
        )
    parameters = random.integers(100, 1_000_000, len(names))
    return table.assign(parameters=parameters, reported_accuracy=None)


def _curves(folds: int, random: np.random.Generator) -> pd.DataFrame:
    table = pd.DataFrame(
        [(fold, epoch) for fold in range(1, folds + 1) for epoch in range(1, EPOCHS + 1)],
        columns=["fold", "epoch"],
    )
    for role in ("train", "validation"):
        for metric in ("loss", "accuracy"):
            table[f"{role}_{metric}"] = random.random(len(table))
    return table
