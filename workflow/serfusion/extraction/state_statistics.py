"""Statistics of an encoder's states over the frames of a clip, all of them or the loud ones."""

import numpy as np
import torch

from serfusion.extraction.encoder import Encoder

WINDOW_S = 30
"""Longer clips are encoded in windows of equal length, so that their memory is bounded."""

SHORTEST_S = 0.1
"""Shorter clips are padded with zeros, because an encoder's convolutions would leave no frame."""

LOUDNESS_FRAME_S = 0.02
LOUD_DB = 35


def state_statistics(encoder: Encoder, samples: np.ndarray) -> np.ndarray:
    """Return the statistics of the states of clips of one length.

    A frame is loud if the mean square of the samples that it stands for is within 35 dB of the
    loudest 20 ms of its clip. The t frames of a window stand for t parts of it of equal length.

    Parameters
    ----------
    encoder : Encoder
    samples : ndarray of shape (clips, n), float32
        At the encoder's sample rate, of any length.

    Returns
    -------
    ndarray of shape (clips, layers x 4, width), float16
        As in `serfusion.extraction.encoder_table`, for the encoder's layers.
    """
    rate = encoder.sample_rate_hz
    missing = int(SHORTEST_S * rate) - samples.shape[1]
    if missing > 0:
        samples = np.pad(samples, ((0, 0), (0, missing)))
    windows = _windows(samples, WINDOW_S * rate)
    loudest = np.max([_loudest(window, int(LOUDNESS_FRAME_S * rate)) for window in windows], axis=0)
    threshold = loudest * 10 ** (-LOUD_DB / 10)
    sums = [_window_sums(encoder, window, threshold) for window in windows]
    count, first, second = (sum(parts) for parts in zip(*sums, strict=True))
    mean = first / count
    std = (second / count - mean**2).clamp(min=0).sqrt()
    # Shapes (clips, layers, all or loud, mean or deviation, width).
    return torch.stack([mean, std], dim=3).flatten(1, 3).half().cpu().numpy()


def _window_sums(
    encoder: Encoder, window: np.ndarray, threshold: np.ndarray
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return what the statistics of several windows can be computed from.

    Returns
    -------
    tuple of Tensor, float64
        Over all frames and over the loud ones, the number of frames, of shape (clips, 1, 2, 1), and
        the sums of the states and of their squares, of shape (clips, layers, 2, width).
    """
    states = encoder.states(window)
    loud = _mean_squares(window, states[0].shape[1]) >= threshold[:, None]
    weights = torch.from_numpy(np.stack([np.ones_like(loud), loud], axis=1).astype(np.float64))
    weights = weights.to(states[0].device)
    first, second = [], []
    for layer_states in states:
        exact = layer_states.double()
        first.append(weights @ exact)
        second.append(weights @ exact**2)
    count = weights.sum(2)[:, None, :, None]
    return count, torch.stack(first, dim=1), torch.stack(second, dim=1)


def _windows(samples: np.ndarray, longest: int) -> list[np.ndarray]:
    """Return the fewest parts of samples that are no longer than `longest` and nearly equal."""
    count = -(-samples.shape[1] // longest)
    return np.array_split(samples, count, axis=1)


def _loudest(samples: np.ndarray, frame: int) -> np.ndarray:
    """Return the greatest mean square of the frames of each clip, shape (clips,), float64."""
    return _mean_squares(samples, samples.shape[1] // frame).max(axis=1)


def _mean_squares(samples: np.ndarray, parts: int) -> np.ndarray:
    """Return the mean square of so many parts of nearly equal length, shape (clips, parts)."""
    edges = np.arange(parts + 1) * samples.shape[1] // parts
    squares = samples.astype(np.float64) ** 2
    return np.add.reduceat(squares, edges[:-1], axis=1) / np.diff(edges)
