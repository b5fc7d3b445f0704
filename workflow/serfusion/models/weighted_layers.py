"""A weighted sum of the layers of an encoder, with weights that are learned, and dense layers.

The head that SUPERB (Yang et al. 2021) puts on frozen encoders, on statistics over frames.
"""

import torch
from torch import nn

KIND = "network"
INPUT = "layers"
EXTRACTOR = True

SETTINGS = {
    "hidden": {
        "type": "integer",
        "minimum": 1,
        "default": 128,
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


class WeightedLayers(nn.Module):
    """The sum of the layers, weighted by a softmax over them, and two dense layers.

    All statistics have the same weights. With the default settings, two statistics of three layers
    with 768 channels and 8 classes it has 197,771 parameters: 3 weights, 196,736 and 1,032 in the
    dense layers.
    """

    def __init__(
        self,
        statistics: int,
        layers: int,
        width: int,
        classes: int,
        *,
        hidden: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.shape = (statistics, layers, width)
        self.layer_scores = nn.Parameter(torch.zeros(layers))
        self.hidden = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(statistics * width, hidden), nn.ReLU()
        )
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(hidden, classes))

    def deep(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the output of the first dense layer, shape (batch, hidden)."""
        layers = rows.unflatten(1, self.shape)
        weighted = torch.einsum("bslw,l->bsw", layers, self.layer_scores.softmax(dim=0))
        return self.hidden(weighted.flatten(1))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for rows of shape (batch, columns)."""
        return self.classifier(self.deep(rows))


def build(inputs: list[int], classes: int, **settings) -> WeightedLayers:
    """Return the network for `inputs` = [statistics, layers, width]."""
    return WeightedLayers(*inputs, classes, **settings)
