"""An experiment of any size made from random numbers, to see its report without running it."""

from dataclasses import fields

import numpy as np
import pandas as pd

from protocols import made_up_study, settings
from serfusion.clips.dataset import classes
from serfusion.evaluation.adapted import COLUMNS as ADAPTED_COLUMNS
from serfusion.evaluation.adapted import adapted_table
from serfusion.evaluation.by_class import class_table
from serfusion.evaluation.calibration import calibration_table
from serfusion.evaluation.floors import floor_table
from serfusion.evaluation.groups import group_table
from serfusion.evaluation.metrics import METRICS
from serfusion.evaluation.model_summary import INTERVAL_METRICS
from serfusion.evaluation.pairs import pair_table
from serfusion.protocol.audit import audit
from serfusion.report.experiment.results import Results
from serfusion.study.entries import Study
from speech import clip_table

SEED = 17
EPOCHS = 50
NETWORK = {"settings": {"width": 256}, "training": {"epochs": EPOCHS}}
HONEST = {"optimistic_test": False, "optimistic_validation": False, "folds": []}
FIT = {"parameters": 12345, "train_seconds": 61.5, "device": "cpu", "initial_weights": "scratch"}


def results_of(study: Study, name: str = "one", **tables) -> Results:
    """Return the results of an experiment with these tables alone."""
    missing = dict.fromkeys(field.name for field in fields(Results)) | {"audit": HONEST}
    missing["adapted"] = pd.DataFrame(columns=ADAPTED_COLUMNS)
    entries = {"study": study, "experiment": study.experiments[name]}
    return Results(**missing | entries | tables)


def random_experiment(models: int, folds: int, actors_per_fold: int = 4) -> Results:
    """Return an experiment whose models, all of them networks, answered at random.

    Its tables have the form of real ones and do not follow from one another.
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
    experiment = settings(
        folds={"by": "actor", "count": folds},
        dataset="made",
        models=names,
        title=f"{models} models, {folds} folds",
    )
    study = made_up_study(
        corpora={"made": {"title": "Made", "synthetic": {}}},
        datasets={"made": {"corpora": ["made"]}},
        models=dict.fromkeys(names, NETWORK),
        experiments={"made": experiment},
        augmentations={"noise": {"snr_db": 15}},
    )
    records = [
        FIT | {"model": name, "fold": fold, "versions": {}}
        for name in names
        for fold in range(1, folds + 1)
    ]
    predictions = pd.concat(answers, ignore_index=True)
    return Results(
        experiment=study.experiments["made"],
        usable_clips={"made": len(dataset)},
        audit=audit(dataset, table, folds_by="actor", validation_by="actor"),
        study=study,
        dataset=dataset,
        rejected=pd.DataFrame({"path": ["a, b.wav"], "reason": ['called "silent"']}),
        predictions=predictions,
        metrics=_metrics(names, folds, random),
        summary=_summary(names, random),
        classes=class_table(predictions, emotions, SEED),
        pairs=pair_table(predictions, names, emotions, SEED),
        floors=floor_table(dataset, table, predictions[:0], [], emotions, SEED),
        adapted=adapted_table(predictions, [], SEED),
        groups=group_table(predictions, dataset, SEED),
        calibration=calibration_table(predictions, SEED),
        mistakes={"model": names[0], "tested": len(tested), "wrong": 0, "clips": []},
        records=pd.DataFrame(records),
        curves={name: _curves(folds, random) for name in names},
        searches={},
    )


def _roles(tested_in: pd.Series, fold: int) -> pd.Series:
    following = fold % tested_in.max() + 1
    roles = {fold: "test", following: "validation"}
    return tested_in.map(lambda number: roles.get(number, "train"))


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
