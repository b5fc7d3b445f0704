"""What of a padded batch is a clip's own."""

import torch


def mask(lengths: torch.Tensor, size: int) -> torch.Tensor:
    """Return which of `size` places in time are a clip's own: bool, shape (batch, size)."""
    return torch.arange(size, device=lengths.device) < lengths[:, None]


def masked(values: torch.Tensor, lengths: torch.Tensor, dim: int = 1) -> torch.Tensor:
    """Return `values` with zeros beyond each clip's length along the dimension `dim`."""
    own = mask(lengths, values.shape[dim])
    shape = [len(lengths)] + [1] * (values.ndim - 1)
    shape[dim] = values.shape[dim]
    return values.masked_fill(~own.view(shape), 0)
