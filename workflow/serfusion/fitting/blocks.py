"""The columns of vectors as blocks: a statistic of an encoder's layers, or a whole feature set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from serfusion.extraction.encoder_table import STATISTICS
from serfusion.study.reading import Layers, layers_by_set


@dataclass(frozen=True)
class Block:
    """Neighbouring columns of one kind.

    Attributes
    ----------
    features : str
        The feature set that they are of.
    columns : int
        How many they are. The layers of an encoder have equally many, one layer after the other.
    statistic : str or None
        That of an encoder's layers; None for other feature sets.
    layers : tuple of int
        The layers of an encoder; empty for other feature sets.
    """

    features: str
    columns: int
    statistic: str | None = None
    layers: tuple[int, ...] = ()


def encoder_blocks(
    features: str,
    columns: int,
    *,
    layers: Sequence[int],
    statistics: Sequence[str],
    held: Sequence[int] = (),
) -> list[Block]:
    """Return the blocks of the values that `layer_values` returns, one per statistic.

    Parameters
    ----------
    features : str
    columns : int
        Of all blocks together.
    layers, statistics : sequence
        What is read.
    held : sequence of int
        Ignored; it is there so that all functions take an entry of `serfusion.study.reading`.
    """
    each = columns // len(statistics)
    return [Block(features, each, statistic, tuple(layers)) for statistic in statistics if each]


def layer_values(
    values: np.ndarray, *, held: Sequence[int], layers: Sequence[int], statistics: Sequence[str]
) -> np.ndarray:
    """Return the layers and statistics of an encoder's table that are read, as one vector per row.

    Parameters
    ----------
    values : ndarray of shape (rows, layers in the table × 4, width), float16
        See `serfusion.extraction.encoder_table`.
    held : sequence of int
        The layers in the table.
    layers, statistics : sequence
        Those to read, in the order of the columns: all layers of one statistic come together.

    Returns
    -------
    ndarray of shape (rows, statistics × layers × width), float16
    """
    places = [
        len(STATISTICS) * held.index(layer) + STATISTICS.index(statistic)
        for statistic in statistics
        for layer in layers
    ]
    return values[:, places].reshape(len(values), -1)


def kept_columns(
    blocks: Iterable[Block], layers: Layers, statistics: Sequence[str] | None
) -> tuple[np.ndarray, tuple[Block, ...]]:
    """Return the columns of some layers and statistics of encoders, and of all other feature sets.

    Parameters
    ----------
    blocks : iterable of Block
    layers : Layers
    statistics : sequence of str or None
        None for all.

    Returns
    -------
    columns : ndarray of int64
        Their indices, in order.
    blocks : tuple of Block
        What these columns are.
    """
    blocks = list(blocks)
    named = layers_by_set(layers, [block.features for block in blocks if block.statistic])
    columns, kept, start = [], [], 0
    for block in blocks:
        places = np.arange(start, start + block.columns)
        start += block.columns
        if block.statistic is None:
            columns.append(places)
            kept.append(block)
            continue
        wanted = np.isin(block.layers, named.get(block.features, block.layers))
        if not wanted.any() or (statistics and block.statistic not in statistics):
            continue
        columns.append(places.reshape(len(wanted), -1)[wanted].ravel())
        layers_kept = tuple(np.asarray(block.layers)[wanted].tolist())
        kept.append(replace(block, columns=len(columns[-1]), layers=layers_kept))
    return np.concatenate(columns), tuple(kept)


def layer_shape(blocks: Sequence[Block]) -> list[int]:
    """Return how many statistics, layers and channels of a layer the blocks of one encoder have."""
    layers = len(blocks[0].layers)
    return [len(blocks), layers, blocks[0].columns // layers]
