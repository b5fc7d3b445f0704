"""What of a padded batch is a clip's own."""

import torch
from torch.nn.functional import pad


def mask(lengths: torch.Tensor, size: int) -> torch.Tensor:
    """Return which of `size` places in time are a clip's own: bool, shape (batch, size)."""
    return torch.arange(size, device=lengths.device) < lengths[:, None]


def masked(values: torch.Tensor, lengths: torch.Tensor, dim: int = 1) -> torch.Tensor:
    """Return `values` with zeros beyond each clip's length along the dimension `dim`."""
    own = mask(lengths, values.shape[dim])
    shape = [len(lengths)] + [1] * (values.ndim - 1)
    shape[dim] = values.shape[dim]
    return values.masked_fill(~own.view(shape), 0)


def to_length(values: torch.Tensor, frames: int) -> torch.Tensor:
    """Return (batch, time, …) cut or padded with zeros to so many frames."""
    values = values[:, :frames]
    missing = frames - values.shape[1]
    return pad(values, (0, 0) * (values.ndim - 2) + (0, missing)) if missing else values
