"""The form of the tables of an encoder's features, which models read too: no heavy imports."""

import numpy as np
import pyarrow as pa

from serfusion.extraction.schema import frame_schema

STATISTICS = ("mean", "std", "loud_mean", "loud_std")
"""Mean and standard deviation over all frames of a clip, and over those within 35 dB of its loudest
20 ms."""

PRECISION = "float16"


def encoder_schema(layers: int, width: int, about: dict[str, str]) -> pa.Schema:
    """Return the schema of the table of an encoder's features.

    It is that of a table of frame features, `values` of shape (layers x 4, width): row `4 * i + j`
    is statistic j of `STATISTICS` of the i-th of the feature set's `layers`.

    Parameters
    ----------
    layers : int
        How many layers the table has.
    width : int
        Number of channels of a layer.
    about : dict of str to str
        What the numbers depend on beside the encoder, kept as the file's metadata.
    """
    return frame_schema(layers * len(STATISTICS), width, PRECISION).with_metadata(about)


def encoder_rows(
    clips: list[str], augmentation: str, values: np.ndarray, schema: pa.Schema
) -> pa.Table:
    """Return a part of such a table.

    Parameters
    ----------
    clips : list of str
    augmentation : str
    values : ndarray of shape (clips, layers x 4, width), float16
    schema : Schema
    """
    rows = values.shape[1]
    columns = [
        clips,
        [augmentation] * len(clips),
        np.full(len(clips), rows, dtype=np.int32),
        pa.FixedShapeTensorArray.from_numpy_ndarray(values),
    ]
    return pa.table(columns, schema=schema)
