"""A dataset: the clips of one or more corpora, with the emotions that a study keeps."""

from collections.abc import Collection

import pandas as pd

from serfusion.errors import Refusal

SHARED = "shared"


def combine(
    clips: list[pd.DataFrame],
    *,
    merge: dict[str, str],
    keep: list[str] | str | None = None,
    drop: list[str],
    elsewhere: Collection[str] = (),
) -> pd.DataFrame:
    """Return the clips of a dataset, corpora in the given order and each corpus's clips by name.

    Parameters
    ----------
    clips : list of DataFrame
        One clip table per corpus.
    merge : dict
        Emotion to the emotion that it is counted as; done first.
    keep : list of str, "shared" or None, default None
        The emotions that are kept; `shared` keeps those that every corpus has, None all.
    drop : list of str
        Emotions left out.
    elsewhere : collection of str
        Emotions of corpora of the dataset that are missing, which need not occur.

    Returns
    -------
    DataFrame
        The columns of a clip table.

    Raises
    ------
    Refusal
        If `merge`, `keep` or `drop` names an emotion that no clip has, or fewer than two emotions
        remain.
    """
    dataset = pd.concat([table.sort_values("clip") for table in clips], ignore_index=True)
    found = set(dataset["emotion"])
    named = set(drop) | set(keep if isinstance(keep, list) else [])
    absent = sorted((named - set(merge.values()) | set(merge)) - found - set(elsewhere))
    if absent:
        raise Refusal(
            f"The dataset merges, keeps or drops {', '.join(absent)}, which none of its clips has; "
            f"its emotions are {', '.join(sorted(found))}."
        )
    dataset["emotion"] = dataset["emotion"].replace(merge)
    if keep == SHARED:
        keep = set.intersection(*(set(own) for _, own in dataset.groupby("corpus")["emotion"]))
    if keep is not None:
        dataset = dataset[dataset["emotion"].isin(keep)]
    dataset = dataset[~dataset["emotion"].isin(drop)].reset_index(drop=True)
    if dataset["emotion"].nunique() < 2:
        raise Refusal("The dataset has fewer than two emotions left: leave out or merge fewer.")
    return dataset


def classes(dataset: pd.DataFrame) -> list[str]:
    """Return the emotions of a dataset in alphabetical order: the order of every class index."""
    return sorted(dataset["emotion"].unique())
