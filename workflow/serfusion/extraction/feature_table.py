"""From a corpus's clips to one feature table: clip × augmentation."""

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
from serfusion.parallel import over_clips


def feature_table(
    clips: pd.DataFrame,
    features: ModuleType,
    settings: dict,
    *,
    augmentation: str,
    change: dict | None,
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
        The name that the table's rows bear.
    change : dict or None
        `kind`, strength and perhaps `seed` of the augmentation; None leaves the clips as they are.
    workers : int
        Processes to compute with.

    Returns
    -------
    Table
        Columns `clip`, `augmentation` and the features, in the clips' order; see
        `serfusion.extraction.schema`.

    Raises
    ------
    Refusal
        If a feature of a clip is not a finite number, or a clip's file has gone.
    """
    in_frames = getattr(features, "FRAMES", False)
    described = features.shape(**settings) if in_frames else features.names(**settings)
    rows = [SimpleNamespace(**row) for row in clips.to_dict("records")]
    one = partial(_extract, features.extract, settings, change)
    what = f"{features.__name__.rpartition('.')[2]} of {augmentation}"
    values = over_clips(one, rows, workers=workers, what=what)
    for row, value in zip(rows, values, strict=True):
        if not np.isfinite(value).all():
            raise Refusal(
                f"{row.path}: a feature of {what} is not a finite number; "
                "take the file out of its corpus, or change the window."
            )
    keys = [clips["clip"].to_numpy(), np.full(len(clips), augmentation)]
    if not in_frames:
        return pa.table([*keys, *np.stack(values).T], schema=schema(described))
    table_schema = frame_schema(*described, features.PRECISION)
    columns = _padded(values, *described, features.PRECISION)
    return pa.table([*keys, *columns], schema=table_schema)


def _padded(values: list[np.ndarray], frames: int, channels: int, precision: str) -> tuple:
    """Return the columns `length` and `values` of a table of frames."""
    lengths = np.array([min(len(value), frames) for value in values], dtype=np.int32)
    padded = np.zeros((len(values), frames, channels), dtype=precision)
    for row, value, length in zip(padded, values, lengths, strict=True):
        row[:length] = value[:length]
    return lengths, pa.FixedShapeTensorArray.from_numpy_ndarray(padded)


def _extract(extract: Callable, settings: dict, change: dict | None, clip) -> np.ndarray:
    def load() -> np.ndarray:
        rate = settings["sample_rate_hz"]
        samples = read_window(
            clip.path,
            sample_rate_hz=rate,
            offset_s=settings["offset_s"],
            duration_s=settings["duration_s"],
            trim_db=settings.get("trim_db"),
        )
        if change is None:
            return samples
        return augment(samples, rate, clip=clip.clip, **change)

    return extract(clip, load, **settings)
