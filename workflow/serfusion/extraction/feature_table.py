"""The feature table of one corpus under one augmentation."""

from collections.abc import Callable
from functools import partial
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa

from serfusion.clips.audio import read_window
from serfusion.errors import Refusal
from serfusion.extraction.augmentation import augment
from serfusion.extraction.schema import frame_schema, schema
from serfusion.parallel import map_clips

WINDOW = ("sample_rate_hz", "offset_s", "duration_s", "trim_db")
"""The settings that say which part of a clip is read."""


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
    rows = [SimpleNamespace(**row) for row in clips.to_dict("records")]
    extract_clip = partial(_extract, features.extract, settings, transform)
    label = f"{features.__name__.rpartition('.')[2]} features, {augmentation}"
    values = map_clips(extract_clip, rows, workers=workers, label=label)
    for row, clip_values in zip(rows, values, strict=True):
        if not np.isfinite(clip_values).all():
            raise Refusal(
                f"{row.path}: a feature is not a finite number ({label}): remove the file from "
                "its corpus, or change the window."
            )
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


def clip_audio(
    clip,
    transform: dict | None,
    *,
    sample_rate_hz: int,
    offset_s: float = 0,
    duration_s: float | None = None,
    trim_db: float | None = None,
) -> np.ndarray:
    """Return the audio of a clip as features are computed from it, augmented.

    Parameters
    ----------
    clip
        A row of the clip table, with `clip` and `path`.
    transform : dict or None
        As in `feature_table`.
    sample_rate_hz, offset_s, duration_s, trim_db
        As in `serfusion.clips.audio.read_window`; by default the whole clip.

    Returns
    -------
    ndarray of shape (n,), float32
    """
    samples = read_window(
        clip.path,
        sample_rate_hz=sample_rate_hz,
        offset_s=offset_s,
        duration_s=duration_s,
        trim_db=trim_db,
    )
    if transform is None:
        return samples
    return augment(samples, sample_rate_hz, clip=clip.clip, **transform)


def _extract(extract: Callable, settings: dict, transform: dict | None, clip) -> np.ndarray:
    window = {key: settings[key] for key in WINDOW if key in settings}
    return extract(clip, partial(clip_audio, clip, transform, **window), **settings)
