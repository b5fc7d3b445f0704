"""Pooling the frames of each clip to one vector."""

import torch

from serfusion.layers.masks import mask


def attentive_statistics(
    frames: torch.Tensor, attention_scores: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """Return the attention-weighted mean and standard deviation of the frames of each clip.

    Okabe et al. (2018), "Attentive statistics pooling for deep speaker embedding".

    Parameters
    ----------
    frames : Tensor of shape (batch, time, n)
    attention_scores : Tensor of shape (batch, time)
        Their softmax over the frames of a clip is the attention.
    lengths : Tensor of shape (batch,), int64
        The number of frames of each clip without padding.

    Returns
    -------
    Tensor of shape (batch, 2 n)
        Means, then standard deviations.
    """
    attention_scores = attention_scores.masked_fill(~mask(lengths, frames.shape[1]), -torch.inf)
    attention = attention_scores.softmax(dim=1).unsqueeze(2)
    mean = (attention * frames).sum(dim=1)
    variance = (attention * (frames - mean.unsqueeze(1)) ** 2).sum(dim=1)
    return torch.cat([mean, (variance + 1e-6).sqrt()], dim=1)


def mean_and_max(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return mean and maximum over the frames of each clip.

    Parameters
    ----------
    values : Tensor of shape (batch, channels, frames)
        Zero in the padding.
    lengths : Tensor of shape (batch,), int64
        The number of frames of each clip without padding.

    Returns
    -------
    Tensor of shape (batch, 2 × channels)
        Means, then maxima.
    """
    padding = ~mask(lengths, values.shape[-1])[:, None]
    mean = values.sum(dim=-1) / lengths[:, None]
    return torch.cat([mean, values.masked_fill(padding, -torch.inf).amax(dim=-1)], dim=1)
