"""The feature table of one corpus under one augmentation."""

from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa

from serfusion.clips.audio import Segment, read_windows
from serfusion.errors import Refusal
from serfusion.extraction.augmentation import augment
from serfusion.extraction.schema import frame_schema, schema
from serfusion.parallel import map_clips

WINDOW = ("sample_rate_hz", "offset_s", "duration_s", "trim_db")
"""The settings that say which part of a clip is read, and how."""


def feature_table(
    clips: pd.DataFrame,
    features: ModuleType,
    settings: dict,
    *,
    augmentation: str,
    transform: dict | None,
    workers: int,
) -> pa.Table:
    """Return the features of every clip under one augmentation.

    Parameters
    ----------
    clips : DataFrame
        Rows of a corpus's clip table.
    features : module
        One of `serfusion.features`.
    settings : dict
        The feature set's settings.
    augmentation : str
        The name of the augmentation, for the table's column.
    transform : dict or None
        `kind`, strength and, if it is random, `seed` of the augmentation; None for the original
        clips.
    workers : int
        Number of processes.

    Returns
    -------
    Table
        Columns `clip`, `augmentation` and the features, in the order of `clips`; see
        `serfusion.extraction.schema`.

    Raises
    ------
    Refusal
        If the settings contradict each other, a feature is not a finite number, or the file of a
        clip is missing.
    """
    in_frames = getattr(features, "FRAMES", False)
    # Called before the clips are read, because both refuse settings that contradict each other.
    layout = features.shape(**settings) if in_frames else features.names(**settings)
    files = by_file(clips)
    extract_clips = partial(_extract, features.extract, settings, transform)
    label = f"{features.__name__.rpartition('.')[2]} features, {augmentation}"
    extracted = map_clips(extract_clips, files, workers=workers, label=label)
    values_by_clip = {}
    for rows, file_values in zip(files, extracted, strict=True):
        for row, clip_values in zip(rows, file_values, strict=True):
            if not np.isfinite(clip_values).all():
                raise Refusal(
                    f"{row.path}: a feature is not a finite number ({label}): remove the file from "
                    "its corpus, or change the window."
                )
            values_by_clip[row.clip] = clip_values
    values = [values_by_clip[clip] for clip in clips["clip"]]
    keys = [clips["clip"].to_numpy(), np.full(len(clips), augmentation)]
    if not in_frames:
        return pa.table([*keys, *np.stack(values).T], schema=schema(layout))
    table_schema = frame_schema(*layout, features.PRECISION)
    columns = _padded(values, *layout, features.PRECISION)
    return pa.table([*keys, *columns], schema=table_schema)


def _padded(values: list[np.ndarray], frames: int, channels: int, precision: str) -> tuple:
    """Return the columns `length` and `values` of a table of frames."""
    lengths = np.array([min(len(clip_values), frames) for clip_values in values], dtype=np.int32)
    padded = np.zeros((len(values), frames, channels), dtype=precision)
    for row, clip_values, length in zip(padded, values, lengths, strict=True):
        row[:length] = clip_values[:length]
    return lengths, pa.FixedShapeTensorArray.from_numpy_ndarray(padded)


def by_file(clips: pd.DataFrame) -> list[list[SimpleNamespace]]:
    """Return the rows of each file's clips, by their start; files in the order of `clips`."""
    files: dict[str, list[SimpleNamespace]] = {}
    for row in clips.to_dict("records"):
        files.setdefault(row["path"], []).append(SimpleNamespace(**row))
    return [sorted(rows, key=lambda row: Segment.of(row).start_s) for rows in files.values()]


def augmented_audio(
    clips: list,
    transform: dict | None,
    *,
    sample_rate_hz: int,
    offset_s: float = 0,
    duration_s: float | None = None,
    trim_db: float | None = None,
) -> Iterator[np.ndarray]:
    """Yield the audio of each clip of one file, which is read once, and only if need be.

    Parameters
    ----------
    clips : list
        Rows of a clip table as `by_file` returns them.
    transform : dict or None
        As in `feature_table`.
    sample_rate_hz, offset_s, duration_s, trim_db
        As in `serfusion.clips.audio.read_windows`; by default the whole clip.

    Yields
    ------
    ndarray of shape (n,), float32
    """
    windows = read_windows(
        clips[0].path,
        [Segment.of(clip) for clip in clips],
        sample_rate_hz=sample_rate_hz,
        offset_s=offset_s,
        duration_s=duration_s,
        trim_db=trim_db,
    )
    for clip, samples in zip(clips, windows, strict=True):
        if transform is None:
            yield samples
        else:
            yield augment(samples, sample_rate_hz, clip=clip.clip, **transform)


def _extract(
    extract: Callable, settings: dict, transform: dict | None, clips: list
) -> list[np.ndarray]:
    """Return the features of each clip of one file."""
    audio = augmented_audio(clips, transform, **{key: settings.get(key) for key in WINDOW})
    return [extract(clip, partial(next, audio), **settings) for clip in clips]
