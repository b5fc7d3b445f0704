"""SER-FusionNet's Conv2D extractor: 32 deep features of a log-mel spectrogram.

The paper gives the number of features and the kind of input; the convolutions are ours, in the
manner of its Conv1D extractor.
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
        "description": "Channels of the convolutions, each followed by pooling to half the size.",
    },
    "kernel_size": {
        "type": "integer",
        "minimum": 1,
        "default": 3,
        "description": "Side of each convolution's kernel, padded to keep the size.",
    },
    "deep_features": {
        "type": "integer",
        "minimum": 1,
        "default": 32,
        "description": "Size of the dense layer whose output a fusion takes.",
    },
    "hidden": {
        "type": "integer",
        "minimum": 1,
        "default": 12,
        "description": "Size of the dense layer between the deep features and the classes.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.2,
        "description": "Share of activations dropped at each of the three places.",
    },
}


class Conv2D(Extractor):
    """The extractor with its own classifier.

    It sees a spectrogram of fixed size, the frames beyond a clip's own being 0, the training mean,
    so that a clip's answer depends on nothing else.

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
        before = 1
        for after in channels:
            convolutions += [
                nn.Conv2d(before, after, kernel_size, padding="same"),
                nn.MaxPool2d(2, ceil_mode=True),
                nn.ReLU(),
            ]
            before = after
            frames, bands = -(-frames // 2), -(-bands // 2)
        super().__init__(convolutions, before * frames * bands, classes, **dense)

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the deep features, shape (batch, deep_features), of (batch, frames, bands)."""
        return self.extractor(values.unsqueeze(1))

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (batch, classes) for values of shape (batch, frames, bands)."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> Conv2D:
    """Return the extractor for spectrograms of [frames, bands] and `classes` emotions."""
    return Conv2D(*inputs, classes, **settings)
