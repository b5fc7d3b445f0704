"""A small convolutional network, recurrent if asked for, with attentive pooling over time."""

import torch
from torch import nn

from serfusion.errors import Refusal
from serfusion.layers.masks import masked, to_length
from serfusion.layers.pooling import attentive_statistics
from serfusion.layers.recurrent import recurrent_states
from serfusion.layers.spec_augment import spec_augment

KIND = "network"
INPUT = "frames"
EXTRACTOR = True

SETTINGS = {
    "channels": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 1,
        "default": [16, 32, 64, 128],
        "description": "Channels of the convolutional blocks, each pooled to half the size.",
    },
    "recurrent": {
        "type": "integer",
        "minimum": 0,
        "default": 0,
        "description": "Units, each way, of a gated recurrent layer before the pooling; 0: none.",
    },
    "attention": {
        "type": "integer",
        "minimum": 1,
        "default": 64,
        "description": "Size of the layer that weighs the frames.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.3,
        "description": "Share of the pooled features dropped.",
    },
    "masks": {
        "type": "integer",
        "minimum": 0,
        "default": 2,
        "description": "In training, how many stretches of time and of frequency are masked.",
    },
    "mask_bands": {
        "type": "integer",
        "minimum": 0,
        "default": 10,
        "description": "The most bands that one mask covers.",
    },
    "mask_frames": {
        "type": "integer",
        "minimum": 0,
        "default": 20,
        "description": "The most frames that one mask covers.",
    },
}


class CRNNAttention(nn.Module):
    """Convolutional blocks, perhaps a recurrent layer, attentive pooling, and a dense layer.

    In training, stretches of the spectrogram are masked (Park et al. 2019, "SpecAugment"). A block
    is a 3 × 3 convolution, max-pooling by two, batch normalisation and ReLU; in this order the
    costly half works on a quarter of the values. What lies beyond a clip's own frames is zero
    before each, and an odd last frame is left out, so that a clip's answer depends on nothing else;
    only in training are a batch's moments those of its padding too. Frames are pooled to their mean
    and standard deviation by weights that the network gives them (Okabe et al. 2018).
    """

    def __init__(
        self,
        bands: int,
        classes: int,
        *,
        channels: list[int],
        recurrent: int,
        attention: int,
        dropout: float,
        masks: int,
        mask_bands: int,
        mask_frames: int,
    ) -> None:
        super().__init__()
        self.masks = {"masks": masks, "bands": mask_bands, "frames": mask_frames}
        blocks, before = [], 1
        for after in channels:
            blocks.append(
                nn.Sequential(
                    nn.Conv2d(before, after, 3, padding=1, bias=False),
                    nn.MaxPool2d(2),
                    nn.BatchNorm2d(after),
                    nn.ReLU(),
                )
            )
            before, bands = after, bands // 2
        self.blocks = nn.ModuleList(blocks).to(memory_format=torch.channels_last)
        size = before * bands
        self.recurrent = (
            nn.GRU(size, recurrent, batch_first=True, bidirectional=True) if recurrent else None
        )
        size = 2 * recurrent or size
        self.weigh = nn.Sequential(nn.Linear(size, attention), nn.Tanh(), nn.Linear(attention, 1))
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * size, classes))

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the pooled features of values of shape (batch, frames, bands)."""
        lengths = lengths.clamp(min=2 ** len(self.blocks))
        values = to_length(values, int(lengths.max()))
        if self.training:
            values = spec_augment(values, lengths, **self.masks)
        images = values.unsqueeze(1)
        for block in self.blocks:
            lengths = lengths // 2
            images = masked(block(images), lengths, dim=2)
        frames = images.permute(0, 2, 1, 3).flatten(2)
        if self.recurrent is not None:
            frames = recurrent_states(self.recurrent, frames, lengths)
        return attentive_statistics(frames, self.weigh(frames).squeeze(2), lengths)

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (batch, classes) for values of shape (batch, frames, bands)."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> CRNNAttention:
    """Return the network for frames of `inputs[1]` bands and `classes` emotions.

    Raises
    ------
    Refusal
        If there are too few bands to be halved by every block.
    """
    blocks = len(settings["channels"])
    if inputs[1] < 2**blocks:
        raise Refusal(
            f"crnn_attention halves its bands with every block: with {blocks} of them it takes "
            f"{2**blocks} bands or more, and its features have {inputs[1]}."
        )
    return CRNNAttention(inputs[1], classes, **settings)
