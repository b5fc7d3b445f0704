"""The proof that no fold leaks: what its roles have in common."""

from itertools import combinations

import pandas as pd

from serfusion.errors import Refusal
from serfusion.names import refuse_alike
from serfusion.protocol.roles import ROLES

FORBIDDEN = {"actor": "actor", "sha256": "recording"}
"""Columns whose values two roles must not share, and what a value stands for."""


def audit(dataset: pd.DataFrame, folds: pd.DataFrame, *, folds_by: str, validation_by: str) -> dict:
    """Return the actors and clips of each role in each fold, and what each pair of roles shares.

    Shared sentences are reported but allowed, because all actors of a corpus speak the same ones.

    Parameters
    ----------
    dataset : DataFrame
        The dataset's clip table.
    folds : DataFrame
        As returned by `serfusion.protocol.folds.split`.
    folds_by : str
        What the folds are split by. With `clip`, test actors may also be in training and
        validation, and the audit records this.
    validation_by : str
        What validation is split by. With `clip`, training and validation may share actors, and the
        audit records this.

    Returns
    -------
    dict
        `optimistic_test`, `optimistic_validation`, `clips`, `tested_clips`, and `folds`, a list
        with `fold`, the `actors` and the number of `clips` of each role, the emotions that are
        tested and `not_trained`, and for each pair of roles the actors, recordings (by hash) and
        sentences `in_common`.

    Raises
    ------
    Refusal
        If two roles share an actor or a recording that they must not share, if a clip does not have
        exactly one role, or if a role has no clips. Two actors of a corpus whose names differ only
        in spelling count as one person.
    """
    _refuse_spellings(dataset)
    for fold, clips in folds.groupby("fold"):
        if sorted(clips["clip"]) != sorted(dataset["clip"]) or set(clips["role"]) != set(ROLES):
            raise Refusal(
                f"Fold {fold} does not give each clip of the dataset exactly one role, or leaves a "
                "role without clips."
            )
    joined = folds.merge(dataset, on="clip", how="left", validate="many_to_one")
    return {
        "optimistic_test": folds_by == "clip",
        "optimistic_validation": validation_by == "clip",
        "clips": len(dataset),
        "tested_clips": int(joined.loc[joined["role"] == "test", "clip"].nunique()),
        "folds": [
            _audit_fold(fold, clips, folds_by, validation_by)
            for fold, clips in joined.groupby("fold")
        ],
    }


def _refuse_spellings(dataset: pd.DataFrame) -> None:
    """Refuse actors that may be one person, whatever has read their names."""
    for corpus, clips in dataset.groupby("corpus"):
        refuse_alike(
            clips["actor"].unique(), "actors", f"The corpus {corpus}", "one person has one name"
        )


def _audit_fold(fold: int, clips: pd.DataFrame, folds_by: str, validation_by: str) -> dict:
    by_role = {role: clips[clips["role"] == role] for role in ROLES}
    in_common = {}
    for first, second in combinations(ROLES, 2):
        shared = {
            column: sorted(set(by_role[first][column].dropna()) & set(by_role[second][column]))
            for column in (*FORBIDDEN, "sentence")
        }
        split_by = folds_by if second == "test" else validation_by
        for column, thing in FORBIDDEN.items():
            permitted = column == "actor" and split_by == "clip"
            if shared[column] and not permitted:
                raise Refusal(
                    f"Fold {fold} leaks: {thing} {shared[column][0]} is in both {first} and "
                    f"{second} ({len(shared[column])} in all)."
                )
        in_common[f"{first} and {second}"] = shared
    return {
        "fold": int(fold),
        "clips": {role: len(role_clips) for role, role_clips in by_role.items()},
        "actors": {
            role: sorted(role_clips["actor"].unique()) for role, role_clips in by_role.items()
        },
        "not_trained": sorted(set(by_role["test"]["emotion"]) - set(by_role["train"]["emotion"])),
        "in_common": in_common,
    }
