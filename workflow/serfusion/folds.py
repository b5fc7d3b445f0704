"""Who is trained on, validated on and tested on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from serfusion.errors import Refusal
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
        `{"by": "actor", "count": k}` tests k groups of consecutive actors in turn;
        `{"by": "actor", "test": [[actor, …], …]}` tests the listed actors, one list a fold.
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
        If there are fewer actors than folds, a listed actor does not exist or stands in two
        folds, or nobody would be left to train on.
    """
    dataset = dataset.sort_values("clip")
    tested = test_actors(dataset, corpora, folds)
    parts = []
    for fold, actors in enumerate(tested, start=1):
        test = dataset["actor"].isin(actors)
        rest = dataset[~test]
        validated = _validation(rest, validation, seed, fold)
        roles = pd.Series("train", index=dataset.index)
        roles[test] = "test"
        roles[rest.index[validated]] = "validation"
        if not (roles == "train").any():
            raise Refusal(f"Fold {fold} would train on nobody: use fewer folds or a smaller share.")
        parts.append(pd.DataFrame({"clip": dataset["clip"], "fold": fold, "role": roles}))
    return pd.concat(parts, ignore_index=True)


def test_actors(dataset: pd.DataFrame, corpora: list[str], folds: dict) -> list[list[str]]:
    """Return the actors that each fold tests; see `split`."""
    actors = _actors_in_order(dataset, corpora)
    if "test" in folds:
        return _listed(folds["test"], actors)
    count = folds["count"]
    if count > len(actors):
        raise Refusal(
            f"{count} folds by actor need at least {count} actors and the dataset has "
            f"{len(actors)}: set folds.count to {len(actors)} or less."
        )
    return [list(group) for group in np.array_split(actors, count)]


def _actors_in_order(dataset: pd.DataFrame, corpora: list[str]) -> list[str]:
    pairs = set(zip(dataset["corpus"], dataset["actor"], strict=True))
    return [actor for _, actor in sorted(pairs, key=lambda pair: (corpora.index(pair[0]), pair[1]))]


def _listed(test: Sequence[Sequence[str]], actors: list[str]) -> list[list[str]]:
    named = [actor for group in test for actor in group]
    unknown = [actor for actor in named if actor not in set(actors)]
    if unknown:
        raise Refusal(
            f"folds.test names {unknown[0]}, who is not in the dataset; "
            f"its actors are {actors[0]} to {actors[-1]}."
        )
    twice = [actor for actor in named if named.count(actor) > 1]
    if twice:
        raise Refusal(f"folds.test names {twice[0]} twice: an actor is tested in one fold alone.")
    return [list(group) for group in test]


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
