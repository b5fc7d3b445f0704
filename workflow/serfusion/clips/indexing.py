"""Indexing a corpus: the table of its usable clips, and the list of rejected files."""

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

from serfusion.clips import audio
from serfusion.clips.emotions import emotions
from serfusion.corpora import Labels
from serfusion.errors import Refusal
from serfusion.logs import logger
from serfusion.names import clean_name, refuse_alike
from serfusion.obtaining.lfs_pointer import read_pointer
from serfusion.parallel import map_clips

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
"""Clips with a lower peak amplitude are silent: -80 dB relative to full scale. The quietest clip of
RAVDESS has a peak of -47 dB."""

POINTER = "a Git LFS pointer instead of the audio: run `git lfs pull` in the copy it is from"


def index(
    name: str,
    corpus: ModuleType,
    root: Path,
    *,
    label_map: dict[str, str] | None = None,
    workers: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read all audio files of a corpus and separate usable clips from rejected files.

    Rejected are files that are unreadable, empty or silent, whose names are not the corpus's, or
    whose emotion is missing; all files with the same audio under different labels; all copies of a
    clip except the first in the order of `corpus.files`; and other modalities of a recording.
    Names are cleaned: composed (NFC), and without superfluous blanks. The hash of a clip is that of
    its decoded mono samples, so that WAV and FLAC files of one recording have the same.

    Parameters
    ----------
    name : str
        The name of the corpus in the configuration, a prefix of the names of clips and actors.
    corpus : module
        One of `serfusion.corpora`.
    root : Path
        The folder of the corpus, or its manifest.
    label_map : dict, optional
        Maps labels of the corpus to the emotions that replace them.
    workers : int
        Number of processes.

    Returns
    -------
    clips : DataFrame
        The columns of `SCHEMA`, sorted by clip.
    rejected : DataFrame
        Columns `path` and `reason`, sorted by path.

    Raises
    ------
    Refusal
        If there are no usable clips, no clip has a label that `label_map` names, or two actors or
        two labels differ only in spelling.
    """
    files = corpus.files(root)
    if not files:
        raise Refusal(f"{root} holds no audio files: is it where {name} is?")
    rows = map_clips(
        partial(_read, name, corpus.labels, root),
        files,
        workers=workers,
        label=f"indexing {name}",
    )
    rejected = [row for row in rows if "reason" in row]
    usable = pd.DataFrame([row for row in rows if "reason" not in row], columns=SCHEMA.names)
    if usable.empty:
        reason, _ = Counter(row["reason"] for row in rejected).most_common(1)[0]
        raise Refusal(
            f"None of the {len(files)} audio files in {root} can be used as {name}; "
            f"most often: {reason}."
        )
    refuse_alike(
        usable["actor"].str.removeprefix(f"{name}/"),
        "actors",
        f"corpora.{name}",
        "if they are one person, write one name",
    )
    labels = usable["emotion"]
    usable["emotion"] = emotions(labels, label_map or {}, name)
    usable["reason"] = ("no emotion: its label is " + labels.map(repr)).where(
        usable["emotion"].isna(), None
    )
    for reasons in (partial(_modality_reasons, corpus), _duplicate_reasons):
        kept = usable[usable["reason"].isna()]
        usable.loc[kept.index, "reason"] = reasons(kept)
    left_out = usable[usable["reason"].notna()]
    rejected = pd.concat(
        [
            pd.DataFrame(rejected, columns=["path", "reason"]),
            left_out[["path", "reason"]],
        ]
    )
    clips = usable[usable["reason"].isna()]
    if clips.empty:
        raise Refusal(
            f"None of the {len(files)} audio files in {root} can be used as {name}; most often: "
            f"{usable['reason'].mode()[0]}."
        )
    logger.info("%s: %d usable clips, %d files rejected", name, len(clips), len(rejected))
    return clips[SCHEMA.names].sort_values("clip"), rejected.sort_values("path")


def _read(name: str, labels_of: Callable, root: Path, path: Path) -> dict:
    """Return the row of a usable clip, or `path` and `reason` of a rejected file."""
    try:
        labels = _cleaned(labels_of(path, root))
        samples, rate = audio.decode(path)
    except ValueError as error:
        return {"path": str(path), "reason": str(error)}
    except soundfile.LibsndfileError as error:
        return {"path": str(path), "reason": _unreadable(path, error)}
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


def _unreadable(path: Path, error: soundfile.LibsndfileError) -> str:
    """Return why a file cannot be decoded."""
    if path.stat().st_size == 0:
        return "unreadable: an empty file"
    return POINTER if read_pointer(path) else f"unreadable: {error.error_string}"


def _cleaned(labels: Labels) -> Labels:
    return Labels(*(value if value is None else clean_name(value) for value in labels))


def _fault(samples: np.ndarray) -> str | None:
    """Return why samples cannot be used, or None."""
    if not len(samples):
        return "empty"
    if not np.isfinite(samples).all():
        return "unreadable: samples that are not numbers"
    if np.abs(samples).max() < SILENT_BELOW:
        return "silent"
    return None


def _modality_reasons(corpus: ModuleType, clips: pd.DataFrame) -> pd.Series:
    """Return for each row which other modality of its recording is read instead, or None."""
    reasons = pd.Series(None, index=clips.index, dtype=object)
    if not hasattr(corpus, "recording"):
        return reasons
    names = clips["clip"].str.partition("/")[2]
    recordings = names.map(corpus.recording)
    for recording, files in names.groupby(recordings):
        if len(set(files)) > 1:
            kept = recording if recording in set(files) else min(files)
            reasons[files.index[files != kept]] = f"another modality of the recording {kept}"
    return reasons


def _duplicate_reasons(clips: pd.DataFrame) -> pd.Series:
    """Return for each row why its audio or its name is a duplicate, or None."""
    reasons = pd.Series(None, index=clips.index, dtype=object)
    for _, copies in clips.groupby("sha256", sort=False):
        if len(copies) == 1:
            continue
        for column, noun in (("emotion", "labels"), ("actor", "actors")):
            if copies[column].nunique() > 1:
                for row in copies.itertuples():
                    other_paths = ", ".join(sorted(set(copies["path"]) - {row.path}))
                    reasons[row.Index] = f"same audio under two {noun}: {other_paths}"
                break
        else:
            reasons[copies.index[1:]] = f"duplicate of {copies['clip'].iloc[0]}"
    kept = clips[reasons.isna()]
    for row in kept[kept["clip"].duplicated()].itertuples():
        first = kept.loc[kept["clip"] == row.clip, "path"].iloc[0]
        reasons[row.Index] = f"other audio under the name of {first}"
    return reasons
