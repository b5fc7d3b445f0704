"""Datasets: the clips of one or more corpora, with the emotions that a study keeps."""

from collections.abc import Collection

import pandas as pd

from serfusion.clips.copies import copies
from serfusion.errors import Refusal
from serfusion.logs import logger
from serfusion.names import name_key

SHARED = "shared"


def combine(
    clips: list[pd.DataFrame],
    fingerprints: list[pd.DataFrame],
    *,
    merge: dict[str, str],
    keep: list[str] | str | None = None,
    drop: list[str],
    missing_emotions: Collection[str] = (),
    manifests: Collection[str] = (),
    shared_actors: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the clips of a dataset: corpora in the order of `clips`, each sorted by clip.

    Of a recording that several corpora have, the first corpus's clip is kept, or none if their
    emotions differ.

    Parameters
    ----------
    clips, fingerprints : list of DataFrame
        One table of each per corpus; see `serfusion.clips.indexing.Index`.
    merge : dict
        Maps an emotion to the one that replaces it. Merging comes before keeping and dropping.
    keep : list of str, "shared" or None, default None
        The emotions to keep; "shared" keeps those that all corpora have, None keeps all.
    drop : list of str
        The emotions to leave out.
    missing_emotions : collection of str, default ()
        Emotions of the dataset's missing corpora. They may be named although no clip has them.

    manifests : collection of str, default ()
        Which corpora are the user's own, so that one person may be in several of them.
    shared_actors : "same", "different" or None, default None
        Whether actors with one name in several `manifests` are one person. The clips of `same`
        actors then bear the name that the first of these corpora gives them. None refuses such
        names.

    Returns
    -------
    dataset : DataFrame
        The columns of a clip table.
    rejected : DataFrame
        Columns `path` and `reason` of clips that another corpus has too.

    Raises
    ------
    Refusal
        If `merge`, `keep` or `drop` names an emotion that no clip has, if fewer than two emotions
        remain, or if manifests share names of actors and `shared_actors` is None.
    """
    dataset = pd.concat([table.sort_values("clip") for table in clips], ignore_index=True)
    dataset["actor"] = _one_name_each(dataset, manifests, shared_actors)
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
    reasons = _shared_recordings(dataset, fingerprints)
    rejected = dataset.assign(reason=reasons).loc[reasons.notna(), ["path", "reason"]]
    if len(rejected):
        logger.warning(
            "%d clips are left out because another corpus has their recordings too", len(rejected)
        )
    return dataset[reasons.isna()].reset_index(drop=True), rejected


def _shared_recordings(dataset: pd.DataFrame, fingerprints: list[pd.DataFrame]) -> pd.Series:
    """Return for each clip why it is left out as a recording of another corpus too, or None.

    Within a corpus, copies were left out when it was indexed.
    """
    if dataset["corpus"].nunique() == 1:
        return pd.Series(None, index=dataset.index, dtype=object)
    prints = pd.concat(fingerprints).set_index("clip")["fingerprint"]
    # Two corpora name one person in two ways, so that actors always differ.
    return copies(dataset.assign(actor=""), dataset["clip"].map(prints))


def _one_name_each(
    dataset: pd.DataFrame, manifests: Collection[str], shared_actors: str | None
) -> pd.Series:
    """Return the actor of each clip, people in several manifests under the name of the first."""
    own = dataset[dataset["corpus"].isin(manifests)].drop_duplicates("actor")
    first_names: dict[str, str] = {}
    renamed = {}
    for actor in own["actor"]:
        key = name_key(actor.partition("/")[2])
        if first_names.setdefault(key, actor) != actor:
            renamed[actor] = first_names[key]
    if renamed and shared_actors is None:
        actor, first = next(iter(renamed.items()))
        raise Refusal(
            f"{first} and {actor} have the same name, as have {len(renamed)} actors of several "
            "manifests: set shared_actors of the dataset to same if they are the same people, or "
            "to different."
        )
    if shared_actors != "same":
        return dataset["actor"]
    genders = own.assign(actor=own["actor"].replace(renamed)).groupby("actor")["gender"]
    disputed = genders.nunique()[lambda counts: counts > 1]
    if len(disputed):
        raise Refusal(
            f"{disputed.index[0]} is female in one manifest and male in another: correct one of "
            "them, or set shared_actors of the dataset to different."
        )
    return dataset["actor"].replace(renamed)


def classes(dataset: pd.DataFrame) -> list[str]:
    """Return the emotions of a dataset in alphabetical order, which is that of class indices."""
    return sorted(dataset["emotion"].unique())
