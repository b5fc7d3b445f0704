"""SpecAugment: random masks in time and in frequency, for training."""

import torch


def spec_augment(
    values: torch.Tensor, lengths: torch.Tensor, *, masks: int, bands: int, frames: int
) -> torch.Tensor:
    """Return standardised spectrograms with random masks, in which values are 0, their mean.

    Park et al. (2019), "SpecAugment". Every clip gets `masks` masks in time and as many in
    frequency. Their widths are drawn uniformly from 0 to `frames` frames and to `bands` bands.

    Parameters
    ----------
    values : Tensor of shape (batch, time, bands)
    lengths : Tensor of shape (batch,), int64
        The number of frames of each clip without padding.
    masks, bands, frames : int
    """
    band_counts = torch.full_like(lengths, values.shape[2])
    for _ in range(masks):
        time_mask = _random_mask(lengths, frames, values.shape[1])
        values = values.masked_fill(time_mask[:, :, None], 0)
        frequency_mask = _random_mask(band_counts, bands, values.shape[2])
        values = values.masked_fill(frequency_mask[:, None, :], 0)
    return values


def _random_mask(lengths: torch.Tensor, max_width: int, size: int) -> torch.Tensor:
    """Return True in a random interval within each of `lengths`, shape (batch, size)."""
    uniform = torch.rand(2, len(lengths), device=lengths.device)
    width = (uniform[0] * (torch.clamp(lengths, max=max_width) + 1)).long()
    start = (uniform[1] * (lengths - width + 1)).long()[:, None]
    places = torch.arange(size, device=lengths.device)
    return (places >= start) & (places < start + width[:, None])
