"""Masks that separate the frames of clips from padding."""

import torch
from torch.nn.functional import pad


def mask(lengths: torch.Tensor, size: int) -> torch.Tensor:
    """Return True for frames of a clip and False for padding, shape (batch, size)."""
    return torch.arange(size, device=lengths.device) < lengths[:, None]


def masked(values: torch.Tensor, lengths: torch.Tensor, dim: int = 1) -> torch.Tensor:
    """Return `values` with zeros in the padding; `dim` is the dimension of time."""
    valid = mask(lengths, values.shape[dim])
    shape = [len(lengths)] + [1] * (values.ndim - 1)
    shape[dim] = values.shape[dim]
    return values.masked_fill(~valid.view(shape), 0)


def to_length(values: torch.Tensor, frames: int) -> torch.Tensor:
    """Return values (batch, time, …) cut or padded with zeros to `frames` frames."""
    values = values[:, :frames]
    missing = frames - values.shape[1]
    return pad(values, (0, 0) * (values.ndim - 2) + (0, missing)) if missing else values
