"""Floors: the accuracy of chance, of predictors that ignore the audio, and of human listeners."""

import numpy as np
import pandas as pd

from serfusion.evaluation.intervals import pooled_scores

COLUMNS = [
    *("floor", "model", "corpus", "emotion", "clips"),
    *("accuracy", "accuracy_low", "accuracy_high", "uar", "source"),
]


def floor_table(
    dataset: pd.DataFrame,
    folds: pd.DataFrame,
    permuted: pd.DataFrame,
    people: list[dict],
    emotions: list[str],
    seed: int,
) -> pd.DataFrame:
    """Return a row for each floor, for all test clips together.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    permuted : DataFrame
        Predictions for test clips by the models that were trained on permuted labels: columns
        `model`, `actor`, `emotion`, `predicted`.
    people : list of dict
        How well people recognise the same emotions, from `serfusion.evaluation.people.recognition`:
        `corpus` and `source`, and either `accuracy` (0 to 1) or `votes`, clip to the emotions that
        most listeners chose.
    emotions : list of str
        The classes.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        `floor` is one of

        - `chance`;
        - `majority class`, which always predicts the most common emotion of a fold's training
          clips;
        - `corpus alone`, which predicts the most common training emotion of the clip's corpus, or
          that of all training clips if none is of the corpus;
        - `labels permuted`, a row per `model`;
        - `people`, a row per `corpus`;
        - `people, by vote`, a row per `corpus`, and one per `corpus` and `emotion`.

        `clips`, their number; `accuracy` (0 to 1) with its 95 % interval by bootstrap over actors;
        `uar`; and the `source`. Values that are unknown or do not apply are empty.
    """
    test_clips = _clips_of_role(dataset, folds, "test")
    rows = [
        {
            "floor": "chance",
            "clips": len(test_clips),
            "accuracy": 1 / len(emotions),
            "uar": 1 / len(emotions),
            "source": f"one of {len(emotions)} emotions at random",
        }
    ]
    row = {"floor": "majority class", "source": "the commonest emotion of the training clips"}
    rows.append(row | _scores(majority_predictions(dataset, folds), emotions, seed))
    row = {"floor": "corpus alone", "source": "the commonest emotion of the clip’s corpus"}
    by_corpus = majority_predictions(dataset, folds, by_corpus=True)
    rows.append(row | _scores(by_corpus, emotions, seed))
    for model, predictions in permuted.groupby("model", sort=False):
        row = {"floor": "labels permuted", "model": model, "source": "trained on shuffled emotions"}
        rows.append(row | _scores(predictions, emotions, seed))
    for entry in people:
        if "votes" in entry:
            rows += _vote_rows(test_clips[test_clips["corpus"] == entry["corpus"]], entry)
        else:
            rows.append({"floor": "people"} | entry)
    return pd.DataFrame(rows, columns=COLUMNS).astype({"clips": "Int64"})


def majority_predictions(
    dataset: pd.DataFrame, folds: pd.DataFrame, by_corpus: bool = False
) -> pd.DataFrame:
    """Return predictions for test clips that are always the most common training emotion.

    Of equally common emotions, the first in alphabetical order is predicted.

    Parameters
    ----------
    dataset, folds : DataFrame
        The experiment's clips and their roles.
    by_corpus : bool, default False
        Whether to predict the most common training emotion of the clip's corpus; clips of a corpus
        without training clips get that of all.

    Returns
    -------
    DataFrame
        A row per test clip and fold: `clip`, `fold`, `corpus`, `actor`, `emotion`, `predicted`.
    """
    train_clips, test_clips = (_clips_of_role(dataset, folds, role) for role in ("train", "test"))
    predicted = test_clips["fold"].map(train_clips.groupby("fold")["emotion"].agg(_most_common))
    if by_corpus:
        keys = ["fold", "corpus"]
        majority = train_clips.groupby(keys)["emotion"].agg(_most_common).rename("majority")
        majority = test_clips.merge(majority.reset_index(), on=keys, how="left")["majority"]
        predicted = majority.fillna(predicted)
    return test_clips.assign(predicted=predicted)


def vote_accuracy(clips: pd.DataFrame, votes: dict[str, list[str]]) -> pd.Series:
    """Return how well the majority of listeners recognised each clip.

    Parameters
    ----------
    clips : DataFrame
        Columns `clip` and `emotion`.
    votes : dict
        Clip to the emotions that most listeners chose: one, or several if they tie.

    Returns
    -------
    Series
        1 or 0, or, in a tie of k emotions that includes the true one, 1 / k. Clips without votes
        are left out.
    """
    heard = clips[clips["clip"].isin(votes)]
    accuracies = [
        (emotion in votes[clip]) / len(votes[clip])
        for clip, emotion in zip(heard["clip"], heard["emotion"], strict=True)
    ]
    return pd.Series(accuracies, index=heard.index, dtype=np.float64)


def _clips_of_role(dataset: pd.DataFrame, folds: pd.DataFrame, role: str) -> pd.DataFrame:
    truth = dataset[["clip", "corpus", "actor", "emotion"]]
    clips = folds.loc[folds["role"] == role, ["clip", "fold"]]
    return clips.merge(truth, on="clip", validate="many_to_one")


def _most_common(emotions: pd.Series) -> str:
    return emotions.mode().min()


def _scores(predictions: pd.DataFrame, emotions: list[str], seed: int) -> dict:
    pooled = pooled_scores(predictions, emotions, seed)
    return {"clips": len(predictions)} | {key: pooled[key] for key in COLUMNS if key in pooled}


def _vote_rows(test_clips: pd.DataFrame, entry: dict) -> list[dict]:
    accuracies = vote_accuracy(test_clips, entry["votes"])
    if accuracies.empty:
        return []
    by_emotion = accuracies.groupby(test_clips["emotion"]).agg(["mean", "size"])
    row = {"floor": "people, by vote", "corpus": entry["corpus"], "source": entry["source"]}
    overall = {
        "clips": len(accuracies),
        "accuracy": accuracies.mean(),
        "uar": by_emotion["mean"].mean(),
    }
    return [row | overall] + [
        row | {"emotion": emotion, "clips": clips["size"], "accuracy": clips["mean"]}
        for emotion, clips in by_emotion.iterrows()
    ]
