"""Convolutions over the frames of clips of different lengths."""

import torch
from torch import nn

from serfusion.layers.masks import mask


class FrameNorm(nn.BatchNorm1d):
    """Batch normalisation over the frames of clips, without the padding."""

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return normalised values, shape (batch, channels, frames), zero in the padding."""
        valid = mask(lengths, values.shape[-1])
        by_frame = values.transpose(1, 2)
        normalised = torch.zeros_like(by_frame)
        normalised[valid] = super().forward(by_frame[valid])
        return normalised.transpose(1, 2)


class FrameConvolution(nn.Module):
    """Convolution over time, batch normalisation, ReLU, and max-pooling by two.

    Padding does not affect the frames of a clip: it is zero in the input and in the output, and
    an odd last frame is kept, so that n frames become (n + 1) // 2 whatever the amount of padding.
    """

    def __init__(self, inputs: int, outputs: int, kernel_size: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(inputs, outputs, kernel_size, padding="same", bias=False)
        self.norm = FrameNorm(outputs)
        self.pool = nn.MaxPool1d(2, ceil_mode=True)

    def forward(
        self, values: torch.Tensor, lengths: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return values of shape (batch, outputs, half the frames), and the new lengths."""
        values = self.norm(self.convolution(values), lengths).relu()
        return self.pool(values), (lengths + 1) // 2


class FrameConvolutions(nn.Module):
    """A sequence of `FrameConvolution`, one for each number of channels."""

    def __init__(self, inputs: int, channels: list[int], kernel_size: int) -> None:
        super().__init__()
        sizes = zip([inputs, *channels], channels, strict=False)
        self.layers = nn.ModuleList(FrameConvolution(*size, kernel_size) for size in sizes)

    def forward(
        self, values: torch.Tensor, lengths: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (batch, channels, fewer frames) for (batch, frames, inputs), and new lengths."""
        values = values.transpose(1, 2)
        for layer in self.layers:
            values, lengths = layer(values, lengths)
        return values, lengths
