"""Who is trained on, validated on and tested on."""

import numpy as np
import pandas as pd
import pyarrow as pa

from serfusion.errors import Refusal
from serfusion.protocol.fold_groups import test_groups, units
from serfusion.seeds import seed_for

SCHEMA = pa.schema([("clip", pa.string()), ("fold", pa.int16()), ("role", pa.string())])


def split(
    dataset: pd.DataFrame, corpora: list[str], folds: dict, validation: dict, seed: int
) -> pd.DataFrame:
    """Return the role of every clip in every fold.

    Parameters
    ----------
    dataset : DataFrame
        The dataset's clip table; the order of its rows does not matter.
    corpora : list of str
        The dataset's corpora, in the order in which their actors follow one another.
    folds : dict
        `by` says what is never split: `actor`, `session`, `corpus`, or `clip`, the optimistic
        way. One of these says how: `count`, that many groups of consecutive units are tested in
        turn (of clips, random ones within each emotion); `stratified`, that many groups alike in
        corpora, genders and emotions; `leave_one_out`, each of that many alone; `test`, the listed
        ones, a list a fold, of which an entry may be a range such as `ravdess/01 to ravdess/04`.
    validation : dict
        `{"by": "actor" or "clip", "share": s}`: the share of the training actors (or, the
        papers' optimistic way, of the training clips) that is kept for validation.
    seed : int
        The study's seed.

    Returns
    -------
    DataFrame with columns `clip`, `fold` (from 1) and `role`, by fold and clip

    Raises
    ------
    Refusal
        If the dataset has not what `folds` speaks of, or something listed stands in two folds, or
        nobody would be left to train on.
    """
    dataset = dataset.sort_values("clip")
    own = units(dataset, folds["by"])
    parts = []
    for fold, group in enumerate(test_groups(dataset, corpora, folds, seed), start=1):
        test = own.isin(group)
        rest = dataset[~test]
        validated = _validation(rest, validation, seed, fold)
        roles = pd.Series("train", index=dataset.index)
        roles[test] = "test"
        roles[rest.index[validated]] = "validation"
        if not (roles == "train").any():
            raise Refusal(f"Fold {fold} would train on nobody: use fewer folds or a smaller share.")
        parts.append(pd.DataFrame({"clip": dataset["clip"], "fold": fold, "role": roles}))
    return pd.concat(parts, ignore_index=True)


def _validation(rest: pd.DataFrame, validation: dict, seed: int, fold: int) -> np.ndarray:
    """Return a mask over `rest` of the clips to validate on."""
    share = validation["share"]
    if validation["by"] == "clip":
        chosen = _evenly(rest.rename(columns={"clip": "unit"}), ["emotion"], share, seed, fold)
        return rest["clip"].isin(chosen).to_numpy()
    actors = rest.drop_duplicates("actor").rename(columns={"actor": "unit"})
    chosen = _evenly(actors, ["corpus", "gender"], share, seed, fold)
    return rest["actor"].isin(chosen).to_numpy()


def _evenly(units: pd.DataFrame, strata: list[str], share: float, seed: int, fold: int) -> set[str]:
    """Return a share of `units`, at least one, drawn evenly from the strata.

    Each unit draws a number from its name alone; its rank within its stratum, as a fraction of
    the stratum's size, says how early it is chosen.
    """
    drawn = units["unit"].map(lambda unit: seed_for(seed, "validation", fold, unit))
    ranks = drawn.groupby([units[column].fillna("") for column in strata]).rank(pct=True)
    order = pd.DataFrame({"unit": units["unit"], "rank": ranks, "drawn": drawn})
    count = max(1, round(share * len(units)))
    return set(order.sort_values(["rank", "drawn"])["unit"].head(count))
