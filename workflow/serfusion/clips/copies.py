"""Recordings that are there more than once: other modalities and encodings, and copies."""

from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from serfusion.clips.fingerprints import same_recordings
from serfusion.corpora import LOSSLESS


def other_versions(corpus: ModuleType, clips: pd.DataFrame) -> pd.Series:
    """Return for each row which other file of its recording is read instead, or None.

    Of files that a corpus publishes under names of one recording, the one whose name is the
    recording's is the clip; of files with one name, that of a lossless encoding.

    Parameters
    ----------
    corpus : module
        One of `serfusion.corpora`.
    clips : DataFrame
        With `clip` and `path`.
    """
    reasons = pd.Series(None, index=clips.index, dtype=object)
    names = clips["clip"].str.partition("/")[2]
    recordings = names.map(getattr(corpus, "recording", lambda name: name))
    is_lossy = ~clips["path"].str.lower().str.endswith(LOSSLESS)
    for recording, files in names.groupby(recordings):
        kept = recording if recording in set(files) else min(files)
        reasons[files.index[files != kept]] = f"another modality of the recording {kept}"
        versions = files.index[files == kept]
        lossy = is_lossy[versions]
        if lossy.any() and not lossy.all():
            best = clips.loc[lossy.index[~lossy][0], "path"]
            reasons[lossy.index[lossy]] = f"another encoding of {best}"
    return reasons


def copies(clips: pd.DataFrame, fingerprints: pd.Series) -> pd.Series:
    """Return for each row why its recording or its name is a duplicate, or None.

    Of a recording that is there more than once the first is kept; none is kept where two have
    different emotions or actors.

    Parameters
    ----------
    clips : DataFrame
        With `clip`, `path`, `actor`, `emotion` and `sha256`; the first copy of a recording is kept.
    fingerprints : Series of bytes
        Of each row; see `serfusion.clips.fingerprints`.
    """
    reasons = pd.Series(None, index=clips.index, dtype=object)
    for _, same in clips.groupby("sha256", sort=False):
        if len(same) > 1:
            reasons[same.index] = _conflict(same, "same audio") or [
                None,
                *[f"duplicate of {same['clip'].iloc[0]}"] * (len(same) - 1),
            ]
    kept = clips[reasons.isna()]
    pairs = same_recordings(list(fingerprints[kept.index]))
    for same, correlation in _groups(kept, pairs):
        said = f"waveforms correlate by {correlation:.2f}"
        reasons[same.index] = _conflict(same, f"same recording ({said})") or [
            None,
            *[f"the recording of {same['clip'].iloc[0]} again ({said})"] * (len(same) - 1),
        ]
    kept = clips[reasons.isna()]
    for row in kept[kept["clip"].duplicated()].itertuples():
        first = kept.loc[kept["clip"] == row.clip, "path"].iloc[0]
        reasons[row.Index] = f"other audio under the name of {first}"
    return reasons


def _conflict(same: pd.DataFrame, what: str) -> list[str] | None:
    """Return why no copy of a recording can be kept, for each of them, or None."""
    for column, noun in (("emotion", "labels"), ("actor", "actors")):
        if same[column].nunique() > 1:
            paths = set(same["path"])
            return [
                f"{what} under two {noun}: {', '.join(sorted(paths - {path}))}"
                for path in same["path"]
            ]
    return None


def _groups(
    clips: pd.DataFrame, pairs: list[tuple[int, int, float]]
) -> Iterator[tuple[pd.DataFrame, float]]:
    """Yield the rows of each recording that is there twice, and their least correlation."""
    if not pairs:
        return
    first, second, correlation = (np.array(column) for column in zip(*pairs, strict=True))
    graph = coo_array((correlation, (first, second)), shape=(len(clips), len(clips)))
    _, group = connected_components(graph, directed=False)
    for number in dict.fromkeys(group[first]):
        yield clips[group == number], correlation[group[first] == number].min()
