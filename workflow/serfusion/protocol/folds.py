"""The role of every clip in every fold: training, validation or test."""

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
        The dataset's corpora, in the order in which their actors are tested.
    folds : dict
        `by` says what is never split between roles: `actor`, `session`, `corpus`, or `clip`, which
        gives optimistic results. One other key says how to choose what each fold tests:

        - `count`: this many groups of consecutive units (for clips, this many random groups, drawn
          within each emotion);
        - `stratified`: this many groups with similar proportions of corpora, genders and emotions;
        - `leave_one_out`: each unit alone; the value is the number of units;
        - `test`: the listed units, one list per fold. An entry may be a range such as
          `ravdess/01 to ravdess/04`.
    validation : dict
        `{"by": "actor" or "clip", "share": s}`: the share of the training actors (or of the
        training clips, as in the papers, which is optimistic) that is kept for validation.
    seed : int
        The study's seed.

    Returns
    -------
    DataFrame
        `clip`, `fold` (from 1) and `role`, sorted by fold and clip.

    Raises
    ------
    Refusal
        If the dataset does not have the units that `folds` asks for, a unit is listed twice, or a
        fold would have no training clips.
    """
    dataset = dataset.sort_values("clip")
    clip_units = units(dataset, folds["by"])
    tables = []
    for fold, test_units in enumerate(test_groups(dataset, corpora, folds, seed), start=1):
        is_test = clip_units.isin(test_units)
        rest = dataset[~is_test]
        is_validation = _validation_mask(rest, validation, seed, fold)
        roles = pd.Series("train", index=dataset.index)
        roles[is_test] = "test"
        roles[rest.index[is_validation]] = "validation"
        if not (roles == "train").any():
            raise Refusal(f"Fold {fold} would have no training clips: {_advice(rest, validation)}.")
        tables.append(pd.DataFrame({"clip": dataset["clip"], "fold": fold, "role": roles}))
    return pd.concat(tables, ignore_index=True)


def _advice(rest: pd.DataFrame, validation: dict) -> str:
    """Return what to do when the clips that are not tested, `rest`, are all for validation."""
    if validation["by"] == "actor" and rest["actor"].nunique() == 1:
        return (
            "a single actor is left beside those who are tested, and is validated on; set "
            "`validation: {by: clip}`, or add actors"
        )
    return "use fewer folds or a smaller validation.share"


def _validation_mask(rest: pd.DataFrame, validation: dict, seed: int, fold: int) -> np.ndarray:
    """Return which clips of `rest`, those that are not tested, are for validation."""
    share = validation["share"]
    if validation["by"] == "clip":
        clips = rest.rename(columns={"clip": "unit"})
        return rest["clip"].isin(_draw(clips, ["emotion"], share, seed, fold)).to_numpy()
    actors = rest.drop_duplicates("actor").rename(columns={"actor": "unit"})
    return rest["actor"].isin(_draw(actors, ["corpus", "gender"], share, seed, fold)).to_numpy()


def _draw(table: pd.DataFrame, strata: list[str], share: float, seed: int, fold: int) -> set[str]:
    """Return a share of the units in `table`, at least one, drawn evenly from the strata.

    Each unit's random number depends on its name alone. Units are chosen by the rank of this number
    within their stratum, as a fraction of the stratum's size.
    """
    numbers = table["unit"].map(lambda unit: seed_for(seed, "validation", fold, unit))
    ranks = numbers.groupby([table[column].fillna("") for column in strata]).rank(pct=True)
    order = pd.DataFrame({"unit": table["unit"], "rank": ranks, "number": numbers})
    count = max(1, round(share * len(table)))
    return set(order.sort_values(["rank", "number"])["unit"].head(count))
