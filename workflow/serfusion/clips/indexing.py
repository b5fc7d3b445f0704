"""From a corpus's folder to its table of usable clips, and the list of those left out and why."""

import hashlib
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pyarrow as pa
import soundfile

from serfusion import registry
from serfusion.clips import audio
from serfusion.errors import Refusal
from serfusion.logs import logger
from serfusion.obtaining.lfs_pointer import read_pointer
from serfusion.parallel import over_clips

SCHEMA = pa.schema(
    [
        ("clip", pa.string()),
        ("corpus", pa.string()),
        ("path", pa.string()),
        ("actor", pa.string()),
        ("gender", pa.string()),
        ("emotion", pa.string()),
        ("intensity", pa.string()),
        ("sentence", pa.string()),
        ("session", pa.string()),
        ("duration_s", pa.float32()),
        ("sample_rate_hz", pa.int32()),
        ("sha256", pa.string()),
    ]
)

SILENT_BELOW = 1e-4
"""Peak amplitude under which a clip counts as silent: -80 dB of full scale. The quietest real clip
of RAVDESS peaks at -47 dB."""

POINTER = "a Git LFS pointer instead of the audio: run `git lfs pull` in the copy it is from"


def index(
    name: str,
    corpus: ModuleType,
    root: Path,
    *,
    label_map: dict[str, str] | None = None,
    workers: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read every audio file under `root` and sort the usable clips from the others.

    Left out are files that are unreadable, empty, silent or unnamed; the same audio under two
    labels, all of it; and copies of a clip, except the first (of the fewest folders, then by name).
    The hash is that of the decoded mono samples, so that WAV and FLAC of one recording agree.

    Parameters
    ----------
    name : str
        The corpus's name in the configuration; it begins each clip's and actor's name.
    corpus : module
        One of `serfusion.corpora`.
    root : Path
        The corpus's folder, or its manifest.
    label_map : dict, optional
        Words for emotions, and those to count them as.
    workers : int
        Processes to read with.

    Returns
    -------
    clips : DataFrame with the columns of `SCHEMA`, by clip
    rejected : DataFrame with columns `path` and `reason`, by path

    Raises
    ------
    Refusal
        If there is no usable clip at all, or `label_map` has a word that no clip bears.
    """
    files = corpus.files(root)
    if not files:
        raise Refusal(f"{root} holds no audio files: is it where {name} is?")
    read = over_clips(
        partial(_read, name, corpus.labels, root),
        files,
        workers=workers,
        what=f"indexing {name}",
    )
    rejected = [row for row in read if "reason" in row]
    usable = pd.DataFrame([row for row in read if "reason" not in row], columns=SCHEMA.names)
    if usable.empty:
        reason, _ = Counter(row["reason"] for row in rejected).most_common(1)[0]
        raise Refusal(
            f"None of the {len(files)} audio files in {root} can be used as {name}; "
            f"most often: {reason}."
        )
    usable["emotion"] = _renamed(usable["emotion"], label_map or {}, name)
    usable["reason"] = _doubles(usable)
    doubles = usable[usable["reason"].notna()]
    rejected = pd.concat(
        [
            pd.DataFrame(rejected, columns=["path", "reason"]),
            doubles[["path", "reason"]],
        ]
    )
    clips = usable[usable["reason"].isna()]
    if clips.empty:
        raise Refusal(
            f"None of the {len(files)} audio files in {root} can be used as {name}: each is the "
            "same as one under another label."
        )
    logger.info("%s: %d usable clips, %d left out", name, len(clips), len(rejected))
    return clips[SCHEMA.names].sort_values("clip"), rejected.sort_values("path")


def _read(name: str, labels_of: Callable, root: Path, path: Path) -> dict:
    try:
        labels = labels_of(path, root)
        samples, rate = audio.decode(path)
    except ValueError as error:
        return {"path": str(path), "reason": str(error)}
    except soundfile.LibsndfileError as error:
        reason = POINTER if read_pointer(path) else f"unreadable: {error.error_string}"
        return {"path": str(path), "reason": reason}
    fault = _fault(samples)
    if fault:
        return {"path": str(path), "reason": fault}
    return {
        "clip": f"{name}/{labels.name}",
        "corpus": name,
        "path": str(path),
        **labels._asdict(),
        "actor": f"{name}/{labels.actor}",
        "duration_s": len(samples) / rate,
        "sample_rate_hz": rate,
        "sha256": hashlib.sha256(samples.tobytes()).hexdigest(),
    }


def _renamed(emotions: pd.Series, label_map: dict[str, str], name: str) -> pd.Series:
    known = sorted(emotions.unique())
    for word in label_map:
        registry.require(word, known, f"corpora.{name}.label_map: no clip is labelled {word!r}")
    return emotions.replace(label_map)


def _fault(samples: np.ndarray) -> str | None:
    if not len(samples):
        return "empty"
    if not np.isfinite(samples).all():
        return "unreadable: samples that are not numbers"
    if np.abs(samples).max() < SILENT_BELOW:
        return "silent"
    return None


def _doubles(clips: pd.DataFrame) -> pd.Series:
    """Return for each row why its audio or its name is a double, or None."""
    reasons = pd.Series(None, index=clips.index, dtype=object)
    for _, same in clips.groupby("sha256", sort=False):
        if len(same) == 1:
            continue
        for column, word in (("emotion", "labels"), ("actor", "actors")):
            if same[column].nunique() > 1:
                for row in same.itertuples():
                    others = ", ".join(sorted(set(same["path"]) - {row.path}))
                    reasons[row.Index] = f"same audio under two {word}: {others}"
                break
        else:
            reasons[same.index[1:]] = f"duplicate of {same['clip'].iloc[0]}"
    kept = clips[reasons.isna()]
    for row in kept[kept["clip"].duplicated()].itertuples():
        first = kept.loc[kept["clip"] == row.clip, "path"].iloc[0]
        reasons[row.Index] = f"other audio under the name of {first}"
    return reasons
