"""SER-FusionNet's Conv1D extractor: two convolutions over the feature vector, 32 deep features."""

import torch
from torch import nn

from serfusion.layers.extractor import Extractor

KIND = "network"
INPUT = "vector"
EXTRACTOR = True

SETTINGS = {
    "width": {
        "type": "integer",
        "minimum": 1,
        "default": 256,
        "description": "Channels of both convolutions.",
    },
    "kernel_size": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Taps of both convolutions, padded to keep the length.",
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


class Conv1D(Extractor):
    """The extractor with its own classifier.

    With the default settings, 162 inputs and 6 classes it has 665,850 parameters: 1,536 + 327,936
    in the convolutions, 335,904 + 396 + 78 in the dense layers.

    The convolutions are two-dimensional with a height of 1, and pool before they rectify: the same
    numbers as in one dimension, a quarter sooner on a CPU, whose channels-last kernels they use.
    """

    def __init__(
        self,
        inputs: int,
        classes: int,
        *,
        width: int,
        kernel_size: int,
        **dense,
    ) -> None:
        halved_twice = -(-inputs // 4)
        convolutions = [
            nn.Conv2d(1, width, (1, kernel_size), padding="same"),
            nn.MaxPool2d((1, 2), ceil_mode=True),
            nn.ReLU(),
            nn.Conv2d(width, width, (1, kernel_size), padding="same"),
            nn.MaxPool2d((1, 2), ceil_mode=True),
            nn.ReLU(),
        ]
        super().__init__(convolutions, width * halved_twice, classes, **dense)

    def deep(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the deep features, shape (batch, deep_features), of rows (batch, inputs)."""
        return self.extractor(rows[:, None, None, :])

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (batch, classes) for rows of shape (batch, inputs)."""
        return self.classifier(self.deep(rows))


def build(inputs: int, classes: int, **settings) -> Conv1D:
    """Return the extractor for rows of `inputs` features and `classes` emotions."""
    return Conv1D(inputs, classes, **settings)
