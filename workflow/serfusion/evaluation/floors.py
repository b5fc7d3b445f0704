"""What is to be held against a model: predictors that hear nothing, and what people recognise."""

import numpy as np
import pandas as pd

from serfusion.evaluation.intervals import over_actors

COLUMNS = [
    *("floor", "model", "corpus", "emotion", "clips"),
    *("accuracy", "accuracy_low", "accuracy_high", "uar", "source"),
]


def floor_table(
    dataset: pd.DataFrame,
    folds: pd.DataFrame,
    permuted: pd.DataFrame,
    people: list[dict],
    names: list[str],
    seed: int,
) -> pd.DataFrame:
    """Return a row for each floor, all test clips pooled.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    permuted : DataFrame
        Answers to test clips of the models that were trained on permuted labels: columns `model`,
        `actor`, `emotion`, `predicted`.
    people : list of dict
        For each corpus of which it is known how well people recognise the same emotions: `corpus`,
        `accuracy` (0 to 1) and `source`; and, where there are listeners' votes, in their place
        `votes`, clip to the emotions that were named most often.
    names : list of str
        The classes.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        `floor`: `chance`; `majority class`, which always answers the commonest emotion of a fold's
        training clips; `corpus alone`, which answers the commonest of those of the clip's corpus,
        and of all where training has none of the corpus; `labels permuted`, by `model`; `people`
        and `people, by vote`, by `corpus`, the latter also by `emotion`. `clips` that the figure is
        of; `accuracy` (0 to 1) with its 95 % interval by bootstrap over actors, `uar`; and the
        `source`. Empty is what does not apply or is not known.
    """
    tested = _roles(dataset, folds, "test")
    rows = [
        {
            "floor": "chance",
            "clips": len(tested),
            "accuracy": 1 / len(names),
            "uar": 1 / len(names),
            "source": f"one of {len(names)} emotions at random",
        }
    ]
    answered = commonest_answers(dataset, folds)
    row = {"floor": "majority class", "source": "the commonest emotion of the training clips"}
    rows.append(row | _figures(answered, names, seed))
    answered = commonest_answers(dataset, folds, by_corpus=True)
    row = {"floor": "corpus alone", "source": "the commonest emotion of the clip’s corpus"}
    rows.append(row | _figures(answered, names, seed))
    for model, answers in permuted.groupby("model", sort=False):
        row = {"floor": "labels permuted", "model": model, "source": "trained on shuffled emotions"}
        rows.append(row | _figures(answers, names, seed))
    for known in people:
        own = tested[tested["corpus"] == known["corpus"]]
        rows += _voted(own, known, names, seed) if "votes" in known else [_said(known)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"clips": "Int64"})


def commonest_answers(
    dataset: pd.DataFrame, folds: pd.DataFrame, by_corpus: bool = False
) -> pd.DataFrame:
    """Return the answers to test clips of always naming a fold's commonest training emotion.

    Of emotions that are equally common the first in the alphabet is answered.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    by_corpus : bool, default False
        Whether the emotion is the commonest of the clip's corpus, where training has any of it.

    Returns
    -------
    DataFrame
        A row per test clip and fold: `clip`, `fold`, `corpus`, `actor`, `emotion`, `predicted`.
    """
    trained, tested = (_roles(dataset, folds, role) for role in ("train", "test"))
    commonest = trained.groupby("fold")["emotion"].agg(_commonest)
    predicted = tested["fold"].map(commonest)
    if by_corpus:
        keys = ["fold", "corpus"]
        own = trained.groupby(keys)["emotion"].agg(_commonest).rename("own").reset_index()
        predicted = tested.merge(own, on=keys, how="left")["own"].fillna(predicted)
    return tested.assign(predicted=predicted)


def recognised(clips: pd.DataFrame, votes: dict[str, list[str]]) -> pd.Series:
    """Return how far listeners recognised each clip, by their most frequent answer.

    Parameters
    ----------
    clips : DataFrame
        Columns `clip` and `emotion`.
    votes : dict
        Clip to the emotions that were named most often.

    Returns
    -------
    Series
        1, 0, or where several emotions were named equally often the share that the true one has
        among them; without the clips that have no vote.
    """
    found = clips[clips["clip"].isin(votes)]
    shares = [
        (truth in votes[clip]) / len(votes[clip])
        for clip, truth in zip(found["clip"], found["emotion"], strict=True)
    ]
    return pd.Series(shares, index=found.index, dtype=np.float64)


def _roles(dataset: pd.DataFrame, folds: pd.DataFrame, role: str) -> pd.DataFrame:
    truth = dataset[["clip", "corpus", "actor", "emotion"]]
    own = folds.loc[folds["role"] == role, ["clip", "fold"]]
    return own.merge(truth, on="clip", validate="many_to_one")


def _commonest(emotions: pd.Series) -> str:
    return emotions.mode().min()


def _figures(answers: pd.DataFrame, names: list[str], seed: int) -> dict:
    found = over_actors(answers, names, seed)
    return {"clips": len(answers)} | {key: found[key] for key in COLUMNS if key in found}


def _said(known: dict) -> dict:
    return {"floor": "people"} | {key: known[key] for key in ("corpus", "accuracy", "source")}


def _voted(tested: pd.DataFrame, known: dict, names: list[str], seed: int) -> list[dict]:
    shares = recognised(tested, known["votes"])
    if shares.empty:
        return []
    by_emotion = shares.groupby(tested["emotion"]).agg(["mean", "size"])
    row = {"floor": "people, by vote", "corpus": known["corpus"], "source": known["source"]}
    whole = {"clips": len(shares), "accuracy": shares.mean(), "uar": by_emotion["mean"].mean()}
    return [row | whole] + [
        row | {"emotion": name, "clips": found["size"], "accuracy": found["mean"]}
        for name, found in by_emotion.iterrows()
    ]
