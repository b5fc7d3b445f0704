"""A 1-D CNN and an LSTM over pitch, energy, zero-crossing rate and MFCC of every frame.

After Kawade et al. (2022), whose sizes were not at hand: those here are ours.
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
        "description": "Channels of the convolutions over time; each halves the frames.",
    },
    "kernel_size": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Frames that a convolution sees at once.",
    },
    "hidden": {
        "type": "integer",
        "minimum": 1,
        "default": 64,
        "description": "Size of the LSTM's state.",
    },
    "dense": {
        "type": "integer",
        "minimum": 1,
        "default": 32,
        "description": "Size of the dense layer between the LSTM and the classes.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.3,
        "description": "Share of activations dropped before the LSTM and before the dense layers.",
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
        """Return logits (batch, classes) for values (batch, frames, channels)."""
        values, lengths = self.convolutions(values, lengths)
        steps = self.dropout(values.transpose(1, 2))
        _, (last, _) = self.lstm(packed(steps, lengths))
        return self.classifier(last[-1])


def build(inputs: list[int], classes: int, **settings) -> CNNLSTM:
    """Return the network for `inputs` of [frames, channels]; it takes any number of frames."""
    return CNNLSTM(inputs[1], classes, **settings)
