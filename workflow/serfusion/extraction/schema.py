"""The schemas of feature tables, which have one row per clip and augmentation."""

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


def _keys() -> list[tuple[str, pa.DataType]]:
    return [(key, pa.string()) for key in KEYS]
