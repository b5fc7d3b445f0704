"""The columns of vectors as blocks: a statistic of a set of layers, or a whole feature set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from serfusion.extraction.encoder_table import STATISTICS
from serfusion.study.reading import Layers, layers_by_encoder


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
    layers: Sequence[Sequence[int]],
    statistics: Sequence[str],
    held: Sequence[int] = (),
) -> list[Block]:
    """Return the blocks of the values that `layer_values` returns: one per set and statistic.

    Parameters
    ----------
    features : str
    columns : int
        Of all blocks together.
    layers : sequence of sequence of int
        The sets of layers that are read.
    statistics : sequence of str
    held : sequence of int
        Ignored; it is there so that all functions take an entry of `serfusion.study.reading`.
    """
    width = columns // (len(statistics) * sum(map(len, layers)))
    return [
        Block(features, width * len(layer_set), statistic, tuple(layer_set))
        for layer_set in layers
        for statistic in statistics
    ]


def layer_values(
    values: np.ndarray,
    *,
    held: Sequence[int],
    layers: Sequence[Sequence[int]],
    statistics: Sequence[str],
) -> np.ndarray:
    """Return the layers and statistics of an encoder's table that are read, as one vector per row.

    Parameters
    ----------
    values : ndarray of shape (rows, layers in the table × 4, width), float16
        See `serfusion.extraction.encoder_table`.
    held : sequence of int
        The layers in the table.
    layers : sequence of sequence of int
        The sets of layers to read.
    statistics : sequence of str
        Those to read.

    Returns
    -------
    ndarray of shape (rows, sets × statistics × layers of the set × width), float16
    """
    places = [
        len(STATISTICS) * held.index(layer) + STATISTICS.index(statistic)
        for layer_set in layers
        for statistic in statistics
        for layer in layer_set
    ]
    return values[:, places].reshape(len(values), -1)


def kept_columns(
    blocks: Iterable[Block], layers: Layers, statistics: Sequence[str] | None
) -> tuple[np.ndarray, tuple[Block, ...]]:
    """Return the columns of some layers and statistics of encoders, and of all other feature sets.

    Parameters
    ----------
    blocks : iterable of Block
        Those of an encoder whose layers are named are of one set of layers.
    layers : Layers
    statistics : sequence of str or None
        None for all.

    Returns
    -------
    columns : ndarray of int64
        Their indices. Encoders are in the order of the blocks, and the columns of each are as
        `layer_values` has them.
    blocks : tuple of Block
        What these columns are.
    """
    blocks = list(blocks)
    named = layers_by_encoder(layers, [block.features for block in blocks if block.statistic])
    stops = np.cumsum([block.columns for block in blocks])
    columns, kept = [], []
    for features in dict.fromkeys(block.features for block in blocks):
        candidates = [
            (block, np.arange(stop - block.columns, stop))
            for block, stop in zip(blocks, stops, strict=True)
            if block.features == features
            and (statistics is None or block.statistic in (None, *statistics))
        ]
        if features in named:
            candidates = [
                _part(block, places, layer_set)
                for layer_set in named[features]
                for block, places in candidates
            ]
        kept += [block for block, _ in candidates]
        columns += [places for _, places in candidates]
    return np.concatenate(columns), tuple(kept)


def _part(block: Block, places: np.ndarray, layers: list[int]) -> tuple[Block, np.ndarray]:
    """Return some layers of a block, in its order, and the places of their columns."""
    wanted = np.isin(block.layers, layers)
    places = places.reshape(len(wanted), -1)[wanted].ravel()
    kept = tuple(np.asarray(block.layers)[wanted].tolist())
    return replace(block, columns=len(places), layers=kept), places


def layer_shape(blocks: Sequence[Block]) -> list[int]:
    """Return how many statistics, layers and channels of a layer the blocks of one encoder have."""
    layers = len(blocks[0].layers)
    return [len(blocks), layers, blocks[0].columns // layers]
