"""Convolutions over the frames of clips of different lengths."""

import torch
from torch import nn

from serfusion.layers.masks import mask


class FrameNorm(nn.BatchNorm1d):
    """Batch normalisation over the frames that clips have, whatever they are padded to."""

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return values, shape (batch, channels, frames), normalised; zeros beyond the lengths."""
        valid = mask(lengths, values.shape[-1])
        by_frame = values.transpose(1, 2)
        normalised = torch.zeros_like(by_frame)
        normalised[valid] = super().forward(by_frame[valid])
        return normalised.transpose(1, 2)


class FrameConvolution(nn.Module):
    """Convolution over time, batch normalisation, ReLU, and the greater of every two frames.

    Nothing beyond a clip's length reaches what is within: values are zero there when they come in
    and when they go out, and an odd last frame is kept, so that `n` frames become (n + 1) // 2
    whatever the clip is padded to.
    """

    def __init__(self, inputs: int, outputs: int, kernel_size: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(inputs, outputs, kernel_size, padding="same", bias=False)
        self.norm = FrameNorm(outputs)
        self.pool = nn.MaxPool1d(2, ceil_mode=True)

    def forward(
        self, values: torch.Tensor, lengths: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return values of shape (batch, outputs, half the frames), and the halved lengths."""
        values = self.norm(self.convolution(values), lengths).relu()
        return self.pool(values), (lengths + 1) // 2


class FrameConvolutions(nn.Module):
    """`FrameConvolution` after `FrameConvolution`, from frames to channels first."""

    def __init__(self, inputs: int, channels: list[int], kernel_size: int) -> None:
        super().__init__()
        pairs = zip([inputs, *channels], channels, strict=False)
        self.layers = nn.ModuleList(FrameConvolution(*pair, kernel_size) for pair in pairs)

    def forward(
        self, values: torch.Tensor, lengths: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (batch, channels, fewer frames) for (batch, frames, inputs), and the lengths."""
        values = values.transpose(1, 2)
        for layer in self.layers:
            values, lengths = layer(values, lengths)
        return values, lengths
