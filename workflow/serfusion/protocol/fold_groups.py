"""Which actors, sessions, corpora or clips are tested together in a fold.

A unit is what is never split between roles: an actor (`ravdess/01`), a session (`iemocap/01`), a
corpus (`ravdess`) or, if folds are by clip, a clip.
"""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from natsort import natsort_keygen
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from serfusion.errors import Refusal
from serfusion.seeds import seed_for

RANGE = " to "
PLURALS = {"actor": "actors", "session": "sessions", "corpus": "corpora", "clip": "clips"}

natural_key = natsort_keygen()


def units(dataset: pd.DataFrame, by: str) -> pd.Series:
    """Return the unit of each clip.

    Raises
    ------
    Refusal
        If folds are by session and a clip has no session.
    """
    if by != "session":
        return dataset[by]
    missing = dataset["session"].isna()
    if missing.any():
        raise Refusal(
            "Folds by session need a session for every clip, and "
            f"{dataset['clip'][missing].iloc[0]} has none: use folds by actor."
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
        The dataset's corpora, in the order in which their units are tested.
    folds : dict
        `by` (`actor`, `session`, `corpus` or `clip`) and one of `count`, `stratified`,
        `leave_one_out` and `test`; see `serfusion.protocol.folds.split`.
    seed : int
        The study's seed, for random folds.

    Raises
    ------
    Refusal
        If the dataset has too few units, or not the units that `folds` lists.
    """
    by = folds["by"]
    if by == "clip":
        return _random_clips(dataset, folds["count"], seed)
    clip_units = units(dataset, by)
    ordered = _in_order(clip_units, dataset["corpus"], corpora)
    if "test" in folds:
        return _listed(folds["test"], ordered)
    if "leave_one_out" in folds:
        return _one_each(ordered, folds["leave_one_out"], by)
    if "stratified" in folds:
        return _stratified(dataset, clip_units, folds["stratified"], by, seed)
    return _consecutive(ordered, folds["count"], by)


def _in_order(clip_units: pd.Series, clip_corpora: pd.Series, corpora: Sequence[str]) -> list[str]:
    """Return all units by corpus and in natural order; the name decides between 1 and 01."""
    pairs = set(zip(clip_corpora, clip_units, strict=True))
    ordered = sorted(
        pairs, key=lambda pair: (corpora.index(pair[0]), natural_key(pair[1]), pair[1])
    )
    return list(dict.fromkeys(unit for _, unit in ordered))


def _consecutive(ordered: list[str], count: int, by: str) -> list[set[str]]:
    _require(count, len(ordered), by, "count")
    return [set(group) for group in np.array_split(ordered, count)]


def _one_each(ordered: list[str], count: int, by: str) -> list[set[str]]:
    if len(ordered) != count:
        raise Refusal(
            f"folds.leave_one_out is {count}, but the dataset has {_number(len(ordered), by)}: "
            f"{_advice('leave_one_out', len(ordered), by, 'set it to')}."
        )
    return [{unit} for unit in ordered]


def _listed(test: Sequence[Sequence[str]], ordered: list[str]) -> list[set[str]]:
    groups = [[unit for entry in group for unit in _expand(entry, ordered)] for group in test]
    listed = [unit for group in groups for unit in group]
    repeated = [unit for unit in listed if listed.count(unit) > 1]
    if repeated:
        raise Refusal(f"folds.test names {repeated[0]} twice: name it once, in one fold.")
    return [set(group) for group in groups]


def _expand(entry: str, ordered: list[str]) -> list[str]:
    """Return the units that an entry such as `ravdess/01` or `ravdess/01 to ravdess/04` names.

    A range covers the units of one corpus that are present, in natural order.
    """
    first, _, last = entry.partition(RANGE)
    if last and first.partition("/")[0] != last.partition("/")[0]:
        raise Refusal(
            f"folds.test: the range {entry} goes from one corpus to another; use a range for each."
        )
    if last:
        low, high = natural_key(first), natural_key(last)
        named = [unit for unit in ordered if low <= natural_key(unit) <= high]
    else:
        named = [unit for unit in ordered if unit == first]
    if not named:
        raise Refusal(
            f"folds.test names {entry}, which the dataset does not have; it has {ordered[0]} "
            f"to {ordered[-1]}."
        )
    return named


def _stratified(
    dataset: pd.DataFrame, clip_units: pd.Series, count: int, by: str, seed: int
) -> list[set[str]]:
    _require(count, clip_units.nunique(), by, "stratified")
    strata = dataset["corpus"] + "/" + dataset["gender"].fillna("") + "/" + dataset["emotion"]
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed_for(seed, "stratified"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        try:
            splits = list(splitter.split(dataset, strata, clip_units))
        except ValueError as error:
            raise Refusal(f"The dataset is too small for folds.stratified: {error}") from error
    groups = [set(clip_units.iloc[test_rows]) for _, test_rows in splits]
    if not all(groups):
        raise Refusal(
            f"With {count} stratified folds, one of them has nothing to test: set folds.stratified "
            "lower."
        )
    return groups


def _random_clips(dataset: pd.DataFrame, count: int, seed: int) -> list[set[str]]:
    rarest = dataset["emotion"].value_counts().min()
    _require(count, rarest, "clip", "count", " of the rarest emotion")
    splitter = StratifiedKFold(count, shuffle=True, random_state=seed_for(seed, "random clips"))
    splits = splitter.split(dataset, dataset["emotion"])
    return [set(dataset["clip"].iloc[test_rows]) for _, test_rows in splits]


def _require(count: int, available: int, by: str, key: str, which: str = "") -> None:
    if count > available:
        units_in_words = f"{_number(available, by)}{which}"
        advice = _advice(key, available, by, f"set folds.{key} to at most")
        raise Refusal(f"{count} folds by {by} are too many for {units_in_words}: {advice}.")


def _advice(key: str, available: int, by: str, setting: str) -> str:
    if available > 1:
        return f"{setting} {available}"
    return f"folds.{key} needs at least 2 {PLURALS[by]}"


def _number(count: int, by: str) -> str:
    return f"{count} {by if count == 1 else PLURALS[by]}"
