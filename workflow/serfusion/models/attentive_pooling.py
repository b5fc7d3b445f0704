"""Attentive pooling of the frames of one layer of an encoder, and a dense layer.

A small head for frozen encoders. It takes any other frame features too.
"""

import torch
from torch import nn

from serfusion.layers.masks import to_length
from serfusion.layers.pooling import attentive_statistics

KIND = "network"
INPUT = "frames"
EXTRACTOR = True

SETTINGS = {
    "projected": {
        "type": "integer",
        "minimum": 1,
        "default": 128,
        "description": "Channels that those of each frame are projected to before pooling.",
    },
    "attention": {
        "type": "integer",
        "minimum": 1,
        "default": 64,
        "description": "Hidden size of the attention over frames.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.3,
        "description": "Dropout rate of the pooled features.",
    },
}


class AttentivePooling(nn.Module):
    """A projection of every frame, attentive pooling over the frames, and a dense layer.

    The frames are pooled to their mean and standard deviation, weighted by an attention that the
    network learns (Okabe et al. 2018). With the default settings, 768 channels and 8 classes it has
    108,809 parameters: 98,432 in the projection, 8,256 + 65 in the attention, 2,056 in the last
    layer.
    """

    def __init__(
        self, channels: int, classes: int, *, projected: int, attention: int, dropout: float
    ) -> None:
        super().__init__()
        self.project = nn.Sequential(nn.Linear(channels, projected), nn.ReLU())
        self.weigh = nn.Sequential(
            nn.Linear(projected, attention), nn.Tanh(), nn.Linear(attention, 1)
        )
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * projected, classes))

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the pooled features, shape (batch, 2 × projected)."""
        frames = self.project(to_length(values, int(lengths.max())))
        return attentive_statistics(frames, self.weigh(frames).squeeze(2), lengths)

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for values of shape (batch, frames, channels)."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> AttentivePooling:
    """Return the network for frames of `inputs` = [frames, channels]; clips may have any length."""
    return AttentivePooling(inputs[1], classes, **settings)
