"""SpecAugment: stretches of time and of frequency that a network does not see in training."""

import torch


def spec_augment(
    values: torch.Tensor, lengths: torch.Tensor, *, masks: int, bands: int, frames: int
) -> torch.Tensor:
    """Return standardised spectrograms with stretches of time and of frequency at 0, their mean.

    Park et al. (2019), "SpecAugment". Of each clip, `masks` times a stretch of up to `frames` of
    its frames, and as often one of up to `bands` of its bands, drawn anew.

    Parameters
    ----------
    values : Tensor of shape (batch, time, bands)
    lengths : Tensor of shape (batch,)
    masks, bands, frames : int
    """
    size = torch.full_like(lengths, values.shape[2])
    for _ in range(masks):
        values = values.masked_fill(_stretch(lengths, frames, values.shape[1])[:, :, None], 0)
        values = values.masked_fill(_stretch(size, bands, values.shape[2])[:, None, :], 0)
    return values


def _stretch(lengths: torch.Tensor, longest: int, size: int) -> torch.Tensor:
    """Return a random stretch within each of `lengths`: bool, shape (batch, size)."""
    drawn = torch.rand(2, len(lengths), device=lengths.device)
    width = (drawn[0] * (torch.clamp(lengths, max=longest) + 1)).long()
    start = (drawn[1] * (lengths - width + 1)).long()[:, None]
    places = torch.arange(size, device=lengths.device)
    return (places >= start) & (places < start + width[:, None])
