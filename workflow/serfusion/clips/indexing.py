"""Indexing a corpus: the table of its usable clips, and the list of rejected files."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from serfusion.clips.audio import MIN_WINDOW_S, Segment, pieces, span
from serfusion.clips.copies import copies, other_versions
from serfusion.clips.decoding import DecodingError, open_audio
from serfusion.clips.emotions import emotions
from serfusion.clips.measuring import Measured, Measurement
from serfusion.corpora import Labels, what_is_there
from serfusion.errors import Refusal
from serfusion.logs import logger
from serfusion.names import clean_name, refuse_alike
from serfusion.parallel import map_clips

SCHEMA = pa.schema(
    [
        ("clip", pa.string()),
        ("corpus", pa.string()),
        ("path", pa.string()),
        ("start_s", pa.float64()),
        ("end_s", pa.float64()),
        ("channel", pa.int8()),
        ("actor", pa.string()),
        ("gender", pa.string()),
        ("emotion", pa.string()),
        ("intensity", pa.string()),
        ("sentence", pa.string()),
        ("session", pa.string()),
        ("duration_s", pa.float32()),
        ("sound_start_s", pa.float32()),
        ("sound_end_s", pa.float32()),
        ("sample_rate_hz", pa.int32()),
        ("sha256", pa.string()),
    ]
)
FINGERPRINTS = pa.schema([("clip", pa.string()), ("fingerprint", pa.binary())])


class Index(NamedTuple):
    """What is in a corpus.

    Attributes
    ----------
    clips : DataFrame
        The columns of `SCHEMA`, sorted by clip.
    rejected : DataFrame
        Columns `path` and `reason`, sorted by path.
    fingerprints : DataFrame
        The columns of `FINGERPRINTS`, a row for each of `clips`.
    """

    clips: pd.DataFrame
    rejected: pd.DataFrame
    fingerprints: pd.DataFrame


def index(
    name: str,
    corpus: ModuleType,
    root: Path,
    *,
    label_map: dict[str, str] | None = None,
    workers: int,
) -> Index:
    """Read all audio files of a corpus and separate usable clips from rejected files.

    Rejected are files and segments that cannot be decoded or used (see
    `serfusion.clips.measuring`), whose names are not the corpus's, or whose emotion is missing; all
    versions and copies of a recording except one, and all of them where they have different labels
    (see `serfusion.clips.copies`). Names are cleaned: composed (NFC), and without superfluous
    blanks. The hash of a clip is that of its decoded mono samples, so that WAV and FLAC files of
    one recording have the same.

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

    Raises
    ------
    Refusal
        If there are no usable clips, no clip has a label that `label_map` names, or two actors or
        two labels differ only in spelling.
    """
    files = corpus.files(root)
    if not files:
        raise Refusal(
            f"{root} holds no audio files ({what_is_there(root)}): is it where {name} is?"
        )
    for remark in corpus.remarks(root) if hasattr(corpus, "remarks") else ():
        logger.info("%s: %s", name, remark)
    read = partial(_read, name, corpus.labels, root)
    rows = map_clips(read, files, workers=workers, label=f"indexing {name}")
    rows = [row for of_file in rows for row in of_file]
    rejected = pd.DataFrame(
        [row for row in rows if "reason" in row], columns=["path", "reason"], dtype=object
    )
    columns = [*SCHEMA.names, "fingerprint"]
    usable = pd.DataFrame([row for row in rows if "reason" not in row], columns=columns)
    if usable.empty:
        raise _nothing_usable(name, root, files, rejected["reason"])
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
    for reasons in (
        partial(other_versions, corpus),
        lambda kept: copies(kept, usable["fingerprint"]),
    ):
        kept = usable[usable["reason"].isna()]
        usable.loc[kept.index, "reason"] = reasons(kept)
    left_out = usable.loc[usable["reason"].notna(), ["path", "reason"]]
    rejected = pd.concat([rejected, left_out])
    clips = usable[usable["reason"].isna()].sort_values("clip")
    if clips.empty:
        raise _nothing_usable(name, root, files, rejected["reason"])
    logger.info("%s: %d usable clips, %d files rejected", name, len(clips), len(rejected))
    if clips["channel"].notna().any():
        logger.info(
            "%s: of %d stereo clips only the first channel is read, because the second is its "
            "inverse and mixing both down would cancel the speech",
            *(name, clips["channel"].notna().sum()),
        )
    return Index(
        clips=clips[SCHEMA.names],
        rejected=rejected.sort_values(["path", "reason"]),
        fingerprints=clips[FINGERPRINTS.names],
    )


def _nothing_usable(name: str, root: Path, files: list[Path], reasons: pd.Series) -> Refusal:
    reason, _ = Counter(reasons).most_common(1)[0]
    return Refusal(
        f"None of the {len(files)} audio files in {root} can be used as {name}; most often: "
        f"{reason}."
    )


def _read(name: str, labels_of: Callable, root: Path, path: Path) -> list[dict]:
    """Return a row for each clip in a file; `path` and `reason` of what cannot be used."""
    try:
        found = labels_of(path, root)
    except ValueError as error:
        return [_rejected(path, str(error))]
    found = found if isinstance(found, list) else [found]
    rows = [_rejected(path, reason) for reason in found if isinstance(reason, str)]
    wanted = [_cleaned(labels) for labels in found if isinstance(labels, Labels)]
    try:
        with open_audio(path) as audio:
            promised_s = audio.promised_s
            spans = [span(_segment(labels), audio.rate) for labels in wanted]
            measurements = [Measurement(audio.rate) for _ in wanted]
            for number, frames, _ in pieces(audio, spans):
                measurements[number].add(frames)
    except DecodingError as error:
        return [*rows, _rejected(path, str(error))]
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        return [*rows, _rejected(path, f"unreadable: {reason}")]
    for labels, measurement in zip(wanted, measurements, strict=True):
        measured = measurement.finish()
        fault = _missing_sound(labels, measured, promised_s) or measured.fault
        rows.append(_rejected(path, fault) if fault else _row(name, path, labels, measured))
    return rows


def _rejected(path: Path, reason: str) -> dict:
    return {"path": str(path), "reason": reason}


def _row(name: str, path: Path, labels: Labels, measured: Measured) -> dict:
    return {
        **labels._asdict(),
        "clip": f"{name}/{labels.name}",
        "corpus": name,
        "path": str(path),
        "channel": measured.channel,
        "actor": f"{name}/{labels.actor}",
        "duration_s": measured.duration_s,
        "sound_start_s": measured.sound_start_s,
        "sound_end_s": measured.sound_end_s,
        "sample_rate_hz": measured.rate,
        "sha256": measured.sha256,
        "fingerprint": measured.fingerprint,
    }


def _cleaned(labels: Labels) -> Labels:
    return Labels(*(clean_name(value) if isinstance(value, str) else value for value in labels))


def _segment(labels: Labels) -> Segment:
    return Segment(labels.start_s or 0.0, labels.end_s)


def _missing_sound(labels: Labels, measured: Measured, promised_s: float | None) -> str | None:
    """Return what a file lacks of the sound that its header or its row promises, or None."""
    start, end = _segment(labels)[:2]
    if labels.start_s is None and end is None:
        if promised_s is not None and promised_s - measured.duration_s > MIN_WINDOW_S:
            return (
                f"cut off: it holds {measured.duration_s:.2f} s of the {promised_s:.2f} s that its "
                "header states"
            )
        return None
    if not measured.frames:
        return f"its segment starts at {start:g} s, after the end of the file"
    if end is not None and end - start - measured.duration_s > MIN_WINDOW_S:
        return (
            f"its segment ends at {end:g} s, after the end of the file at "
            f"{start + measured.duration_s:.2f} s"
        )
    return None
