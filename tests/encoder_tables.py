"""Tables in the form of `serfusion.extraction.encoder_table`, from random numbers."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from serfusion.extraction.encoder_table import STATISTICS, encoder_rows, encoder_schema


def encoder_values(
    clips, layers: list[int], width: int, *, targets=None, seed: int = 0
) -> np.ndarray:
    """Return values of shape (clips, layers x 4, width), float16.

    Columns have means and scales of their own. If there are `targets`, the values depend on them,
    more in higher layers.
    """
    random = np.random.default_rng(seed)
    shape = (len(clips), len(layers), len(STATISTICS), width)
    values = random.normal(size=shape)
    if targets is not None:
        by_class = random.normal(size=(max(targets) + 1, len(STATISTICS), width))
        values += np.array(layers)[:, None, None] / 4 * by_class[targets][:, None]
    values = values * random.uniform(0.2, 3, shape[1:]) + random.normal(0, 5, shape[1:])
    return values.reshape(len(clips), -1, width).astype(np.float16)


def write_encoder_table(
    path: Path, clips: list[str], values: np.ndarray, augmentation="original", row_group=5
) -> str:
    """Write a table of these values, in row groups of a few clips, and return its path."""
    _, rows, width = values.shape
    schema = encoder_schema(rows // len(STATISTICS), width, {})
    table = encoder_rows(clips, augmentation, values, schema)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", row_group_size=row_group)
    return str(path)
