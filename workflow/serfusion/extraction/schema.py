"""The schemas of feature tables, which have one row per clip and augmentation."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

KEYS = ["clip", "augmentation"]
LENGTH = "length"
VALUES = "values"


def schema(columns: list[str]) -> pa.Schema:
    """Return the Arrow schema of a table with one float32 column per feature."""
    return pa.schema([*_keys(), *((name, pa.float32()) for name in columns)])


def frame_schema(frames: int, channels: int, precision: str) -> pa.Schema:
    """Return the Arrow schema of a table of frame features.

    The column `values` has arrays of shape (frames, channels), padded with zeros after the last
    frame of a clip, and `length` the number of its frames.

    Parameters
    ----------
    frames, channels : int
    precision : str
        `float16` or `float32`.
    """
    values = pa.fixed_shape_tensor(pa.type_for_alias(precision), (frames, channels))
    return pa.schema([*_keys(), (LENGTH, pa.int32()), (VALUES, values)])


def frame_columns(
    values: Sequence[np.ndarray], frames: int, channels: int, precision: str
) -> tuple[np.ndarray, pa.FixedShapeTensorArray]:
    """Return the columns `length` and `values` of a table of frame features.

    Parameters
    ----------
    values : sequence of ndarray of shape (t, channels)
        The frames of each clip, of which the first are kept.
    frames, channels, precision
        As in `frame_schema`.
    """
    lengths = np.array([min(len(clip_values), frames) for clip_values in values], dtype=np.int32)
    padded = np.zeros((len(values), frames, channels), dtype=precision)
    for row, clip_values, length in zip(padded, values, lengths, strict=True):
        row[:length] = clip_values[:length]
    return lengths, pa.FixedShapeTensorArray.from_numpy_ndarray(padded)


def _keys() -> list[tuple[str, pa.DataType]]:
    return [(key, pa.string()) for key in KEYS]
