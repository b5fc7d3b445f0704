"""The upper layers of a pretrained speech encoder, trained further, with attentive pooling.

It reads the frames of one layer of an encoder, and trains the layers above: that layer, those
below and the convolutions are frozen, and so need to be computed once only.
"""

from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import batch_norm

from serfusion.layers.encoder_blocks import UpperBlocks
from serfusion.layers.masks import to_length
from serfusion.layers.pooling import attentive_statistics

KIND = "network"
INPUT = "frames"
EXTRACTOR = True
STANDARDISED = False
FINE_TUNED = True

SETTINGS = {
    "last_layer": {
        "type": ["integer", "null"],
        "minimum": 1,
        "default": None,
        "description": (
            "The highest layer of the encoder that is used, numbered as `layers` of a feature set; "
            "null for its last."
        ),
    },
    "encoder_rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 0.1,
        "description": (
            "Learning rate of the highest layer, as a share of `learning_rate`, which is that of "
            "the pooling and the dense layer."
        ),
    },
    "layer_decay": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 0.8,
        "description": "Learning rate of every other layer, as a share of that of the next higher.",
    },
    "gradient_checkpointing": {
        "type": "boolean",
        "default": False,
        "description": (
            "Whether the layers are computed again in the backward pass instead of kept: less "
            "memory, more time."
        ),
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


class RowNorm(nn.BatchNorm1d):
    """Batch normalisation of vectors; a batch of one row is normalised by the running moments."""

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return normalised rows, of the same shape (batch, n)."""
        if len(rows) > 1:
            return super().forward(rows)
        return batch_norm(rows, self.running_mean, self.running_var, eps=self.eps)


class FineTunedEncoder(nn.Module):
    """Blocks of an encoder, attentive pooling of their output, and a dense layer.

    The frames are pooled to their mean and standard deviation, weighted by an attention that the
    network learns (Okabe et al. 2018), and begins with equal weights. Channels of an encoder
    differ a hundredfold in size: the attention gets frames after layer normalisation, and the
    dense layer gets pooled features after batch normalisation without weights.

    The layers have the dropout that the encoder was trained with, and no layer is skipped.
    """

    def __init__(
        self,
        classes: int,
        *,
        encoder: dict,
        layer: int,
        last_layer: int | None,
        encoder_rate: float,
        layer_decay: float,
        gradient_checkpointing: bool,
        attention: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.encoder = UpperBlocks(
            encoder, below=layer, last=last_layer, recompute=gradient_checkpointing
        )
        self.encoder_rate, self.layer_decay = encoder_rate, layer_decay
        width = self.encoder.width
        self.weigh = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, attention), nn.Tanh(), nn.Linear(attention, 1)
        )
        nn.init.zeros_(self.weigh[-1].weight)
        self.normalise = RowNorm(2 * width, affine=False)
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * width, classes))

    def start_from(self, folder: Path) -> None:
        """Take the weights of a pretrained encoder; see `UpperBlocks.load`."""
        self.encoder.load(folder)

    def learning_rates(self) -> list[tuple[list[nn.Parameter], float]]:
        """Return all parameters, each with its share of the learning rate; the head first."""
        head = [*self.weigh.parameters(), *self.classifier.parameters()]
        groups = [(head, 1.0)]
        for depth, block in enumerate(reversed(self.encoder.blocks)):
            groups.append((list(block.parameters()), self.encoder_rate * self.layer_decay**depth))
        return groups

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the pooled features, shape (batch, 2 × width), of about unit deviation."""
        states = self.encoder(to_length(values, int(lengths.max())), lengths)
        pooled = attentive_statistics(states, self.weigh(states).squeeze(2), lengths)
        return self.normalise(pooled)

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for states of shape (batch, frames, width)."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> FineTunedEncoder:
    """Return the network for frames of `inputs` = [frames, width]; clips may have any length."""
    return FineTunedEncoder(classes, **settings)
