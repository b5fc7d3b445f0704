"""What an encoder is given of a clip at a time."""

import numpy as np

WINDOW_S = 30
"""Longer clips are encoded in windows of equal length, so that their memory is bounded."""

SHORTEST_S = 0.1
"""Shorter clips are padded with zeros, because an encoder's convolutions would leave no frame."""


def windows(samples: np.ndarray, sample_rate_hz: int) -> list[np.ndarray]:
    """Return clips of one length as the fewest windows that are nearly equal, of at most 30 s.

    Parameters
    ----------
    samples : ndarray of shape (clips, n)
        Of any length.
    sample_rate_hz : int

    Returns
    -------
    list of ndarray of shape (clips, m)
        In order; together they are the clips, with zeros after those shorter than 0.1 s.
    """
    missing = int(SHORTEST_S * sample_rate_hz) - samples.shape[1]
    if missing > 0:
        samples = np.pad(samples, ((0, 0), (0, missing)))
    count = -(-samples.shape[1] // (WINDOW_S * sample_rate_hz))
    return np.array_split(samples, count, axis=1)
