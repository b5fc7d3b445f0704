"""A 1-D CNN and an LSTM over the pitch, energy, zero-crossing rate and MFCC of every frame.

After Kawade et al. (2022). The sizes of that network were not available to us; these are ours.
"""

import torch
from torch import nn

from serfusion.layers.frames import FrameConvolutions
from serfusion.layers.recurrent import packed

KIND = "network"
INPUT = "frames"

SETTINGS = {
    "channels": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 1,
        "default": [64, 128],
        "description": "Channels of each convolution over time; each halves the number of frames.",
    },
    "kernel_size": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Width of the convolution kernels, in frames.",
    },
    "hidden": {
        "type": "integer",
        "minimum": 1,
        "default": 64,
        "description": "Size of the LSTM's hidden state.",
    },
    "dense": {
        "type": "integer",
        "minimum": 1,
        "default": 32,
        "description": "Size of the dense layer before the output layer.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.3,
        "description": "Dropout rate before the LSTM and before the dense layers.",
    },
}


class CNNLSTM(nn.Module):
    """Convolutions over time, an LSTM, and dense layers on its state after a clip's last frame.

    With the default settings, 24 channels and 6 classes it has 100,966 parameters: 7,680 + 128 and
    40,960 + 256 in the convolutions and their normalisation, 49,664 in the LSTM, 2,080 + 198 in the
    dense layers.
    """

    def __init__(
        self,
        inputs: int,
        classes: int,
        *,
        channels: list[int],
        kernel_size: int,
        hidden: int,
        dense: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.convolutions = FrameConvolutions(inputs, channels, kernel_size)
        self.dropout = nn.Dropout(dropout)
        self.lstm = nn.LSTM(channels[-1], hidden, batch_first=True)
        self.classifier = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(hidden, dense),
            nn.ReLU(),
            nn.Linear(dense, classes),
        )

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for values of shape (batch, frames, channels)."""
        values, lengths = self.convolutions(values, lengths)
        steps = self.dropout(values.transpose(1, 2))
        _, (last, _) = self.lstm(packed(steps, lengths))
        return self.classifier(last[-1])


def build(inputs: list[int], classes: int, **settings) -> CNNLSTM:
    """Return the network for frames of `inputs` = [frames, channels]; clips may have any length."""
    return CNNLSTM(inputs[1], classes, **settings)
