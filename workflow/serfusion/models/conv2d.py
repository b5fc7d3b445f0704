"""SER-FusionNet's Conv2D extractor: 32 deep features of a log-mel spectrogram.

The paper states the number of features and the kind of input. The convolutions are ours, modelled
on its Conv1D extractor.
"""

import torch
from torch import nn

from serfusion.layers.extractor import Extractor

KIND = "network"
INPUT = "frames"
EXTRACTOR = True

SETTINGS = {
    "channels": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 1,
        "default": [16, 32, 64],
        "description": "Channels of each convolution; pooling after each halves both axes.",
    },
    "kernel_size": {
        "type": "integer",
        "minimum": 1,
        "default": 3,
        "description": "Height and width of the convolution kernels; padding keeps the size.",
    },
    "deep_features": {
        "type": "integer",
        "minimum": 1,
        "default": 32,
        "description": "Number of deep features: the size of the dense layer that fusion uses.",
    },
    "hidden": {
        "type": "integer",
        "minimum": 1,
        "default": 12,
        "description": "Size of the dense layer between the deep features and the output layer.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.2,
        "description": "Dropout rate before each of the three dense layers.",
    },
}


class Conv2D(Extractor):
    """The Conv2D extractor with a classifier of its own.

    Its input is a spectrogram of fixed size. Padding frames are 0, which is the training mean, so
    that the logits of a clip do not depend on other clips.

    With the default settings, 136 frames of 128 bands and 6 classes it has 580,858 parameters:
    160 + 4,640 + 18,496 in the convolutions, 557,088 + 396 + 78 in the dense layers.
    """

    def __init__(
        self,
        frames: int,
        bands: int,
        classes: int,
        *,
        channels: list[int],
        kernel_size: int,
        **dense,
    ) -> None:
        convolutions: list[nn.Module] = []
        in_channels = 1
        for out_channels in channels:
            convolutions += [
                nn.Conv2d(in_channels, out_channels, kernel_size, padding="same"),
                nn.MaxPool2d(2, ceil_mode=True),
                nn.ReLU(),
            ]
            in_channels = out_channels
            frames, bands = -(-frames // 2), -(-bands // 2)
        super().__init__(convolutions, in_channels * frames * bands, classes, **dense)

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return deep features, shape (batch, deep_features), for values (batch, frames, bands)."""
        return self.extractor(values.unsqueeze(1))

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for values of shape (batch, frames, bands)."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> Conv2D:
    """Return the extractor for spectrograms of [frames, bands] and `classes` emotions."""
    return Conv2D(*inputs, classes, **settings)
