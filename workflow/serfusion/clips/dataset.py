"""Datasets: the clips of one or more corpora, with the emotions that a study keeps."""

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
    missing_emotions: Collection[str] = (),
) -> pd.DataFrame:
    """Return the clips of a dataset: corpora in the order of `clips`, each sorted by clip.

    Parameters
    ----------
    clips : list of DataFrame
        One clip table per corpus.
    merge : dict
        Maps an emotion to the one that replaces it. Merging comes before keeping and dropping.
    keep : list of str, "shared" or None, default None
        The emotions to keep; "shared" keeps those that all corpora have, None keeps all.
    drop : list of str
        The emotions to leave out.
    missing_emotions : collection of str, default ()
        Emotions of the dataset's missing corpora. They may be named although no clip has them.

    Returns
    -------
    DataFrame
        The columns of a clip table.

    Raises
    ------
    Refusal
        If `merge`, `keep` or `drop` names an emotion that no clip has, or if fewer than two
        emotions remain.
    """
    dataset = pd.concat([table.sort_values("clip") for table in clips], ignore_index=True)
    emotions = set(dataset["emotion"])
    named = set(drop) | set(keep if isinstance(keep, list) else [])
    named = named - set(merge.values()) | set(merge)
    unknown = sorted(named - emotions - set(missing_emotions))
    if unknown:
        raise Refusal(
            f"The dataset merges, keeps or drops {', '.join(unknown)}, which none of its clips "
            f"has; its emotions are {', '.join(sorted(emotions))}."
        )
    dataset["emotion"] = dataset["emotion"].replace(merge)
    if keep == SHARED:
        emotions_by_corpus = dataset.groupby("corpus")["emotion"].agg(set)
        keep = set.intersection(*emotions_by_corpus)
    if keep is not None:
        dataset = dataset[dataset["emotion"].isin(keep)]
    dataset = dataset[~dataset["emotion"].isin(drop)].reset_index(drop=True)
    if dataset["emotion"].nunique() < 2:
        raise Refusal("The dataset has fewer than two emotions left: drop or merge fewer emotions.")
    return dataset


def classes(dataset: pd.DataFrame) -> list[str]:
    """Return the emotions of a dataset in alphabetical order, which is that of class indices."""
    return sorted(dataset["emotion"].unique())
