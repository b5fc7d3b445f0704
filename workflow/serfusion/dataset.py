"""A dataset: the clips of one or more corpora, with the emotions that a study keeps."""

import pandas as pd

from serfusion.errors import Refusal


def combine(clips: list[pd.DataFrame], *, drop: list[str], merge: dict[str, str]) -> pd.DataFrame:
    """Return the clips of a dataset, corpora in the given order and each corpus's clips by name.

    Parameters
    ----------
    clips : list of DataFrame
        One clip table per corpus.
    drop : list of str
        Emotions left out.
    merge : dict
        Emotion to the emotion that it is counted as; done before `drop`.

    Returns
    -------
    DataFrame
        The columns of a clip table.

    Raises
    ------
    Refusal
        If `drop` or `merge` names an emotion that no clip has, or fewer than two emotions remain.
    """
    dataset = pd.concat([table.sort_values("clip") for table in clips], ignore_index=True)
    found = set(dataset["emotion"])
    absent = sorted((set(drop) - set(merge.values()) | set(merge)) - found)
    if absent:
        raise Refusal(
            f"The dataset drops or merges {', '.join(absent)}, which none of its clips has; "
            f"its emotions are {', '.join(sorted(found))}."
        )
    dataset["emotion"] = dataset["emotion"].replace(merge)
    dataset = dataset[~dataset["emotion"].isin(drop)].reset_index(drop=True)
    if dataset["emotion"].nunique() < 2:
        raise Refusal("The dataset has fewer than two emotions left: drop or merge fewer.")
    return dataset


def classes(dataset: pd.DataFrame) -> list[str]:
    """Return the emotions of a dataset in alphabetical order: the order of every class index."""
    return sorted(dataset["emotion"].unique())
