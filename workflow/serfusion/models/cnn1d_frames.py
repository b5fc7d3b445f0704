"""A 1-D CNN over the MFCC, energy and zero-crossing rate of every frame.

After Ullah et al. (2022). The sizes of that network were not available to us; these are ours.
"""

import torch
from torch import nn

from serfusion.layers.frames import FrameConvolutions
from serfusion.layers.pooling import mean_and_max

KIND = "network"
INPUT = "frames"

SETTINGS = {
    "channels": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 1,
        "default": [64, 128, 128],
        "description": "Channels of each convolution over time; each halves the number of frames.",
    },
    "kernel_size": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Width of the convolution kernels, in frames.",
    },
    "dense": {
        "type": "integer",
        "minimum": 1,
        "default": 64,
        "description": "Size of the dense layer before the output layer.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.3,
        "description": "Dropout rate before each of the two dense layers.",
    },
}


class FramesCNN(nn.Module):
    """Convolutions over time, mean and maximum over the frames of a clip, and dense layers.

    With the default settings, 22 channels and 6 classes it has 147,398 parameters: 7,040 + 128,
    40,960 + 256 and 81,920 + 256 in the convolutions and their normalisation, 16,448 + 390 in the
    dense layers.
    """

    def __init__(
        self,
        inputs: int,
        classes: int,
        *,
        channels: list[int],
        kernel_size: int,
        dense: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.convolutions = FrameConvolutions(inputs, channels, kernel_size)
        self.classifier = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(2 * channels[-1], dense),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(dense, classes),
        )

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for values of shape (batch, frames, channels)."""
        return self.classifier(mean_and_max(*self.convolutions(values, lengths)))


def build(inputs: list[int], classes: int, **settings) -> FramesCNN:
    """Return the network for frames of `inputs` = [frames, channels]; clips may have any length."""
    return FramesCNN(inputs[1], classes, **settings)
