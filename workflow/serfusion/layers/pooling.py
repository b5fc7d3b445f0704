"""From the frames of a clip to one vector. Sequences come with each clip's own length."""

import torch

from serfusion.layers.masks import mask


def attentive_statistics(
    frames: torch.Tensor, scores: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """Return the weighted mean and standard deviation of each clip's own frames, side by side.

    Okabe et al. (2018), "Attentive statistics pooling for deep speaker embedding".

    Parameters
    ----------
    frames : Tensor of shape (batch, time, n)
    scores : Tensor of shape (batch, time)
        Whose softmax over a clip's own frames weighs them.
    lengths : Tensor of shape (batch,)

    Returns
    -------
    Tensor of shape (batch, 2 n)
    """
    scores = scores.masked_fill(~mask(lengths, frames.shape[1]), -torch.inf)
    weights = scores.softmax(dim=1).unsqueeze(2)
    mean = (weights * frames).sum(dim=1)
    variance = (weights * (frames - mean.unsqueeze(1)) ** 2).sum(dim=1)
    return torch.cat([mean, (variance + 1e-6).sqrt()], dim=1)


def mean_and_max(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return mean and maximum over the frames that a clip has, shape (batch, 2 × channels).

    Parameters
    ----------
    values : tensor of shape (batch, channels, frames)
        Zero beyond each clip's length.
    lengths : tensor of shape (batch,), int64
    """
    beyond = ~mask(lengths, values.shape[-1])[:, None]
    mean = values.sum(dim=-1) / lengths[:, None]
    return torch.cat([mean, values.masked_fill(beyond, -torch.inf).amax(dim=-1)], dim=1)
