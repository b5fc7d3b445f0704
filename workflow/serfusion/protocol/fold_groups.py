"""Which groups of actors, sessions, corpora or clips are tested in turn.

A unit is what is never split: an actor (`ravdess/01`), a session (`iemocap/01`), a corpus
(`ravdess`) or, where splitting is by clip, a clip.
"""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from serfusion.errors import Refusal
from serfusion.natural_order import natural_key
from serfusion.seeds import seed_for

RANGE = " to "


def units(dataset: pd.DataFrame, by: str) -> pd.Series:
    """Return the unit of each clip.

    Raises
    ------
    Refusal
        If folds are by session and a clip has none.
    """
    if by != "session":
        return dataset[by]
    lacking = dataset["session"].isna()
    if lacking.any():
        raise Refusal(
            f"Folds by session need one for each clip, and {dataset['clip'][lacking].iloc[0]} has "
            "none: use folds by actor."
        )
    return dataset["corpus"] + "/" + dataset["session"]


def test_groups(
    dataset: pd.DataFrame, corpora: Sequence[str], folds: dict, seed: int
) -> list[set[str]]:
    """Return the units that each fold tests.

    Parameters
    ----------
    dataset : DataFrame
        The dataset's clip table, sorted by clip.
    corpora : sequence of str
        The dataset's corpora, in the order in which their units follow one another.
    folds : dict
        `by` (`actor`, `session`, `corpus` or `clip`) and one of `count`, `stratified`,
        `leave_one_out` and `test`; see `serfusion.protocol.folds.split`.
    seed : int
        The study's seed, for what is drawn.

    Raises
    ------
    Refusal
        If there are not the units that `folds` speaks of.
    """
    by = folds["by"]
    if by == "clip":
        return _at_random(dataset, folds["count"], seed)
    own = units(dataset, by)
    ordered = _in_order(own, dataset["corpus"], corpora)
    if "test" in folds:
        return _listed(folds["test"], ordered)
    if "leave_one_out" in folds:
        return _alone(ordered, folds["leave_one_out"], by)
    if "stratified" in folds:
        return _stratified(dataset, own, folds["stratified"], by, seed)
    return _consecutive(ordered, folds["count"], by)


def _in_order(own: pd.Series, corpus: pd.Series, corpora: Sequence[str]) -> list[str]:
    pairs = set(zip(corpus, own, strict=True))
    ordered = sorted(pairs, key=lambda pair: (corpora.index(pair[0]), natural_key(pair[1])))
    return [unit for _, unit in ordered]


def _consecutive(ordered: list[str], count: int, by: str) -> list[set[str]]:
    _need(count, len(ordered), by, "count")
    return [set(group) for group in np.array_split(ordered, count)]


def _alone(ordered: list[str], number: int, by: str) -> list[set[str]]:
    if len(ordered) != number:
        raise Refusal(
            f"folds.leave_one_out is {number}, and folds by {by} of this dataset are "
            f"{len(ordered)}: {_advice('leave_one_out', len(ordered), 'set it to')}."
        )
    return [{unit} for unit in ordered]


def _listed(test: Sequence[Sequence[str]], ordered: list[str]) -> list[set[str]]:
    groups = [[unit for entry in group for unit in _meant(entry, ordered)] for group in test]
    named = [unit for group in groups for unit in group]
    twice = [unit for unit in named if named.count(unit) > 1]
    if twice:
        raise Refusal(f"folds.test names {twice[0]} twice: it can be tested in one fold alone.")
    return [set(group) for group in groups]


def _meant(entry: str, ordered: list[str]) -> list[str]:
    """Return the units that an entry such as `ravdess/01` or `ravdess/01 to ravdess/04` names.

    A range is of one corpus, and names whoever of it is there.
    """
    first, _, last = entry.partition(RANGE)
    if last and first.partition("/")[0] != last.partition("/")[0]:
        raise Refusal(f"folds.test: {entry} goes from one corpus to another; say a range of each.")
    if not last:
        found = [unit for unit in ordered if unit == first]
    else:
        low, high = natural_key(first), natural_key(last)
        found = [unit for unit in ordered if low <= natural_key(unit) <= high]
    if not found:
        raise Refusal(
            f"folds.test names {entry}, which the dataset does not have; it has {ordered[0]} "
            f"to {ordered[-1]}."
        )
    return found


def _stratified(
    dataset: pd.DataFrame, own: pd.Series, count: int, by: str, seed: int
) -> list[set[str]]:
    _need(count, own.nunique(), by, "stratified")
    strata = dataset["corpus"] + "/" + dataset["gender"].fillna("") + "/" + dataset["emotion"]
    maker = StratifiedGroupKFold(count, shuffle=True, random_state=seed_for(seed, "stratified"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        try:
            groups = [set(own.iloc[test]) for _, test in maker.split(dataset, strata, own)]
        except ValueError as error:
            raise Refusal(f"The dataset is too small for folds.stratified: {error}") from error
    if not all(groups):
        raise Refusal(
            f"{count} stratified folds leave one with nothing to test: set folds.stratified lower."
        )
    return groups


def _at_random(dataset: pd.DataFrame, count: int, seed: int) -> list[set[str]]:
    _need(count, dataset["emotion"].value_counts().min(), "clip", "count")
    maker = StratifiedKFold(count, shuffle=True, random_state=seed_for(seed, "random clips"))
    clips = dataset["clip"]
    return [set(clips.iloc[test]) for _, test in maker.split(dataset, dataset["emotion"])]


def _need(count: int, found: int, by: str, key: str) -> None:
    if count > found:
        what = "clips of its rarest emotion" if by == "clip" else f"of what is split by ({by})"
        advice = _advice(key, found, f"set folds.{key} to at most")
        raise Refusal(f"{count} folds by {by} are too many for {found} {what}: {advice}.")


def _advice(key: str, found: int, words: str) -> str:
    return f"{words} {found}" if found > 1 else f"folds.{key} needs at least 2 of them"
