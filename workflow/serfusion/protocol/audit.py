"""The proof that no fold leaks: what its roles have in common."""

from itertools import combinations

import pandas as pd

from serfusion.errors import Refusal
from serfusion.protocol.roles import ROLES

FORBIDDEN = {"actor": "actor", "sha256": "recording"}


def audit(dataset: pd.DataFrame, folds: pd.DataFrame, *, folds_by: str, validation_by: str) -> dict:
    """Return, for each fold, who and what is on each side and what two sides share.

    Sentences in common are counted, not forbidden: every actor of a corpus speaks the same ones.

    Parameters
    ----------
    dataset : DataFrame
        The dataset's clip table.
    folds : DataFrame
        The table that `serfusion.protocol.folds.split` made.
    folds_by : str
        `clip` permits the tested actors to be trained and validated on, and the audit says so.
    validation_by : str
        `clip` permits training and validation to share actors, and the audit says so.

    Returns
    -------
    dict
        `optimistic_test`, `optimistic_validation`, `clips`, `tested_clips`, and `folds`, a list
        with `fold`, the `actors` and number of `clips` of each role, and for each pair of roles
        the actors, recordings (by hash) and sentences `in_common`.

    Raises
    ------
    Refusal
        If an actor or a recording is on two sides where it must not be, a clip has no role or two,
        or a role has no clip.
    """
    for fold, clips in folds.groupby("fold"):
        if sorted(clips["clip"]) != sorted(dataset["clip"]) or set(clips["role"]) != set(ROLES):
            raise Refusal(f"Fold {fold} does not give each clip of the dataset one of three roles.")
    joined = folds.merge(dataset, on="clip", how="left", validate="many_to_one")
    report = {
        "optimistic_test": folds_by == "clip",
        "optimistic_validation": validation_by == "clip",
        "clips": len(dataset),
        "tested_clips": int(joined.loc[joined["role"] == "test", "clip"].nunique()),
        "folds": [],
    }
    for fold, clips in joined.groupby("fold"):
        sides = {role: clips[clips["role"] == role] for role in ROLES}
        entry = {
            "fold": int(fold),
            "clips": {role: len(side) for role, side in sides.items()},
            "actors": {role: sorted(side["actor"].unique()) for role, side in sides.items()},
            "in_common": {},
        }
        for one, other in combinations(ROLES, 2):
            common = {
                column: sorted(set(sides[one][column].dropna()) & set(sides[other][column]))
                for column in (*FORBIDDEN, "sentence")
            }
            split_by = folds_by if other == "test" else validation_by
            for column, thing in FORBIDDEN.items():
                permitted = column == "actor" and split_by == "clip"
                if common[column] and not permitted:
                    raise Refusal(
                        f"Fold {fold} leaks: {thing} {common[column][0]} is in both {one} and "
                        f"{other} ({len(common[column])} in all)."
                    )
            entry["in_common"][f"{one} and {other}"] = common
        report["folds"].append(entry)
    return report
