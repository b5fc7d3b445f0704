"""The form of the tables of an encoder's features, which models read too: no heavy imports.

Both forms are that of a table of frame features: one has a row of `values` per statistic of a
layer, the other one per frame.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from serfusion.extraction.schema import VALUES, frame_columns, frame_schema

STATISTICS = ("mean", "std", "loud_mean", "loud_std")
"""Mean and standard deviation over all frames of a clip, and over those within 35 dB of its loudest
20 ms."""

PRECISION = "float16"


def encoder_schema(layers: int, width: int, about: dict[str, str]) -> pa.Schema:
    """Return the schema of a table of statistics of an encoder's layers.

    Its `values` have the shape (layers x 4, width): row `4 * i + j` is statistic j of `STATISTICS`
    of the i-th of the feature set's `layers`.

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


def state_schema(frames: int, width: int, about: dict[str, str]) -> pa.Schema:
    """Return the schema of a table of the states of one layer, `values` of shape (frames, width).

    Parameters
    ----------
    frames : int
        How many states of a clip the table keeps at most.
    width, about
        As in `encoder_schema`.
    """
    return frame_schema(frames, width, PRECISION).with_metadata(about)


def encoder_rows(
    clips: list[str], augmentation: str, values: Sequence[np.ndarray], schema: pa.Schema
) -> pa.Table:
    """Return a part of a table of either form.

    Parameters
    ----------
    clips : list of str
    augmentation : str
    values : sequence of ndarray of shape (layers x 4, width) or (t, width), float16
        The statistics or the states of each clip.
    schema : Schema
    """
    columns = frame_columns(values, *schema.field(VALUES).type.shape, PRECISION)
    return pa.table([clips, [augmentation] * len(clips), *columns], schema=schema)
